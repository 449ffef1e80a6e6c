package io.confiture.build;

import io.confiture.sql.ObjectName;
import io.confiture.sql.StatementTokens;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code CREATE TABLE} as its tokens show it; indexes are those of the tokens.
 *
 * @param name the table
 * @param nameFrom where its name begins
 * @param nameTo behind its name
 * @param ifNotExists whether {@code IF NOT EXISTS} is given
 * @param temporary whether it ends with the session
 * @param partitionOf the table it is a partition of; null for any other table
 * @param inherits the tables that {@code INHERITS} names
 * @param open the parenthesis before the first element; -1 if there are none
 * @param elements columns and table constraints, each from its first token up to the comma or parenthesis behind it
 * @param needsElements whether an empty list of elements is no SQL
 */
record TableDefinition(
        ObjectName name,
        int nameFrom,
        int nameTo,
        boolean ifNotExists,
        boolean temporary,
        @Nullable ObjectName partitionOf,
        List<ObjectName> inherits,
        int open,
        List<Element> elements,
        boolean needsElements) {

    /** Tokens from an index up to another, exclusively. */
    record Element(int from, int to) {

        /** What stands between commas that no parentheses or brackets hold; at least one. */
        static List<Element> between(StatementTokens tokens, int begin, int end) {
            List<Element> found = new ArrayList<>();
            int depth = 0;
            int from = begin;
            for (int i = from; i < end; i++) {
                switch (tokens.word(i)) {
                    case "(", "[" -> depth++;
                    case ")", "]" -> depth--;
                    case "," -> {
                        if (depth == 0) {
                            found.add(new Element(from, i));
                            from = i + 1;
                        }
                    }
                    default -> {}
                }
            }
            found.add(new Element(from, end));
            return List.copyOf(found);
        }
    }

    /** Null if the statement creates no table, or not in a way that is known here. The cursor may stand anywhere. */
    static @Nullable TableDefinition read(StatementTokens tokens) {
        tokens.moveTo(0);
        if (!tokens.accept("create")) {
            return null;
        }
        boolean session = tokens.accept("global") || tokens.accept("local");
        boolean temporary = tokens.accept("temp") || tokens.accept("temporary");
        if (session && !temporary) {
            return null;
        }
        if (!temporary) {
            tokens.accept("unlogged");
        }
        if (!tokens.accept("table")) {
            return null;
        }
        boolean ifNotExists = tokens.accept("if", "not", "exists");
        int nameFrom = tokens.at();
        ObjectName name = tokens.name();
        int nameTo = tokens.at();
        if (name == null) {
            return null;
        }
        ObjectName parent = null;
        boolean ofType = false;
        if (tokens.accept("partition", "of")) {
            parent = tokens.name();
            if (parent == null) {
                return null;
            }
        } else if (tokens.accept("of")) {
            ofType = tokens.name() != null;
        }
        int open = tokens.isNext("(") ? tokens.at() : -1;
        int behind = open < 0 ? tokens.at() : tokens.behindParentheses(open);
        return new TableDefinition(
                name,
                nameFrom,
                nameTo,
                ifNotExists,
                temporary,
                parent,
                inherits(tokens, behind),
                open,
                open < 0 ? List.of() : Element.between(tokens, open + 1, behind - 1),
                ofType || parent != null);
    }

    /** The closing parenthesis of the elements. */
    int close() {
        return elements.get(elements.size() - 1).to();
    }

    private static List<ObjectName> inherits(StatementTokens tokens, int from) {
        tokens.moveTo(from);
        List<ObjectName> parents = new ArrayList<>();
        if (tokens.accept("inherits", "(")) {
            ObjectName parent = tokens.name();
            while (parent != null) {
                parents.add(parent);
                parent = tokens.accept(",") ? tokens.name() : null;
            }
        }
        return List.copyOf(parents);
    }
}
