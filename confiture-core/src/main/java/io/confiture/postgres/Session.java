package io.confiture.postgres;

import io.confiture.error.MigrationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One connection while Confiture works on it. Transactions are begun and ended by statements of our own, so that their
 * options hold whatever the pool has set; script statements go to the server exactly as written, one at a time. Closing
 * gives the connection back as it came. Used by one thread; only {@link #cancel()} may be called from another.
 *
 * @since 0.1.0
 */
public final class Session implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    private final BorrowedConnection borrowed;
    private final BaseConnection connection;
    private final Interruption interruption;
    private final DataSource shared;
    private final Notices notices = new Notices();

    private @Nullable SessionSettings unprepared;
    private @Nullable SessionSettings settings;
    private SessionSettings.@Nullable Ours ours;
    private @Nullable LentSession lent;
    private @Nullable JdbcClient jdbc;

    private Session(BorrowedConnection borrowed) {
        this.borrowed = borrowed;
        this.connection = borrowed.connection();
        this.interruption = new Interruption(connection);
        this.shared = interruption.dataSource();
        interruption.begin();
    }

    /**
     * Takes a connection from the source and prepares it for work.
     *
     * @throws io.confiture.error.DatabaseConnectionException if there is none to be had
     * @throws MigrationException if the caller's connection has a transaction open
     */
    public static Session open(ConnectionSource source) throws SQLException {
        Session session = new Session(BorrowedConnection.take(source));
        try {
            session.prepare(source.preparation());
            return session;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private void prepare(SessionPreparation preparation) throws SQLException {
        if (!preparation.isNone()) {
            SessionSettings before = SessionSettings.read(this, false);
            unprepared = before;
            preparation.apply(this, before);
        }
    }

    /** Remembers settings and role, to be restored by {@link #reset()} and when closed, and sets ours. */
    public void begin(SessionSettings.Ours ours, boolean transactionPooler) throws SQLException {
        SessionSettings read = SessionSettings.read(this, transactionPooler);
        borrowed.source().preparation().keep(this, read);
        settings = read;
        this.ours = ours;
        if (!transactionPooler) {
            borrowed.restorePrepareThreshold();
            read.apply(this, ours);
        }
    }

    /** Before a statement of a script that changes the session: keeps what could not be found out afterwards. */
    public void rememberSettingsOf(String statement) throws SQLException {
        if (settings != null) {
            settings.remember(this, statement);
        }
    }

    /**
     * At the end of a script: checks deferred constraints, then undoes what the script has set: session authorization,
     * role, temporary objects and every setting. One statement.
     */
    public void reset() throws SQLException {
        if (settings != null) {
            settings.reset(this);
        }
    }

    /** As {@link #reset()}, in a transaction that goes on: leaves deferred constraints alone. */
    public void resetSettings() throws SQLException {
        if (settings != null) {
            settings.resetSettings(this);
        }
    }

    /**
     * As {@link #update}, for the last write of a transaction: what a function or trigger has set in the session, for those
     * who come after it, is seen by the same call and undone.
     */
    public int updateAndReset(String sql, @Nullable Object... parameters) throws SQLException {
        return settings == null ? update(sql, parameters) : settings.updateAndReset(this, sql, parameters);
    }

    /** Goes back to the role the session came with, and to no other setting. */
    public void resetRole() throws SQLException {
        if (settings != null) {
            settings.resetRole(this);
        }
    }

    /** Runs our own writing statements as one transaction. */
    public <T> T inTransaction(Work<T> work) throws SQLException {
        try {
            beginTransaction();
            T result = work.run();
            commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            rollback();
            throw e;
        }
    }

    /** Something that fails as JDBC fails. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** The version of the server, such as 17. */
    int serverMajor() throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    /** Whether the connection is the caller's, who may hold more on it than we know. */
    boolean isCallers() {
        return borrowed.source().isCallers();
    }

    /** The process id the driver was told when it connected; behind a pooler another than the server's own. */
    public int driverPid() {
        return connection.getBackendPID();
    }

    /** Whether the connection can no longer be used. */
    public boolean isBroken() {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /** A client of Spring on this connection, within whatever transaction is open. */
    public JdbcClient jdbc() {
        if (jdbc == null) {
            jdbc = JdbcClient.create(shared);
        }
        return jdbc;
    }

    /** This connection for code that is not ours: closing it does nothing. */
    public Connection sharedConnection() throws SQLException {
        return shared.getConnection();
    }

    /** Reads one row. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet rs) throws SQLException;
    }

    /** Runs a query of our own, and what follows it, with bound parameters; a {@code String[]} is bound as {@code text[]}. */
    public <T> List<T> query(String sql, Row<T> row, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            statement.execute();
            List<T> rows = new ArrayList<>();
            for (ResultSet rs = statement.getResultSet(); rs.next(); ) {
                rows.add(row.read(rs));
            }
            return rows;
        }
    }

    /** Runs a statement of our own with bound parameters and tells the rows it affected. */
    public int update(String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement prepare(String sql, @Nullable Object... parameters) throws SQLException {
        interruption.check();
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            statement.setFetchSize(0); // or a portal that stays open keeps its snapshot
            for (int i = 0; i < parameters.length; i++) {
                Object parameter = parameters[i];
                if (parameter instanceof String[] array) {
                    statement.setArray(i + 1, connection.createArrayOf("text", array));
                } else {
                    statement.setObject(i + 1, parameter);
                }
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    /** Begins a read-write transaction at READ COMMITTED, whatever the defaults of pool, role and database are. */
    public void beginTransaction() throws SQLException {
        execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
        if (ours != null && settings != null && settings.ofPooler()) {
            // The last transaction may have been in another session of the server, whose settings say nothing of this
            // one's.
            lent = LentSession.begin(this, ours);
            settings = lent.settings();
        }
    }

    /**
     * Whether the server answers within this time, more than 0. If not, the connection is gone: a pooler may have no
     * server connection to give.
     */
    public boolean answersWithin(Duration time) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) time.toMillis());
        try {
            query("SELECT 1", rs -> rs.getInt(1));
            connection.setNetworkTimeout(Runnable::run, 0);
            return true;
        } catch (SQLException e) {
            if (e.getCause() instanceof SocketTimeoutException
                    || ServerError.of(e).message().contains("query_wait_timeout")) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Ends the open transaction with its effects. Once sent it is not cancelled: whoever is told of it is told the truth.
     *
     * @throws SQLException with SQLSTATE 08007 if the connection broke before the answer, so that nobody can tell
     */
    public void commit() throws SQLException {
        interruption.check();
        LentSession ending = lent;
        lent = null;
        if (ending != null && connection.getTransactionState() == TransactionState.OPEN) {
            interruption.uncancelled(ending::leaveAsItCame);
        }
        try {
            interruption.uncancelled(() -> ExactStatement.send(connection, "COMMIT", notices));
        } catch (SQLException e) {
            throw ServerError.of(e).connectionLost() ? new UnansweredCommit(e) : e;
        }
        if (connection.getTransactionState() != TransactionState.IDLE) {
            throw new SQLException("COMMIT left a transaction open", "25000");
        }
    }

    /** Ends the open transaction, if any, without its effects. Never fails: a broken connection has none open. */
    public void rollback() {
        LentSession ending = lent;
        lent = null;
        try {
            if (!connection.isClosed() && connection.getTransactionState() != TransactionState.IDLE) {
                interruption.uncancelled(() -> {
                    if (ending != null) {
                        // The session is still ours until the next one, in a transaction that has not failed.
                        ExactStatement.send(connection, "ROLLBACK AND CHAIN", notices);
                        ending.takeAwayWhatIsLeft();
                    }
                    return ExactStatement.send(connection, "ROLLBACK", notices);
                });
            }
        } catch (SQLException e) {
            log.debug("ROLLBACK failed; the server rolls back when the connection ends", e);
            if (ending != null) {
                // A pooler ends the server's session with it, and nobody gets what is left there.
                abort();
            }
        }
    }

    /** Whether a transaction is open that can only be rolled back. */
    public boolean inFailedTransaction() {
        return connection.getTransactionState() == TransactionState.FAILED;
    }

    /** Rolls back and undoes what switched auto-commit off; false if it was on all the time. */
    public boolean restoreAutoCommit() throws SQLException {
        if (connection.getAutoCommit()) {
            return false;
        }
        rollback();
        connection.setAutoCommit(true);
        return true;
    }

    /** Whether a transaction is open, failed or not. */
    public boolean inTransaction() {
        return connection.getTransactionState() != TransactionState.IDLE;
    }

    /**
     * Sends one statement exactly as written and tells the rows that it reports as affected. The driver neither splits
     * it nor interprets {@code ?} or braces in it; rows that it returns are dropped as they come.
     */
    public long execute(String sql) throws SQLException {
        interruption.check();
        return ExactStatement.send(connection, sql, notices);
    }

    /** What the server says beside the results. */
    public Notices notices() {
        return notices;
    }

    /** Runs {@code COPY … FROM STDIN} with these bytes and tells the rows copied. */
    public long copyIn(String sql, InputStream rows) throws SQLException, IOException {
        interruption.check();
        return new CopyManager(connection).copyIn(sql, rows);
    }

    /** Runs {@code COPY … TO STDOUT} and drops what comes. */
    public void copyOut(String sql) throws SQLException, IOException {
        interruption.check();
        new CopyManager(connection).copyOut(sql, OutputStream.nullOutputStream());
    }

    /**
     * Finishes what has begun, though the run be cancelled: a record of what is done, or the way back to how it was. No
     * request to cancel reaches the server meanwhile.
     */
    public <T> T uncancelled(Work<T> work) throws SQLException {
        return interruption.uncancelled(work);
    }

    /** Ends the statement under way, from another thread, and lets no further one begin. */
    public void cancel() {
        interruption.request();
    }

    /** Rolls back what is open, gives the settings back and releases the connection. Never throws. */
    @Override
    public void close() {
        interruption.end();
        try {
            if (!connection.isClosed()) {
                borrowed.giveBackSoon();
                rollback();
            }
            if (!connection.isClosed()) {
                restoreAutoCommit();
                if (settings != null) {
                    settings.restore(this);
                }
                if (unprepared != null) {
                    unprepared.restore(this);
                }
                borrowed.restore();
            }
        } catch (SQLException e) {
            log.warn("The connection could not be given back as it came and is closed: {}", e.getMessage());
            abort();
        }
        borrowed.release();
    }

    /** Closes the connection for good; a pool that gets it back drops it. */
    public void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            log.debug("Aborting a broken connection failed", e);
        }
    }
}
