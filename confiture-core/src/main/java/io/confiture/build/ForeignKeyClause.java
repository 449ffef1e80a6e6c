package io.confiture.build;

import io.confiture.sql.ObjectName;
import io.confiture.sql.StatementTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A foreign key as its tokens show it; indexes are those of the tokens.
 *
 * @param name the name it is given; null if the server names it
 * @param columns the referencing columns
 * @param from the first token, {@code CONSTRAINT} if it has a name
 * @param body where {@code FOREIGN KEY} or, at a column, {@code REFERENCES} stands
 * @param to behind its last token
 * @param notValid where {@code NOT VALID} stands among its last tokens, or {@code to}
 * @param references the referenced table
 */
record ForeignKeyClause(
        @Nullable String name, List<String> columns, int from, int body, int to, int notValid, ObjectName references) {

    /** What may begin the next constraint of a column. */
    private static final Set<String> COLUMN_CONSTRAINTS = Set.of(
            "constraint", "not", "null", "default", "check", "unique", "primary", "generated", "references", "collate");

    /** Whether it is written behind the type of its column. */
    boolean ofColumn(StatementTokens tokens) {
        return tokens.word(body).equals("references");
    }

    /** Whether tokens hold a foreign key, recognised or not. */
    static boolean isWithin(StatementTokens tokens, int from, int to) {
        for (int i = from; i < to; i++) {
            if (isReferences(tokens, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isReferences(StatementTokens tokens, int i) {
        return tokens.word(i).equals("references") && !tokens.word(i - 1).equals(".");
    }

    /**
     * The foreign keys of a column or table constraint; null if there is one that is not known in all its parts.
     *
     * @param from the element's first token
     * @param to behind its last
     */
    static @Nullable List<ForeignKeyClause> ofElement(StatementTokens tokens, int from, int to) {
        List<ForeignKeyClause> found = new ArrayList<>();
        tokens.moveTo(from);
        if (tokens.isNext("foreign") || tokens.isNext("constraint")) {
            ForeignKeyClause clause = tableConstraint(tokens);
            if (clause != null && clause.to() == to) {
                found.add(clause);
            }
            return clause != null && clause.to() == to || !isWithin(tokens, from, to) ? found : null;
        }
        String column = tokens.identifier();
        int depth = 0;
        for (int i = tokens.at(); i < to; i++) {
            switch (tokens.word(i)) {
                case "(", "[" -> depth++;
                case ")", "]" -> depth--;
                default -> {
                    if (isReferences(tokens, i)) {
                        ForeignKeyClause clause =
                                column == null || depth > 0 ? null : columnConstraint(tokens, column, i, from + 1, to);
                        if (clause == null) {
                            return null;
                        }
                        found.add(clause);
                        i = clause.to() - 1;
                    }
                }
            }
        }
        return found;
    }

    /** A table constraint at the cursor, which is moved behind it; null if it is no foreign key known in all its parts. */
    static @Nullable ForeignKeyClause tableConstraint(StatementTokens tokens) {
        int from = tokens.at();
        String name = null;
        if (tokens.accept("constraint")) {
            name = tokens.identifier();
            if (name == null) {
                return null;
            }
        }
        int body = tokens.at();
        List<String> columns = tokens.accept("foreign", "key") ? columns(tokens) : null;
        if (columns == null) {
            return null;
        }
        return references(tokens, name, columns, from, body, true);
    }

    private static @Nullable ForeignKeyClause columnConstraint(
            StatementTokens tokens, String column, int references, int behindColumn, int to) {
        int from = references;
        String name = null;
        for (int i = references - 2; i >= behindColumn && i >= references - 4 && name == null; i--) {
            tokens.moveTo(i);
            if (tokens.accept("constraint")) {
                String named = tokens.identifier();
                if (named != null && tokens.at() == references) {
                    name = named;
                    from = i;
                }
            }
        }
        tokens.moveTo(references);
        ForeignKeyClause clause = references(tokens, name, List.of(column), from, references, false);
        boolean ends = clause != null
                && (clause.to() == to || clause.to() < to && COLUMN_CONSTRAINTS.contains(tokens.word(clause.to())));
        return ends ? clause : null;
    }

    /** From {@code REFERENCES} on. */
    private static @Nullable ForeignKeyClause references(
            StatementTokens tokens, @Nullable String name, List<String> columns, int from, int body, boolean ofTable) {
        if (!tokens.accept("references")) {
            return null;
        }
        ObjectName table = tokens.name();
        if (table == null || tokens.isNext("(") && columns(tokens) == null) {
            return null;
        }
        while (option(tokens)) {
            // Options come in this order: MATCH and ON …, then what may be said of any constraint.
        }
        int notValid = -1;
        while (true) {
            int at = tokens.at();
            if (ofTable && tokens.accept("not", "valid")) {
                notValid = at;
            } else if (!attribute(tokens)) {
                break;
            }
        }
        return new ForeignKeyClause(
                name, columns, from, body, tokens.at(), notValid < 0 ? tokens.at() : notValid, table);
    }

    private static boolean option(StatementTokens tokens) {
        if (tokens.accept("match")) {
            return tokens.accept("full") || tokens.accept("partial") || tokens.accept("simple");
        }
        if (!tokens.accept("on", "delete") && !tokens.accept("on", "update")) {
            return false;
        }
        if (tokens.accept("no", "action") || tokens.accept("restrict") || tokens.accept("cascade")) {
            return true;
        }
        if (!tokens.accept("set", "null") && !tokens.accept("set", "default")) {
            return false;
        }
        return !tokens.isNext("(") || columns(tokens) != null;
    }

    private static boolean attribute(StatementTokens tokens) {
        return tokens.accept("deferrable")
                || tokens.accept("not", "deferrable")
                || tokens.accept("initially", "deferred")
                || tokens.accept("initially", "immediate")
                || tokens.accept("enforced")
                || tokens.accept("not", "enforced");
    }

    /** Names in parentheses, a temporal one behind {@code PERIOD}; null if there is anything else. */
    private static @Nullable List<String> columns(StatementTokens tokens) {
        if (!tokens.accept("(")) {
            return null;
        }
        List<String> columns = new ArrayList<>();
        do {
            int at = tokens.at();
            boolean period = tokens.accept("period");
            if (period && (tokens.isNext(",") || tokens.isNext(")"))) {
                tokens.moveTo(at);
            }
            String column = tokens.identifier();
            if (column == null) {
                return null;
            }
            columns.add(column);
        } while (tokens.accept(","));
        return tokens.accept(")") ? List.copyOf(columns) : null;
    }
}
