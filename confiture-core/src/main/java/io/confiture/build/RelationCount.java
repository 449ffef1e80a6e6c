package io.confiture.build;

import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementTokens;

/**
 * How many relations a statement creates: each is locked until its transaction ends, a table with its TOAST table, the index
 * of that one, and those of its keys and sequences. As near as text can tell.
 */
final class RelationCount {
    private static final int TABLE_WITH_TOAST = 3;

    private RelationCount() {}

    static int of(SqlStatement statement) {
        String text = statement.text();
        boolean creates = text.regionMatches(true, 0, "create", 0, "create".length());
        boolean alters = text.regionMatches(true, 0, "alter", 0, "alter".length());
        if (!creates && !alters) {
            return 0;
        }
        StatementTokens tokens = StatementTokens.of(statement);
        if (alters) {
            return tokens.word(1).equals("table") ? keys(tokens, 2) : 0;
        }
        for (int i = 1; i < Math.min(tokens.count(), 6); i++) {
            switch (tokens.word(i)) {
                case "table" -> {
                    return TABLE_WITH_TOAST + keys(tokens, i + 1);
                }
                case "index", "sequence" -> {
                    return 1;
                }
                case "view" -> {
                    return tokens.word(i - 1).equals("materialized") ? TABLE_WITH_TOAST : 1;
                }
                case "function", "procedure", "trigger", "rule", "type", "domain", "policy" -> {
                    return 0;
                }
                default -> {}
            }
        }
        return 0;
    }

    private static int keys(StatementTokens tokens, int from) {
        int keys = 0;
        for (int i = from; i < tokens.count(); i++) {
            switch (tokens.word(i)) {
                case "primary",
                        "unique",
                        "exclude",
                        "identity",
                        "serial",
                        "bigserial",
                        "smallserial",
                        "serial2",
                        "serial4",
                        "serial8" -> keys++;
                default -> {}
            }
        }
        return keys;
    }
}
