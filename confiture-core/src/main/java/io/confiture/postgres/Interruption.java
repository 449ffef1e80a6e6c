package io.confiture.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.core.BaseConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Where one session can be stopped: in its statement, or before the next; and where it cannot. */
final class Interruption {
    private static final Logger log = LoggerFactory.getLogger(Interruption.class);

    private final BaseConnection connection;
    private final Cancellation cancellation = Cancellation.current();
    private int uncancelled;

    Interruption(BaseConnection connection) {
        this.connection = connection;
    }

    /** Takes a connection, for which a cancelled call waits no longer: a pool may have none for half a minute. */
    static Connection connect(ConnectionSource source) throws SQLException {
        try {
            return Cancellation.interruptibly(source::connect);
        } catch (InterruptedException e) {
            throw new SQLException("The run was cancelled", "57014", e);
        }
    }

    /** From now on the statements of the session are cancelled with the call that it works for. */
    void begin() {
        cancellation.add(this);
    }

    void request() {
        cancellation.request();
    }

    /** The connection for statements that are sent past the session. */
    DataSource dataSource() {
        return new SingleConnectionDataSource(connection, true) {
            @Override
            public Connection getConnection() throws SQLException {
                check();
                return super.getConnection();
            }
        };
    }

    /** Before a statement is sent. 57014 is what the server itself says of a statement that was cancelled. */
    void check() throws SQLException {
        if (uncancelled > 0) {
            return;
        }
        if (cancellation.requested()) {
            throw new SQLException("The run was cancelled", "57014");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new SQLException("The thread of the run was interrupted", "57014");
        }
    }

    /** Finishes what has begun. Waits for a request that is on its way to the server, which would hit this work. */
    <T> T uncancelled(Session.Work<T> work) throws SQLException {
        synchronized (this) {
            uncancelled++;
        }
        try {
            return work.run();
        } finally {
            synchronized (this) {
                uncancelled--;
            }
        }
    }

    /** From now on nothing is cancelled: the connection will be somebody else's. */
    void end() {
        synchronized (this) {
            uncancelled++;
        }
        cancellation.remove(this);
    }

    /** Returns when the server has passed the request on. */
    synchronized void cancelStatement() {
        if (uncancelled == 0) {
            try {
                connection.cancelQuery();
            } catch (SQLException e) {
                log.warn("The statement under way could not be cancelled: {}", e.getMessage());
            }
        }
    }
}
