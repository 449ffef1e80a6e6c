package io.confiture.postgres;

import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.common.BaseDataSource;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;

/**
 * Where connections come from: a data source, a URL, or one connection that belongs to the caller and is never closed.
 * Thread-safe as far as the source is. Its text form holds no credential.
 *
 * @since 0.1.0
 */
public final class ConnectionSource {

    /** Opens a connection. */
    @FunctionalInterface
    private interface Opener {
        Connection open() throws SQLException;
    }

    /** Finds out how the server is reached. */
    @FunctionalInterface
    private interface Server {
        OtherDatabase find() throws SQLException;
    }

    private final String description;
    private final Opener opener;
    private final Server server;
    private final boolean callers;
    private final boolean pooled;
    private final SessionPreparation preparation;
    private final ConnectRetries retries;

    private ConnectionSource(String description, Opener opener, Server server, boolean callers, boolean pooled) {
        this(description, opener, server, callers, pooled, SessionPreparation.NONE, new ConnectRetries(0));
    }

    private ConnectionSource(
            String description,
            Opener opener,
            Server server,
            boolean callers,
            boolean pooled,
            SessionPreparation preparation,
            ConnectRetries retries) {
        this.description = description;
        this.opener = opener;
        this.server = server;
        this.callers = callers;
        this.pooled = pooled;
        this.preparation = preparation;
        this.retries = retries;
    }

    /**
     * The same connections, prepared.
     *
     * @param retries how often to try again while the server cannot be reached, until it was reached once
     */
    public ConnectionSource with(SessionPreparation preparation, int retries) {
        return new ConnectionSource(
                description, opener, server, callers, pooled, preparation, new ConnectRetries(retries));
    }

    /**
     * Connections to another database of the same server, new ones outside of any pool, as the same user and prepared the
     * same way. A data source or a connection is asked for its URL, user and, where it tells it, password.
     *
     * @throws io.confiture.error.ConfigurationException if the way there cannot be derived; opening a connection throws
     *     it, too, when the server wants a password that nobody has told
     * @throws DatabaseConnectionException if a data source that has to be asked has no connection
     */
    public ConnectionSource toDatabase(String name) {
        OtherDatabase other;
        try {
            other = server.find();
        } catch (SQLException e) {
            throw noConnection(e, ServerError.of(e));
        }
        return new ConnectionSource(
                "database " + name + " on the server of " + description,
                () -> other.connect(name),
                () -> other,
                false,
                false,
                preparation,
                new ConnectRetries(0));
    }

    public static ConnectionSource of(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource");
        if (dataSource instanceof SourceDataSource ours) {
            return ours.source();
        }
        boolean direct = dataSource instanceof AbstractDriverBasedDataSource || dataSource instanceof BaseDataSource;
        return new ConnectionSource(
                "data source " + dataSource.getClass().getSimpleName(),
                dataSource::getConnection,
                () -> OtherDatabase.of(dataSource),
                false,
                !direct);
    }

    /** The connection is used as it is, never closed, and given back with the settings it came with. */
    public static ConnectionSource of(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        return new ConnectionSource(
                "the caller's connection", () -> connection, () -> OtherDatabase.of(connection), true, true);
    }

    /** From {@code jdbc:postgresql:…}, {@code postgresql://…} or {@code postgres://…}. */
    public static ConnectionSource of(String url) {
        return of(DatabaseUrl.parse(Objects.requireNonNull(url, "url")));
    }

    public static ConnectionSource of(DatabaseUrl url) {
        String jdbc = url.jdbc();
        return new ConnectionSource(
                url.toString(), () -> DriverManager.getConnection(jdbc), () -> OtherDatabase.of(jdbc), false, false);
    }

    /** The same connections as a data source, for code that wants one: each is to be closed by whoever takes it. */
    public DataSource asDataSource() {
        return new SourceDataSource(this);
    }

    /** Whether there is one connection only, which belongs to the caller. */
    boolean isCallers() {
        return callers;
    }

    /** What is done to each connection by those who take it as a session. */
    public SessionPreparation preparation() {
        return preparation;
    }

    /** Whether each connection is a new one that no pool and no caller shares. */
    public boolean outsidePool() {
        return !pooled;
    }

    /**
     * A connection, to be given back with {@link #release}.
     *
     * @throws DatabaseConnectionException if there is none to be had
     */
    public Connection connect() {
        while (true) {
            SQLException failure;
            try {
                Connection connection = opener.open();
                retries.connected();
                return connection;
            } catch (SQLException e) {
                failure = e;
            } catch (RuntimeException e) {
                failure = withinPools(e);
            }
            ServerError error = ServerError.of(failure);
            if (!retries.again(error, failure, "No connection from " + description + ": " + reason(error))) {
                throw noConnection(failure, error);
            }
        }
    }

    /** A pool that cannot be started says so in an exception of its own, around the driver's. */
    private static SQLException withinPools(RuntimeException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        throw failure;
    }

    private static String reason(ServerError error) {
        return Secrets.mask(error.message()) + (error.sqlState() == null ? "" : " [" + error.sqlState() + "]");
    }

    private DatabaseConnectionException noConnection(SQLException failure, ServerError error) {
        return new DatabaseConnectionException(
                ErrorCode.CONNECTION_FAILED,
                "No connection from " + description + ": " + reason(error) + ". Nothing was changed.",
                connectionHint(error),
                Secrets.mask(failure));
    }

    private static String connectionHint(ServerError error) {
        if (error.sqlState() != null && error.sqlState().startsWith("28")) {
            return "Check user and password, and the server's pg_hba.conf.";
        }
        if (error.is("3D000")) {
            return "Create the database, or correct its name in the URL.";
        }
        if (error.is("53300")) {
            return "The server has no connection left: raise max_connections or lower the pools of its clients.";
        }
        if (error.is("08P01") && error.message().contains("startup parameter")) {
            return "A pooler refuses that parameter of the connection: take it out of the URL (a schema can be set with"
                    + " ALTER ROLE … SET search_path, that of the ledger with confiture.migrate.schema), or connect past"
                    + " the pooler (confiture.url).";
        }
        return "Check that the server runs and listens at that host and port, and that the network lets you through.";
    }

    /** Closes a connection unless it is the caller's. */
    public void release(Connection connection) throws SQLException {
        if (!callers) {
            connection.close();
        }
    }

    /** Where connections come from, without credentials. */
    @Override
    public String toString() {
        return description;
    }

    /** The connections of a data source that may be null. */
    public static @Nullable ConnectionSource ofNullable(@Nullable DataSource dataSource) {
        return dataSource == null ? null : of(dataSource);
    }
}
