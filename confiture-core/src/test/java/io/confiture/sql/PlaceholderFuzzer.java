package io.confiture.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.confiture.error.ConfigurationException;
import io.confiture.error.SqlScriptException;
import java.io.ByteArrayInputStream;
import java.util.Map;

/** Gives Jazzer's text as the value of a placeholder, on the first line, and a script that uses it. */
final class PlaceholderFuzzer {
    private PlaceholderFuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, UTF_8);
        int line = text.indexOf('\n');
        if (line < 0) {
            return;
        }
        String value = text.substring(0, line);
        Placeholders placeholders;
        try {
            placeholders = Placeholders.of(Map.of("v", value, "w", "x"));
        } catch (ConfigurationException e) {
            return;
        }
        check(text.substring(line + 1), value, placeholders);
    }

    private static void check(String script, String value, Placeholders placeholders) {
        ByteArrayInputStream in = new ByteArrayInputStream(script.getBytes(UTF_8));
        try (ScriptReader reader = ScriptReader.open("any.sql", in, ScriptSection.WHOLE, placeholders)) {
            for (SqlStatement next = reader.next(); next != null; next = reader.next()) {
                checkPositions(next);
                if (!next.text().equals(next.source()) && !next.copiesIn()) {
                    requireOneStatement(next, value);
                }
                PlainQuery.objection(next);
            }
        } catch (SqlScriptException e) {
            require(e.line() > 0 && e.column() > 0, "an error without a place");
        }
        if (value.length() >= 3 && value.codePoints().allMatch(Character::isLetterOrDigit)) {
            String shown =
                    placeholders.withoutValues("say " + value + " and " + value.toUpperCase(java.util.Locale.ROOT));
            require(!shown.contains(" " + value + " "), "a value that is shown: " + shown);
        }
    }

    private static void checkPositions(SqlStatement statement) {
        int length = statement.source().codePointCount(0, statement.source().length());
        int sent = statement.text().codePointCount(0, statement.text().length());
        int before = 0;
        for (int position = 1; position <= sent; position++) {
            int position2 = statement.sourcePosition(position);
            require(position2 >= before && position2 <= length, "a place outside of the statement");
            before = position2;
        }
    }

    /** Whatever the value, what is sent is the one statement that stands in the script. */
    private static void requireOneStatement(SqlStatement statement, String value) {
        try {
            require(Scripts.texts("\n" + statement.text() + "\n;").size() == 1, "another statement through " + value);
        } catch (SqlScriptException e) {
            throw new AssertionError("Broken through " + value + ": " + statement.text(), e);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
