package io.confiture.sql;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * That a statement reaches beyond the database it runs in: to what the databases of a server share, to other databases, or
 * to the machine of the server. Told by its tokens, so that it is not seen of what runs within {@code DO}, {@code CALL} and
 * functions, through extensions such as {@code dblink}, or by writing to the system's catalogs.
 *
 * @param statement how it begins, without literals, which may be passwords
 * @param reaches what it reaches, as words that follow "reaches"
 * @param undone whether a rollback of its transaction undoes it
 * @since 0.1.0
 */
public record BeyondDatabase(String statement, String reaches, boolean undone) {
    private static final int SHOWN = 5;

    private static final String ROLES = "roles, which all databases of the server share";
    private static final String TABLESPACES = "tablespaces, which all databases of the server share";
    private static final String BY_NAME = "a database by its name, wherever the statement runs";
    private static final String SUBSCRIPTIONS = "subscriptions, which work with another server";
    private static final String SETTINGS = "the settings of the whole server";

    private static final Set<String> VERBS =
            Set.of("create", "alter", "drop", "comment", "security", "grant", "revoke", "reassign", "copy");

    /** What the statement reaches; empty if it stays within its database, as far as its text tells. */
    public static Optional<BeyondDatabase> of(SqlStatement statement) {
        if (!VERBS.contains(firstWord(statement.text()))) {
            return Optional.empty();
        }
        StatementTokens tokens = StatementTokens.of(statement);
        String reaches = reaches(statement, tokens);
        if (reaches == null) {
            return Optional.empty();
        }
        boolean undone = statement.effect().transactional() && !tokens.word(0).equals("copy");
        return Optional.of(new BeyondDatabase(begin(statement, tokens), reaches, undone));
    }

    private static String firstWord(String text) {
        int end = 0;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return new Token(text.substring(0, end)).word();
    }

    private static @Nullable String reaches(SqlStatement statement, StatementTokens tokens) {
        return switch (tokens.word(0)) {
            case "create", "alter", "drop" -> defined(tokens);
            case "comment" -> shared(tokens, 2);
            case "security" -> shared(tokens, on(tokens) + 1);
            case "grant", "revoke" -> granted(tokens);
            case "reassign" -> owned();
            default -> copied(statement);
        };
    }

    private static @Nullable String defined(StatementTokens tokens) {
        return switch (tokens.word(1)) {
            case "system" -> SETTINGS;
            case "owned" -> owned();
            default -> shared(tokens, 1);
        };
    }

    private static String owned() {
        return "what a role owns or may use anywhere on the server";
    }

    private static @Nullable String shared(StatementTokens tokens, int kind) {
        return switch (tokens.word(kind)) {
            case "role", "group" -> ROLES;
            case "user" -> tokens.word(kind + 1).equals("mapping") ? null : ROLES;
            case "database" -> BY_NAME;
            case "tablespace" -> TABLESPACES;
            case "subscription" -> SUBSCRIPTIONS;
            default -> null;
        };
    }

    /** Without ON it is the membership of a role. */
    private static @Nullable String granted(StatementTokens tokens) {
        int on = on(tokens);
        if (on < 0) {
            return ROLES;
        }
        // Of other kinds nobody is granted anything: it is a table of that name.
        return switch (tokens.word(on + 1)) {
            case "parameter" -> SETTINGS;
            case "database", "tablespace" -> shared(tokens, on + 1);
            default -> null;
        };
    }

    private static int on(StatementTokens tokens) {
        for (int i = 0; i < tokens.count(); i++) {
            if (tokens.word(i).equals("on")) {
                return i;
            }
        }
        return -1;
    }

    /** What is neither from nor to the client. */
    private static @Nullable String copied(SqlStatement statement) {
        return statement.copiesIn() || statement.copiesOut() ? null : "a file or program on the server's machine";
    }

    private static String begin(SqlStatement statement, StatementTokens tokens) {
        StringBuilder begin = new StringBuilder(tokens.raw(0));
        for (int i = 1; i < SHOWN && tokens.isName(i); i++) {
            // The value of a placeholder may be a secret.
            if (!statement.source().contains(tokens.raw(i))) {
                break;
            }
            begin.append(' ').append(tokens.raw(i));
        }
        return begin.toString();
    }

    @Override
    public String toString() {
        return statement + " reaches " + reaches;
    }
}
