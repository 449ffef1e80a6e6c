package io.confiture.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Reads scripts given as text. */
final class Scripts {
    static final String FILE = "script.sql";

    private Scripts() {}

    static ScriptReader open(String script, ScriptSection section) {
        return open(script.getBytes(UTF_8), section);
    }

    static ScriptReader open(byte[] script, ScriptSection section) {
        return ScriptReader.open(FILE, new ByteArrayInputStream(script), section);
    }

    static List<SqlStatement> statements(String script) {
        return statements(script.getBytes(UTF_8), ScriptSection.WHOLE);
    }

    static List<SqlStatement> statements(String script, ScriptSection section) {
        return statements(script.getBytes(UTF_8), section);
    }

    static List<SqlStatement> statements(byte[] script, ScriptSection section) {
        List<SqlStatement> statements = new ArrayList<>();
        try (ScriptReader reader = open(script, section)) {
            for (SqlStatement next = reader.next(); next != null; next = reader.next()) {
                statements.add(next);
            }
        }
        return statements;
    }

    static List<String> texts(String script) {
        return statements(script).stream().map(SqlStatement::text).toList();
    }

    static List<String> texts(String script, ScriptSection section) {
        return statements(script, section).stream().map(SqlStatement::text).toList();
    }

    static SqlStatement one(String script) {
        List<SqlStatement> statements = statements(script);
        if (statements.size() != 1) {
            throw new AssertionError("One statement expected: " + statements);
        }
        return statements.get(0);
    }

    /** The statements' texts, each COPY followed by its rows after an arrow. */
    static List<String> textsAndRows(String script) {
        List<String> all = new ArrayList<>();
        try (ScriptReader reader = open(script, ScriptSection.WHOLE)) {
            for (SqlStatement next = reader.next(); next != null; next = reader.next()) {
                all.add(next.text());
                if (next.copiesIn()) {
                    all.add("> " + new String(reader.copyData().readAllBytes(), UTF_8));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }
}
