package io.confiture.postgres;

import io.confiture.error.ConfigurationException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import java.net.URI;
import java.net.URISyntaxException;
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

    private final String description;
    private final Opener opener;
    private final boolean callers;
    private final boolean pooled;

    private ConnectionSource(String description, Opener opener, boolean callers, boolean pooled) {
        this.description = description;
        this.opener = opener;
        this.callers = callers;
        this.pooled = pooled;
    }

    public static ConnectionSource of(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource");
        boolean direct = dataSource instanceof AbstractDriverBasedDataSource || dataSource instanceof BaseDataSource;
        return new ConnectionSource(
                "data source " + dataSource.getClass().getSimpleName(), dataSource::getConnection, false, !direct);
    }

    /** The connection is used as it is, never closed, and given back with the settings it came with. */
    public static ConnectionSource of(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        return new ConnectionSource("the caller's connection", () -> connection, true, true);
    }

    /** From {@code jdbc:postgresql:…}, {@code postgresql://…} or {@code postgres://…}. */
    public static ConnectionSource of(String url) {
        String jdbc = jdbcUrl(Objects.requireNonNull(url, "url"));
        return new ConnectionSource(withoutSecrets(jdbc), () -> DriverManager.getConnection(jdbc), false, false);
    }

    /** Whether there is one connection only, which belongs to the caller. */
    boolean isCallers() {
        return callers;
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
        try {
            return opener.open();
        } catch (SQLException e) {
            throw noConnection(e, e);
        } catch (RuntimeException e) {
            // A pool that cannot be started says so in an exception of its own, around the driver's.
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql) {
                    throw noConnection(sql, e);
                }
            }
            throw e;
        }
    }

    private DatabaseConnectionException noConnection(SQLException reason, Exception cause) {
        ServerError error = ServerError.of(reason);
        String state = error.sqlState() == null ? "" : " [" + error.sqlState() + "]";
        return new DatabaseConnectionException(
                ErrorCode.CONNECTION_FAILED,
                "No connection from " + description + ": " + error.message() + state + ". Nothing was changed.",
                connectionHint(error),
                cause);
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
            return url;
        }
        if (!url.startsWith("postgresql://") && !url.startsWith("postgres://")) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Not a PostgreSQL URL: it must begin with jdbc:postgresql:, postgresql:// or postgres://",
                    null);
        }
        try {
            URI uri = new URI(url);
            StringBuilder jdbc = new StringBuilder("jdbc:postgresql://");
            jdbc.append(uri.getHost() == null ? "localhost" : uri.getHost());
            jdbc.append(uri.getPort() < 0 ? "" : ":" + uri.getPort());
            jdbc.append(uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath());
            String separator = "?";
            if (uri.getRawQuery() != null) {
                jdbc.append(separator).append(uri.getRawQuery());
                separator = "&";
            }
            String userInfo = uri.getRawUserInfo();
            if (userInfo != null) {
                int colon = userInfo.indexOf(':');
                jdbc.append(separator).append("user=").append(colon < 0 ? userInfo : userInfo.substring(0, colon));
                jdbc.append(colon < 0 ? "" : "&password=" + userInfo.substring(colon + 1));
            }
            return jdbc.toString();
        } catch (URISyntaxException e) {
            // The parser's own message would repeat the URL, password included.
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Not a valid URL: " + e.getReason() + " at index " + e.getIndex(),
                    "Percent-encode special characters of user and password.");
        }
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
