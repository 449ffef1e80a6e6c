package io.confiture.catalog;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.postgres.ServerError;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * A consistent look at the catalogs, with the settings under which the server writes a definition always in the same way. In
 * a transaction of its own that only reads; or, where the caller has one open, in that one, which goes on unchanged.
 */
final class Snapshot {
    private static final int ATTEMPTS = 5;
    private static final String SAVEPOINT = "confiture_catalog";

    /** Names come out qualified, whatever the path was; temporary objects hide nothing of the server's own. */
    private static final String SETTINGS = "SELECT " + setting("search_path", "pg_catalog, pg_temp")
            + setting("quote_all_identifiers", "off") + setting("DateStyle", "ISO, MDY")
            + setting("IntervalStyle", "postgres") + setting("TimeZone", "UTC")
            + setting("extra_float_digits", "1") + setting("bytea_output", "hex") + setting("lc_monetary", "C")
            + setting("jit", "off")
            + "pg_catalog.current_setting('transaction_isolation')";

    /**
     * Internal error, undefined table, object, function or schema: what our queries name always exists, so this is an
     * object that was dropped between being listed and being described. And a deadlock: to describe one, the server locks
     * it, while somebody drops several.
     */
    private static final Set<String> CHANGED_MEANWHILE = Set.of("XX000", "42P01", "42704", "42883", "3F000", "40P01");

    private Snapshot() {}

    /** Queries to be run in one snapshot, as often as it takes. */
    @FunctionalInterface
    interface Work<T> {
        T run(Statement statement, int serverMajor) throws SQLException;
    }

    private static String setting(String name, String value) {
        return "pg_catalog.set_config('" + name + "', '" + value + "', true), ";
    }

    static <T> T read(Connection connection, Work<T> work) throws SQLException {
        if (!connection.isWrapperFor(BaseConnection.class)) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The connection to read the catalog on is not one of the PostgreSQL JDBC driver",
                    "Give a connection of org.postgresql.");
        }
        TransactionState state = connection.unwrap(BaseConnection.class).getTransactionState();
        return switch (state) {
            case FAILED ->
                throw new SchemaException(
                        ErrorCode.CATALOG_UNREADABLE,
                        "The catalog cannot be read: the transaction that is open on the connection has failed",
                        "Roll it back, then read.");
            case OPEN ->
                attempts(
                        connection,
                        work,
                        "SAVEPOINT " + SAVEPOINT,
                        "ROLLBACK TO SAVEPOINT " + SAVEPOINT + "; RELEASE SAVEPOINT " + SAVEPOINT);
            case IDLE -> inOwnTransaction(connection, work);
        };
    }

    private static <T> T inOwnTransaction(Connection connection, Work<T> work) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        if (!autoCommit) {
            connection.setAutoCommit(true);
        }
        try {
            return attempts(connection, work, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "ROLLBACK");
        } finally {
            if (!autoCommit && !connection.isClosed()) {
                connection.setAutoCommit(false);
            }
        }
    }

    private static <T> T attempts(Connection connection, Work<T> work, String begin, String end) throws SQLException {
        int major = connection.getMetaData().getDatabaseMajorVersion();
        try (Statement statement = connection.createStatement()) {
            for (int attempt = 1; ; attempt++) {
                statement.execute(begin);
                try {
                    statement.execute(SETTINGS);
                    T result = work.run(statement, major);
                    statement.execute(end);
                    return result;
                } catch (SQLException | RuntimeException e) {
                    undo(statement, end, e);
                    if (attempt == ATTEMPTS || !(e instanceof SQLException failure) || !hasChangedMeanwhile(failure)) {
                        throw e;
                    }
                }
            }
        }
    }

    private static void undo(Statement statement, String end, Exception failure) {
        try {
            statement.execute(end);
        } catch (SQLException e) {
            // The connection is gone, and with it the transaction.
            failure.addSuppressed(e);
        }
    }

    private static boolean hasChangedMeanwhile(SQLException failure) {
        String state = ServerError.of(failure).sqlState();
        return state != null && CHANGED_MEANWHILE.contains(state);
    }

    /** An object was listed, and its definition could no longer be had. */
    static SQLException vanished(String what) {
        return new SQLException("The definition of " + what + " is gone since it was listed", "XX000");
    }
}
