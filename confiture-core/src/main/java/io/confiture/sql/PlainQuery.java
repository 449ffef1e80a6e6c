package io.confiture.sql;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a statement does nothing but ask: {@code SELECT}, {@code WITH}, {@code VALUES} or {@code TABLE} that neither
 * writes nor locks rows, told by its tokens. What a called function does is not seen; a read-only transaction refuses
 * that.
 *
 * @since 0.1.0
 */
public final class PlainQuery {
    private static final Set<String> QUERIES = Set.of("select", "with", "values", "table");

    /**
     * Why a statement is no plain query.
     *
     * @param problem what is wrong, as part of a sentence
     * @param at where in the script
     */
    public record Objection(String problem, SourcePosition at) {}

    private final SqlStatement statement;
    private final StatementTokens tokens;

    private PlainQuery(SqlStatement statement) {
        this.statement = statement;
        this.tokens = StatementTokens.of(statement);
    }

    /** The first thing that a plain query must not hold; empty if the statement is one. */
    public static Optional<Objection> objection(SqlStatement statement) {
        return new PlainQuery(statement).objection();
    }

    private Optional<Objection> objection() {
        int first = 0;
        while (word(first).equals("(")) {
            first++;
        }
        if (!QUERIES.contains(word(first))) {
            return objection(first, "only SELECT, WITH, VALUES and TABLE are allowed" + asWritten(first));
        }
        for (int i = first + 1; i < tokens.count(); i++) {
            if (isInto(i)) {
                return objection(i, "SELECT … INTO creates a table");
            }
            if (writes(i)) {
                return objection(i, "WITH must not hold " + word(i).toUpperCase(Locale.ROOT));
            }
            if (locksRows(i)) {
                return objection(i, "FOR " + word(i + 1).toUpperCase(Locale.ROOT) + " locks rows");
            }
        }
        return Optional.empty();
    }

    /** Names the word, unless it is the value of a placeholder. */
    private String asWritten(int i) {
        String written = tokens.raw(i);
        return statement.source().contains(written) ? ", and this is " + written.toUpperCase(Locale.ROOT) : "";
    }

    /** The word is reserved: it can be a name only behind AS or a dot. */
    private boolean isInto(int i) {
        return word(i).equals("into")
                && !word(i - 1).equals("as")
                && !word(i - 1).equals(".");
    }

    /** A writing statement begins a parenthesis of WITH or follows the last of them; elsewhere its word is a name. */
    private boolean writes(int i) {
        if (!word(i - 1).equals("(") && !word(i - 1).equals(")")) {
            return false;
        }
        return switch (word(i)) {
            case "insert", "merge" -> word(i + 1).equals("into");
            case "delete" -> word(i + 1).equals("from");
            case "update" -> sets(i + 1);
            default -> false;
        };
    }

    /** As UPDATE has to behind its table; the word alone may be the name of a column. */
    private boolean sets(int from) {
        boolean only = word(from).equals("only");
        boolean parenthesis = only && word(from + 1).equals("(");
        int i = behindName(from + (only ? 1 : 0) + (parenthesis ? 1 : 0));
        i += parenthesis && word(i).equals(")") ? 1 : 0;
        i += word(i).equals("*") ? 1 : 0;
        if (word(i).equals("as")) {
            i = behindName(i + 1);
        } else if (!word(i).equals("set")) {
            i = behindName(i);
        }
        return i > from && word(i).equals("set");
    }

    private int behindName(int from) {
        int i = from;
        while (tokens.isName(i)) {
            i += word(i + 1).equals("uescape") ? 3 : 1;
            if (!word(i).equals(".")) {
                break;
            }
            i++;
        }
        return i;
    }

    private boolean locksRows(int i) {
        if (!word(i).equals("for")) {
            return false;
        }
        return switch (word(i + 1)) {
            case "update", "share" -> true;
            case "no", "key" -> word(i + 2).equals("key") || word(i + 2).equals("share");
            default -> false;
        };
    }

    private String word(int index) {
        return tokens.word(index);
    }

    private Optional<Objection> objection(int token, String problem) {
        return Optional.of(new Objection(problem, tokens.position(token)));
    }
}
