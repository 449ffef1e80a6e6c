package io.confiture.verification;

import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.postgres.Cancellation;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.Secrets;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import java.sql.SQLException;

/** Work on databases that are compared. */
final class Databases {
    private static final String ENDED =
            "Unless somebody has ended it, a statement met statement_timeout: give the role that compares more time.";

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
                Cancellation.isRequested() ? ErrorCode.CANCELLED : ErrorCode.CATALOG_UNREADABLE,
                "A database could not be read: " + said,
                error.is("57014") ? ENDED : error.hint(),
                Secrets.mask(e));
    }
}
