package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.postgres.Secrets;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.StatementCall;
import io.confiture.sql.Placeholders;
import io.confiture.sql.SourcePosition;
import io.confiture.sql.SqlStatement;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Turns what the server said of a statement into an error that a person can act on. */
final class Failures {
    private static final String LOCKED =
            "Another session holds a lock on the object: find it in pg_locks, end it or wait, or ";
    private static final String CANCELLED =
            "It was cancelled or met statement_timeout: start again, with more time if that was it, by ";

    private Failures() {}

    /**
     * @param statement what failed; null for a statement of our own
     * @param placeholders of the script; what the server says is told without their values
     * @param copyDataLine the file's line of the first row when the statement is a COPY with data, else 0
     * @param state the state in which the database is now, as a sentence
     */
    static MigrationException of(
            Migration migration,
            String verb,
            @Nullable SqlStatement statement,
            Placeholders placeholders,
            long copyDataLine,
            SQLException failure,
            String state) {
        if (failure instanceof JavaFailure java) {
            return ofJava(migration, verb, java, state);
        }
        ServerError error = ServerError.of(failure);
        UnaryOperator<String> readable = text -> Secrets.mask(placeholders.withoutValues(text));
        Place place = place(migration, statement, copyDataLine, error);
        String where = place.file() == null ? "" : " at " + place.file() + ":" + place.line() + ":" + place.column();
        StringBuilder message = new StringBuilder("Migration ")
                .append(migration.id())
                .append(" could not be ")
                .append(verb)
                .append(where)
                .append(": ")
                .append(readable.apply(error.message()));
        if (error.sqlState() != null) {
            message.append(" [").append(error.sqlState()).append(']');
        }
        if (error.detail() != null && copyDataLine == 0) {
            message.append(System.lineSeparator()).append("  Detail: ").append(readable.apply(error.detail()));
        }
        if (place.sql() != null) {
            message.append(System.lineSeparator()).append("  Statement: ").append(place.sql());
        }
        message.append(System.lineSeparator()).append("  State: ").append(state);
        String hint = hint(error, statement, readable);
        SQLException cause = Secrets.mask(failure, readable);
        if (error.is("55P03")) {
            return new LockTimeoutException(ErrorCode.STATEMENT_LOCK_TIMEOUT, message.toString(), hint, place, cause);
        }
        return new MigrationException(code(error), message.toString(), hint, place, cause);
    }

    private static MigrationException ofJava(Migration migration, String verb, JavaFailure failure, String state) {
        ServerError error = ServerError.of(failure);
        String message = "Migration " + migration.id() + " could not be " + verb + " by " + failure.where() + ": "
                + Secrets.mask(error.fromServer() ? error.message() : String.valueOf(failure.getMessage()))
                + (error.sqlState() == null ? "" : " [" + error.sqlState() + "]") + System.lineSeparator()
                + "  State: " + state;
        Place place = new Place(migration.id(), null, null, failure.where(), null, null, error.sqlState());
        Throwable cause = Secrets.mask(failure.getCause() == null ? failure : failure.getCause());
        String hint = javaHint(error);
        return error.is("55P03")
                ? new LockTimeoutException(ErrorCode.STATEMENT_LOCK_TIMEOUT, message, hint, place, cause)
                : new MigrationException(code(error), message, hint, place, cause);
    }

    private static Place place(
            Migration migration, @Nullable SqlStatement statement, long copyDataLine, ServerError error) {
        if (statement == null) {
            return new Place(migration.id(), null, null, null, null, null, error.sqlState());
        }
        Integer position = error.position();
        SourcePosition at = StatementCall.place(statement, copyDataLine, error);
        return new Place(
                migration.id(),
                Excerpt.of(statement),
                position == null ? null : statement.sourcePosition(position),
                statement.file(),
                at.line(),
                at.column(),
                error.sqlState());
    }

    private static ErrorCode code(ServerError error) {
        String state = error.sqlState() == null ? "" : error.sqlState();
        return switch (state) {
            case "42501" -> ErrorCode.INSUFFICIENT_PRIVILEGE;
            case "25006" -> ErrorCode.READ_ONLY_SERVER;
            case "57014" -> ErrorCode.CANCELLED;
            default -> error.connectionLost() ? ErrorCode.CONNECTION_FAILED : ErrorCode.STATEMENT_FAILED;
        };
    }

    private static String hint(ServerError error, @Nullable SqlStatement statement, UnaryOperator<String> readable) {
        String state = error.sqlState() == null ? "" : error.sqlState();
        return switch (state) {
            case "2D000" ->
                "The statement ends transactions itself: say \"-- confiture: transactional=false\" in the first"
                        + " lines of the script, so that each statement is committed by itself.";
            case "25001" ->
                "The statement cannot run in a transaction: say \"-- confiture: transactional=false\" in the"
                        + " first lines of the script.";
            case "55P03" -> LOCKED + "give this migration more time with \"-- confiture: lock-timeout=30s\".";
            case "57014" -> CANCELLED + "\"-- confiture: statement-timeout=10min\".";
            default -> {
                if (statement != null && error.is("42601") && standsAtPlaceholder(statement, error)) {
                    yield "No such placeholder has a value: set it with placeholders(…) of the builder"
                            + " (confiture.migrate.placeholders.* in a Spring Boot application).";
                }
                yield hint(error, readable, "Correct the script and start again.");
            }
        };
    }

    private static String javaHint(ServerError error) {
        String state = error.sqlState() == null ? "" : error.sqlState();
        return switch (state) {
            case "2D000", "25001" ->
                "A migration in Java is one transaction: move the statement to a script of its own.";
            case "55P03" -> LOCKED + "give this migration more time with SET LOCAL lock_timeout.";
            case "57014" -> CANCELLED + "SET LOCAL statement_timeout.";
            default -> hint(error, Secrets::mask, "Correct the migration and start again.");
        };
    }

    private static String hint(ServerError error, UnaryOperator<String> readable, String otherwise) {
        if (error.connectionLost()) {
            return "Start again: it goes on from what is committed.";
        }
        return switch (error.sqlState() == null ? "" : error.sqlState()) {
            case "55P04" ->
                "A new enum value can be used once the transaction that adds it is committed: move its use to"
                        + " the next migration.";
            case "42501" ->
                "Grant the missing privilege, or migrate as the role that owns the object (confiture.username).";
            case "25006" -> "Connect to the primary: a standby or a read-only database cannot be migrated.";
            default -> error.hint() != null ? readable.apply(error.hint()) : otherwise;
        };
    }

    /** Whether the error is that of a <code>${name}</code> which stayed as it is. */
    private static boolean standsAtPlaceholder(SqlStatement statement, ServerError error) {
        Integer position = error.position();
        if (position == null) {
            return false;
        }
        int at = statement.text().offsetByCodePoints(0, position - 1);
        return statement.text().startsWith("${", at);
    }
}
