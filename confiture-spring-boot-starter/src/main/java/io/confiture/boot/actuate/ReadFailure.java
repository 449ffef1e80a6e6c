package io.confiture.boot.actuate;

import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.MigrationException;
import io.confiture.error.SchemaException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a database could not be read, fit to be shown: without URLs, credentials and SQL.
 *
 * @param error the code of the failure and a sentence
 */
record ReadFailure(DatabaseState state, String error) {
    private static final Logger log = LoggerFactory.getLogger(ReadFailure.class);
    private static final Pattern URL = Pattern.compile("jdbc:\\S+");

    static ReadFailure of(String database, RuntimeException failure) {
        log.warn("Database '{}' cannot be read", database, failure);
        DatabaseState state =
                failure instanceof DatabaseConnectionException ? DatabaseState.UNREACHABLE : DatabaseState.UNREADABLE;
        return new ReadFailure(state, text(failure));
    }

    private static String text(RuntimeException failure) {
        if (!(failure instanceof ConfitureException known)) {
            return "Unexpected " + failure.getClass().getSimpleName() + "; the log of the application has the details";
        }
        // What server and driver say of a connection names hosts and roles.
        if (known instanceof DatabaseConnectionException || quotes(known)) {
            return known.code() + "; the log of the application has the details";
        }
        return withoutUrls(withoutHint(known));
    }

    /** Whether the message quotes a statement, whose literals may be secrets. */
    static boolean quotes(ConfitureException failure) {
        return failure instanceof MigrationException migration && migration.sql() != null
                || failure instanceof SchemaException schema && schema.sql() != null
                || String.valueOf(failure.getMessage()).contains(System.lineSeparator() + "  Statement: ");
    }

    /** The message without the hint that ends it. */
    static String withoutHint(ConfitureException failure) {
        String message = String.valueOf(failure.getMessage());
        int hint = message.indexOf(System.lineSeparator() + "  Hint: ");
        return hint < 0 ? message : message.substring(0, hint);
    }

    static String withoutUrls(String text) {
        return URL.matcher(text).replaceAll("(URL)");
    }
}
