package io.confiture.postgres;

import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An empty database for work that leaves nothing behind, on the server of another one and with that one's encoding and
 * locale. Dropped when closed, whoever is connected to it. What a process leaves that dies before is dropped by a later
 * {@link #create} once it is a day old and nobody is connected to it. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ScratchDatabase implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ScratchDatabase.class);
    private static final String PREFIX = "confiture_scratch_";
    private static final String MARK = "Scratch database of Confiture, may be dropped. Created at epoch second ";
    private static final Duration LEFT_BEHIND = Duration.ofDays(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final String LEFTOVERS = """
            SELECT d.datname FROM pg_catalog.pg_database d WHERE d.datname LIKE 'confiture\\_scratch\\_%' \
            AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid) \
            AND CASE WHEN pg_catalog.starts_with(pg_catalog.shobj_description(d.oid, 'pg_database'), ?) \
            THEN pg_catalog.substr(pg_catalog.shobj_description(d.oid, 'pg_database'), ?)::bigint \
            < pg_catalog.date_part('epoch', pg_catalog.now()) - ? ELSE false END ORDER BY 1""";

    private final ConnectionSource server;
    private final String name;
    private final ConnectionSource source;

    private ScratchDatabase(ConnectionSource server, String name, ConnectionSource source) {
        this.server = server;
        this.name = name;
        this.source = source;
    }

    /**
     * Creates one. It begins as template0, to which nobody can be connected and to which nobody has added anything, so
     * that what works in it needs nothing that only this server has.
     *
     * @param server leads to any database of the server; that one's encoding and locale are taken
     * @throws SchemaException if the role may not create databases
     * @throws io.confiture.error.ConfigurationException if the new database cannot be reached from what is known of the
     *     other
     * @throws DatabaseConnectionException if the server cannot be reached
     */
    public static ScratchDatabase create(ConnectionSource server) {
        String name = PREFIX + new BigInteger(80, RANDOM).toString(36);
        ScratchDatabase scratch = new ScratchDatabase(server, name, server.toDatabase(name));
        String role = server.preparation().role();
        try (Session session = Session.open(server.with(SessionPreparation.NONE, 0))) {
            dropLeftovers(session, LEFT_BEHIND);
            String create = "CREATE DATABASE " + name + " TEMPLATE template0 " + DatabaseLocale.read(session)
                    + (role == null ? "" : " OWNER " + Identifiers.quote(role));
            try {
                session.execute(create);
                session.uncancelled(() -> session.execute(
                        "COMMENT ON DATABASE " + name + " IS '" + MARK + System.currentTimeMillis() / 1000 + "'"));
            } catch (SQLException e) {
                throw scratch.notCreated(session, e);
            }
            return scratch;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /**
     * Drops scratch databases that others have left: marked as ours, at least so old, and with nobody connected.
     *
     * @param server leads to any database of the server
     * @param age of those that are dropped, by the clock of the server
     * @return the names of those that were dropped
     */
    public static List<String> dropLeftovers(ConnectionSource server, Duration age) {
        try (Session session = Session.open(server.with(SessionPreparation.NONE, 0))) {
            return dropLeftovers(session, age);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static List<String> dropLeftovers(Session session, Duration age) throws SQLException {
        List<String> dropped = new ArrayList<>();
        for (String name : session.query(LEFTOVERS, rs -> rs.getString(1), MARK, MARK.length() + 1, age.toSeconds())) {
            try {
                // Without FORCE: the server refuses it while somebody is connected.
                session.execute("DROP DATABASE IF EXISTS " + Identifiers.quote(name));
                dropped.add(name);
            } catch (SQLException e) {
                if (ServerError.of(e).connectionLost() || ServerError.of(e).is("57014")) {
                    throw e;
                }
                log.debug("The leftover {} stays: {}", name, e.getMessage());
            }
        }
        if (!dropped.isEmpty()) {
            log.info("Dropped scratch databases that were left behind: {}", String.join(", ", dropped));
        }
        return dropped;
    }

    public String name() {
        return name;
    }

    /** New connections to it, outside of any pool. */
    public ConnectionSource source() {
        return source;
    }

    /**
     * Drops it, and ends the sessions of those who are connected to it. Also when the call that works with it was
     * cancelled. Never throws: what cannot be dropped is named in the log and is dropped later as a leftover.
     */
    @Override
    public void close() {
        // Not by a Session, which a cancelled call does not get any more.
        boolean interrupted = Thread.interrupted();
        @Nullable Connection connection = null;
        try {
            connection = server.connect();
            boolean autoCommit = connection.getAutoCommit();
            if (!autoCommit) {
                connection.setAutoCommit(true);
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
            } finally {
                if (!autoCommit) {
                    connection.setAutoCommit(false);
                }
            }
        } catch (SQLException | RuntimeException e) {
            log.warn(
                    "The scratch database {} could not be dropped and is left on the server: {}",
                    name,
                    Secrets.mask(String.valueOf(e.getMessage())));
        } finally {
            release(connection);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void release(@Nullable Connection connection) {
        if (connection != null) {
            try {
                server.release(connection);
            } catch (SQLException e) {
                log.debug("Closing a broken connection failed", e);
            }
        }
    }

    private ConfitureException notCreated(Session session, SQLException failure) throws SQLException {
        ServerError error = ServerError.of(failure);
        if (error.is("42501")) {
            String user = Identifiers.quote(
                    session.query("SELECT current_user", rs -> rs.getString(1)).get(0));
            String role = server.preparation().role();
            return new SchemaException(
                    ErrorCode.INSUFFICIENT_PRIVILEGE,
                    "The role " + user + " may not create a scratch database"
                            + (role == null ? "" : " owned by " + Identifiers.quote(role)) + ": " + error.message()
                            + " [42501]. Nothing was created",
                    "ALTER ROLE " + user + " CREATEDB"
                            + (role == null ? "" : "; GRANT " + Identifiers.quote(role) + " TO " + user)
                            + "; or give the URL of a server of your own, such as one for tests, where the role may.",
                    failure);
        }
        close();
        return failed(failure);
    }

    private static ConfitureException failed(SQLException failure) {
        ServerError error = ServerError.of(failure);
        String said = Secrets.mask(error.message()) + (error.sqlState() == null ? "" : " [" + error.sqlState() + "]");
        if (error.connectionLost()) {
            return new DatabaseConnectionException(
                    ErrorCode.CONNECTION_FAILED,
                    "The connection broke while a scratch database was created: " + said,
                    "Start again; what may be left of it is dropped a day later.",
                    Secrets.mask(failure));
        }
        return new SchemaException(
                error.is("57014") ? ErrorCode.CANCELLED : ErrorCode.SCHEMA_INVALID,
                "No scratch database could be created: " + said + ". None is left",
                error.hint(),
                Secrets.mask(failure));
    }

    @Override
    public String toString() {
        return name;
    }
}
