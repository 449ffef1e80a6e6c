package io.confiture.postgres;

import io.confiture.error.ConfigurationException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
        String url = other.url(name);
        return new ConnectionSource(
                withoutSecrets(url),
                () -> other.connect(name),
                () -> other,
                false,
                false,
                preparation,
                new ConnectRetries(0));
    }

    public static ConnectionSource of(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource");
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
        String jdbc = jdbcUrl(Objects.requireNonNull(url, "url"));
        return new ConnectionSource(
                withoutSecrets(jdbc),
                () -> DriverManager.getConnection(jdbc),
                () -> OtherDatabase.of(jdbc),
                false,
                false);
    }

    /** Whether there is one connection only, which belongs to the caller. */
    boolean isCallers() {
        return callers;
    }

    SessionPreparation preparation() {
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

    private static String jdbcUrl(String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            if (authority(url).indexOf('@') >= 0) {
                throw invalid(
                        "A jdbc: URL has no place for user and password before the host",
                        "Write jdbc:postgresql://host/database?user=…&password=…, or postgresql://user:password@host/database.");
            }
            return url;
        }
        if (!url.startsWith("postgresql://") && !url.startsWith("postgres://")) {
            throw invalid(
                    "Not a PostgreSQL URL: it must begin with jdbc:postgresql:, postgresql:// or postgres://", null);
        }
        // Not by java.net.URI, which finds no host in a list of hosts or in a name with an underscore.
        String authority = authority(url);
        String rest = url.substring(url.indexOf("://") + "://".length() + authority.length());
        int at = authority.lastIndexOf('@');
        String hosts = authority.substring(at + 1);
        if (hosts.chars().anyMatch(Character::isWhitespace)) {
            throw invalid("Not a valid URL: a host has a space in it", null);
        }
        int question = rest.indexOf('?');
        StringBuilder jdbc = new StringBuilder("jdbc:postgresql://")
                .append(hosts.isEmpty() ? "localhost" : hosts)
                .append('/')
                .append(reencoded(question < 0 ? rest : rest.substring(0, question), 1));
        char separator = '?';
        if (question >= 0 && question + 1 < rest.length()) {
            jdbc.append(rest, question, rest.length());
            separator = '&';
        }
        if (at >= 0) {
            int colon = authority.indexOf(':');
            boolean password = colon >= 0 && colon < at;
            jdbc.append(separator).append("user=").append(reencoded(authority.substring(0, password ? colon : at), 0));
            if (password) {
                jdbc.append("&password=").append(reencoded(authority.substring(colon + 1, at), 0));
            }
        }
        return jdbc.toString();
    }

    /** What stands between {@code //} and the path or query; empty if there is no {@code //}. */
    private static String authority(String url) {
        int start = url.indexOf("//");
        if (start < 0) {
            return "";
        }
        int end = start + 2;
        while (end < url.length() && "/?".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return url.substring(start + 2, end);
    }

    /** The driver reads its URL as forms are encoded, where a plus is a space; in {@code postgresql://} it is a plus. */
    private static String reencoded(String percentEncoded, int from) {
        String text = percentEncoded.length() < from ? "" : percentEncoded.substring(from);
        try {
            return URLEncoder.encode(
                    URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // The decoder's own message would repeat part of the URL.
            throw invalid(
                    "Not a valid URL: its user, password or database has a % without two hexadecimal digits",
                    "Percent-encode special characters of user and password; % itself is %25.");
        }
    }

    private static ConfigurationException invalid(String message, @Nullable String hint) {
        return new ConfigurationException(ErrorCode.INVALID_CONFIGURATION, message, hint);
    }

    private static String withoutSecrets(String jdbcUrl) {
        int query = jdbcUrl.indexOf('?');
        String plain = query < 0 ? jdbcUrl : jdbcUrl.substring(0, query);
        int at = plain.lastIndexOf('@');
        return at < 0 ? plain : "jdbc:postgresql://" + plain.substring(at + 1);
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
