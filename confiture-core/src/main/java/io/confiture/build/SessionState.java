package io.confiture.build;

import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementTokens;
import org.jspecify.annotations.Nullable;

/**
 * What statements have done to the session so far, as far as it decides which table a name means and whose it is.
 *
 * @param path the statement that has set {@code search_path} last; null if none has
 * @param role the statement that has set the role last; null if none has
 * @param pathKnown false once {@code search_path} was set for a transaction, whose end is not known here
 */
record SessionState(@Nullable String path, @Nullable String role, boolean pathKnown) {

    static final SessionState INITIAL = new SessionState(null, null, true);

    /** The state behind a statement. */
    SessionState after(SqlStatement statement) {
        StatementTokens tokens = StatementTokens.of(statement);
        return switch (tokens.word(0)) {
            case "set" -> afterSet(tokens, statement.text());
            case "reset" -> afterReset(tokens);
            case "select" -> afterSetConfig(tokens, statement.text());
            default -> this;
        };
    }

    private SessionState afterSet(StatementTokens tokens, String text) {
        tokens.moveTo(1);
        boolean local = tokens.accept("local");
        if (!local && tokens.isNext("session") && !tokens.word(2).equals("authorization")) {
            tokens.accept("session");
        }
        if (tokens.isNext("search_path") || tokens.isNext("schema")) {
            return local ? new SessionState(path, role, false) : new SessionState(text, role, true);
        }
        return tokens.isNext("role") || tokens.isNext("session") ? new SessionState(path, text, pathKnown) : this;
    }

    private SessionState afterReset(StatementTokens tokens) {
        return switch (tokens.word(1)) {
            case "all", "search_path" -> new SessionState("RESET search_path", role, true);
            case "role" -> new SessionState(path, "RESET ROLE", pathKnown);
            case "session" -> new SessionState(path, "RESET SESSION AUTHORIZATION", pathKnown);
            default -> this;
        };
    }

    private SessionState afterSetConfig(StatementTokens tokens, String text) {
        for (int i = 1; i < tokens.count(); i++) {
            if (tokens.word(i - 1).equals("(")
                    && tokens.word(i - 2).equals("set_config")
                    && tokens.word(i + 1).equals(",")) {
                boolean session = tokens.word(i + 4).equals("false");
                switch (tokens.value(i)) {
                    case "search_path" -> {
                        return session ? new SessionState(text, role, true) : new SessionState(path, role, false);
                    }
                    case "role", "session_authorization" -> {
                        return new SessionState(path, text, pathKnown);
                    }
                    default -> {}
                }
            }
        }
        return this;
    }
}
