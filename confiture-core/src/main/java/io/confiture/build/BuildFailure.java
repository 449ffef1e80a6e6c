package io.confiture.build;

import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.postgres.Secrets;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.StatementCall;
import io.confiture.sql.SourcePosition;
import io.confiture.sql.SqlStatement;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns what the server said of a build into an error that a person can act on. */
final class BuildFailure {
    private BuildFailure() {}

    /**
     * @param file whose statement failed; null, as the call, if it was one of our own
     * @param state the state in which the database is now, as a sentence without its full stop
     */
    static ConfitureException of(
            @Nullable SchemaFile file, @Nullable StatementCall call, SQLException failure, String state) {
        ServerError error = ServerError.of(failure);
        SchemaException.Place place = place(file, call, error);
        StringBuilder message = new StringBuilder("The schema could not be built");
        if (place.file() != null) {
            message.append(" at ").append(place.file()).append(':').append(place.line());
            message.append(':').append(place.column());
        }
        message.append(": ").append(Secrets.mask(error.message()));
        if (error.sqlState() != null) {
            message.append(" [").append(error.sqlState()).append(']');
        }
        String newLine = System.lineSeparator();
        if (error.detail() != null && (call == null || call.copyDataLine() == 0)) {
            message.append(newLine).append("  Detail: ").append(Secrets.mask(error.detail()));
        }
        if (place.sql() != null) {
            message.append(newLine).append("  Statement: ").append(place.sql());
        }
        message.append(newLine)
                .append("  State: ")
                .append(
                        error.commitUnanswered()
                                ? "The connection broke before the answer to COMMIT came: what it"
                                        + " committed took effect as a whole, or not at all"
                                : state);
        SQLException cause = Secrets.mask(failure);
        if (error.connectionLost()) {
            return new DatabaseConnectionException(
                    ErrorCode.CONNECTION_FAILED, message.toString(), "Look into the database, and start again.", cause);
        }
        return new SchemaException(code(error), message.toString(), hint(error), place, cause);
    }

    /** Of a seed file that was to be loaded by itself, or with others, and not as a part of the schema. */
    static SeedException ofSeeds(String what, SeedScript.Stop stopped, String state, SeedReport report) {
        return new SeedException(
                ErrorCode.SEED_FAILED,
                message(what, stopped.failure(), state),
                "Correct the file and load again.",
                place(stopped.failure()),
                report,
                stopped.getCause() instanceof SQLException sql ? Secrets.mask(sql) : null);
    }

    /** Of a seed file that is a part of the schema like any other. */
    static SchemaException ofSeed(SeedScript.Stop stopped, String state) {
        SQLException cause = (SQLException) Objects.requireNonNull(stopped.getCause());
        ServerError error = ServerError.of(cause);
        return new SchemaException(
                code(error),
                message("The schema could not be built at", stopped.failure(), state),
                hint(error),
                place(stopped.failure()),
                Secrets.mask(cause));
    }

    private static String message(String what, SeedFailure failure, String state) {
        String newLine = System.lineSeparator();
        return what + " " + failure
                + (failure.statement().isEmpty() ? "" : newLine + "  Statement: " + failure.statement())
                + newLine + "  State: " + state;
    }

    private static SchemaException.Place place(SeedFailure failure) {
        return new SchemaException.Place(
                failure.statement(), null, failure.file(), failure.line(), failure.column(), failure.sqlState());
    }

    private static SchemaException.Place place(
            @Nullable SchemaFile file, @Nullable StatementCall call, ServerError error) {
        if (file == null || call == null) {
            return new SchemaException.Place(null, null, null, null, null, error.sqlState());
        }
        SqlStatement statement = call.statement();
        SourcePosition at = StatementCall.place(statement, call.copyDataLine(), error);
        SchemaFile.Place place = file.place(at.line(), at.column());
        return new SchemaException.Place(
                Secrets.mask(statement.excerpt()),
                error.position(),
                place.file(),
                place.line(),
                place.column(),
                error.sqlState());
    }

    private static ErrorCode code(ServerError error) {
        return switch (error.sqlState() == null ? "" : error.sqlState()) {
            case "42501" -> ErrorCode.INSUFFICIENT_PRIVILEGE;
            case "25006" -> ErrorCode.READ_ONLY_SERVER;
            case "57014" -> ErrorCode.CANCELLED;
            case "55P03" -> ErrorCode.STATEMENT_LOCK_TIMEOUT;
            case "53200" -> ErrorCode.SCHEMA_TOO_LARGE;
            default -> ErrorCode.SCHEMA_STATEMENT_FAILED;
        };
    }

    private static String hint(ServerError error) {
        return switch (error.sqlState() == null ? "" : error.sqlState()) {
            case "42501" -> "Grant the missing privilege, or build as the role that owns the schemas.";
            case "25006" -> "Connect to the primary: a standby or a read-only database cannot be built on.";
            case "57014" -> "It was cancelled or met statement_timeout: start again, with more time if that was it.";
            case "55P03" -> "Another session holds a lock on the object: find it in pg_locks, end it or wait.";
            case "53200" ->
                "Raise max_locks_per_transaction and restart the server, or build with TransactionMode.PER_FILE.";
            case "55P04" ->
                "A new enum value can be used once the transaction that adds it is committed: write all values into"
                        + " CREATE TYPE, or build with TransactionMode.PER_FILE and use it in a later file.";
            case "25001", "2D000" ->
                "The statement cannot run in a transaction, or ends one: leave it out of the schema.";
            case "42P07", "42723", "42710", "42P06" ->
                "The object is there already: build on an empty database, or drop what is there (dropExisting).";
            default -> error.hint() != null ? Secrets.mask(error.hint()) : "Correct the file and start again.";
        };
    }
}
