package io.confiture.verification;

import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.Secrets;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import java.sql.SQLException;

/** Work on databases that are compared. */
final class Databases {
    private Databases() {}

    /** Something that fails as JDBC fails. */
    @FunctionalInterface
    interface Work<T> {
        T on(Session session) throws SQLException;
    }

    static <T> T on(ConnectionSource source, Work<T> work) {
        try (Session session = Session.open(source)) {
            return work.on(session);
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    private static ConfitureException translated(SQLException e) {
        ServerError error = ServerError.of(e);
        String said = Secrets.mask(error.message()) + (error.sqlState() == null ? "" : " [" + error.sqlState() + "]");
        if (error.connectionLost()) {
            return new DatabaseConnectionException(
                    ErrorCode.CONNECTION_FAILED,
                    "The connection broke while databases were compared: " + said,
                    "Start again.",
                    Secrets.mask(e));
        }
        return new SchemaException(
                error.is("57014") ? ErrorCode.CANCELLED : ErrorCode.CATALOG_UNREADABLE,
                "A database could not be read: " + said,
                error.hint(),
                Secrets.mask(e));
    }

    /** Whether somebody has ended the call, so that there is nobody to report to. */
    static boolean cancelled(ConfitureException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && ServerError.of(e).is("57014")) {
                return true;
            }
        }
        return failure.code() == ErrorCode.CANCELLED;
    }
}
