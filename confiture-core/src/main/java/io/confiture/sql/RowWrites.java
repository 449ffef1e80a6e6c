package io.confiture.sql;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what one statement does to rows. What it does not recognise is unknown. */
final class RowWrites {
    private static final Set<String> WITHOUT_ROWS = Set.of(
            "abort",
            "alter",
            "analyze",
            "begin",
            "checkpoint",
            "cluster",
            "comment",
            "commit",
            "deallocate",
            "discard",
            "drop",
            "end",
            "grant",
            "import",
            "listen",
            "load",
            "lock",
            "notify",
            "reassign",
            "refresh",
            "reindex",
            "release",
            "reset",
            "revoke",
            "rollback",
            "savepoint",
            "security",
            "set",
            "start",
            "unlisten",
            "vacuum");

    private final LeadingTokens tokens;
    private int at;

    RowWrites(SqlStatement statement) {
        byte[] text = statement.text().getBytes(StandardCharsets.UTF_8);
        StatementScanner scanner = new StatementScanner(
                new ScriptInput(statement.file(), new ByteArrayInputStream(text)), false, false, true);
        scanner.keepAllTokens();
        scanner.next();
        scanner.statement();
        this.tokens = scanner.structure().tokens();
    }

    List<DataChange> changes() {
        String verb = word(0);
        at = 1;
        return switch (verb) {
            case "insert", "merge", "delete", "update", "truncate", "copy" -> List.of(write(verb));
            case "create" -> createsTableAs();
            case "with" -> withWrites();
            case "select" -> setsConfig() ? List.of() : List.of(new DataChange.Unknown("SELECT"));
            default -> WITHOUT_ROWS.contains(verb) ? List.of() : List.of(new DataChange.Unknown(upper(verb)));
        };
    }

    /** The writing statement whose table comes next. */
    private DataChange write(String verb) {
        if (verb.equals("insert") || verb.equals("merge")) {
            accept("into");
        } else if (verb.equals("delete")) {
            accept("from");
        } else if (verb.equals("truncate")) {
            accept("table");
        }
        boolean only = accept("only");
        if (only) {
            accept("(");
        }
        ObjectName table = name();
        boolean several = verb.equals("truncate") && contains(",");
        if (table == null || several) {
            return new DataChange.Unknown(upper(verb));
        }
        return switch (verb) {
            case "insert", "merge" -> new DataChange.AddsRows(upper(verb), table);
            case "copy" -> copiesIn() ? new DataChange.AddsRows("COPY", table) : new DataChange.Unknown("COPY");
            default -> new DataChange.ChangesRows(upper(verb), table);
        };
    }

    private boolean copiesIn() {
        if (accept("(")) {
            while (at < tokens.count() && !accept(")")) {
                at++;
            }
        }
        return accept("from");
    }

    /** {@code AS} stands outside of parentheses only before a query. A temporary table does not stay. */
    private List<DataChange> createsTableAs() {
        accept("unlogged");
        if (!accept("table")) {
            return List.of();
        }
        if (accept("if")) {
            at += 2;
        }
        ObjectName table = name();
        int depth = 0;
        for (; at < tokens.count(); at++) {
            depth += word(at).equals("(") ? 1 : word(at).equals(")") ? -1 : 0;
            if (depth == 0 && word(at).equals("as")) {
                String verb = "CREATE TABLE AS";
                return List.of(table == null ? new DataChange.Unknown(verb) : new DataChange.AddsRows(verb, table));
            }
        }
        return List.of();
    }

    /** What is found behind a parenthesis; a query otherwise. */
    private List<DataChange> withWrites() {
        List<DataChange> found = new ArrayList<>();
        for (int i = 1; i < tokens.count(); i++) {
            boolean begins = word(i - 1).equals("(") || word(i - 1).equals(")");
            if (begins && Set.of("insert", "merge", "delete", "update").contains(word(i))) {
                at = i + 1;
                found.add(write(word(i)));
            }
        }
        return found.isEmpty() ? List.of(new DataChange.Unknown("WITH")) : found;
    }

    /** {@code SELECT pg_catalog.set_config('search_path', '', false)}, as pg_dump writes it, and nothing else. */
    private boolean setsConfig() {
        if (accept("pg_catalog")) {
            accept(".");
        }
        return accept("set_config")
                && accept("(")
                && tokens.count() == at + 6
                && word(tokens.count() - 1).equals(")");
    }

    private boolean contains(String word) {
        for (int i = at; i < tokens.count(); i++) {
            if (word(i).equals(word)) {
                return true;
            }
        }
        return false;
    }

    private boolean accept(String word) {
        if (!word(at).equals(word)) {
            return false;
        }
        at++;
        return true;
    }

    /** Moves behind a name, of which the last two parts count; null if none is next. */
    private @Nullable ObjectName name() {
        String schema = null;
        String name = identifier();
        while (name != null && accept(".")) {
            schema = name;
            name = identifier();
        }
        return name == null ? null : new ObjectName(schema, name);
    }

    private @Nullable String identifier() {
        Token token = tokens.get(at);
        if (!token.isName()) {
            return null;
        }
        at++;
        String escape = "\\";
        if (token.isUnicodeName() && accept("uescape")) {
            escape = tokens.get(at).value();
            at++;
        }
        return token.name(escape);
    }

    private String word(int index) {
        return tokens.get(index).word();
    }

    private static String upper(String word) {
        return word.toUpperCase(Locale.ROOT);
    }
}
