package io.confiture.postgres;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A connection that belongs to a pool or a caller: what the driver was told of it, changed for work, and the way back. */
final class BorrowedConnection {
    private static final Logger log = LoggerFactory.getLogger(BorrowedConnection.class);

    private static final int LONGEST_RETURN_MILLIS = 10_000;

    private final ConnectionSource source;
    private final Connection handle;
    private final BaseConnection connection;
    private final boolean autoCommit;
    private final boolean readOnly;
    private final int networkTimeout;
    private final int prepareThreshold;
    private final boolean forcesBinary;

    private BorrowedConnection(ConnectionSource source, Connection handle, BaseConnection connection)
            throws SQLException {
        this.source = source;
        this.handle = handle;
        this.connection = connection;
        this.autoCommit = connection.getAutoCommit();
        this.readOnly = connection.isReadOnly();
        this.networkTimeout = connection.getNetworkTimeout();
        this.prepareThreshold = connection.getPrepareThreshold();
        this.forcesBinary = connection instanceof PgConnection pg && pg.getForceBinary();
    }

    /**
     * @throws io.confiture.error.DatabaseConnectionException if there is none to be had
     * @throws MigrationException if the caller's connection has a transaction open
     */
    static BorrowedConnection take(ConnectionSource source) throws SQLException {
        Connection handle = Interruption.connect(source);
        try {
            // Statements go past a pool's proxies: they add nothing that is wanted here, and each call costs.
            if (!handle.isWrapperFor(BaseConnection.class)) {
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "The connection of " + source + " is not one of the PostgreSQL JDBC driver",
                        "Give Confiture a data source of org.postgresql, or its own confiture.url.");
            }
            BaseConnection connection = handle.unwrap(BaseConnection.class);
            if (connection.getTransactionState() != TransactionState.IDLE
                    && !source.isCallers()
                    && !connection.getAutoCommit()
                    && !TransactionSynchronizationManager.isActualTransactionActive()) {
                // A pool without auto-commit leaves open what its init SQL has begun; nobody else has worked on it yet.
                connection.commit();
            }
            if (connection.getTransactionState() != TransactionState.IDLE) {
                throw new MigrationException(
                        ErrorCode.INSIDE_TRANSACTION,
                        "The connection given to Confiture has a transaction open; nothing was done",
                        "Commit or roll back before; each migration is a transaction of its own.",
                        MigrationException.Place.UNKNOWN);
            }
            BorrowedConnection borrowed = new BorrowedConnection(source, handle, connection);
            borrowed.takeOver();
            return borrowed;
        } catch (SQLException | RuntimeException e) {
            try {
                source.release(handle);
            } catch (SQLException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private void takeOver() throws SQLException {
        if (!autoCommit) {
            connection.setAutoCommit(true);
        }
        if (readOnly) {
            connection.setReadOnly(false);
        }
        // Behind a pooler a statement prepared by name is not there when the next transaction lands elsewhere.
        prepareByName(0, false);
        if (networkTimeout != 0) {
            // A socket timeout made for queries of the application would cut a long CREATE INDEX.
            connection.setNetworkTimeout(Runnable::run, 0);
        }
    }

    ConnectionSource source() {
        return source;
    }

    /** The driver's own. */
    BaseConnection connection() {
        return connection;
    }

    /** Where there is no pooler, statements may be prepared by name as before. */
    void restorePrepareThreshold() throws SQLException {
        prepareByName(prepareThreshold, forcesBinary);
    }

    /** Binary results asked for by prepareThreshold=-1 want a name, too. */
    private void prepareByName(int threshold, boolean binary) throws SQLException {
        connection.setPrepareThreshold(threshold);
        if (connection instanceof PgConnection pg) {
            pg.setForceBinary(binary);
        }
    }

    /** What is sent to give it back is short; a connection that nothing comes through any more must not hold up the run. */
    void giveBackSoon() throws SQLException {
        connection.setNetworkTimeout(Runnable::run, LONGEST_RETURN_MILLIS);
    }

    /** Makes it as it came. */
    void restore() throws SQLException {
        restorePrepareThreshold();
        connection.setNetworkTimeout(Runnable::run, networkTimeout);
        if (readOnly) {
            connection.setReadOnly(true);
        }
        if (!autoCommit) {
            connection.setAutoCommit(false);
        }
    }

    /** Gives it back. Never throws. */
    void release() {
        try {
            source.release(handle);
        } catch (SQLException e) {
            log.debug("Closing a broken connection failed", e);
        }
    }
}
