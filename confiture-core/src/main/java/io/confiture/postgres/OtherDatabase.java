package io.confiture.postgres;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.lang.reflect.Method;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.ds.common.BaseDataSource;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * How another database of the same server is reached, as the same user and with the same properties of the connection.
 *
 * @param url of the database that is known
 * @param properties beside the URL, user and password among them as far as they are known
 */
record OtherDatabase(String url, Properties properties) {
    private static final String PREFIX = "jdbc:postgresql:";

    static OtherDatabase of(String url) {
        return new OtherDatabase(url, new Properties());
    }

    /** Asks the data source, or a connection of it, which does not tell its password. */
    static OtherDatabase of(DataSource dataSource) throws SQLException {
        DataSource target = target(dataSource);
        Properties properties = new Properties();
        if (target instanceof AbstractDriverBasedDataSource driver && driver.getUrl() != null) {
            if (driver.getConnectionProperties() != null) {
                properties.putAll(driver.getConnectionProperties());
            }
            put(properties, "user", driver.getUsername());
            put(properties, "password", driver.getPassword());
            return new OtherDatabase(Objects.requireNonNull(driver.getUrl()), properties);
        }
        if (target instanceof BaseDataSource driver) {
            put(properties, "user", driver.getUser());
            put(properties, "password", driver.getPassword());
            return new OtherDatabase(driver.getUrl(), properties);
        }
        try (Connection connection = dataSource.getConnection()) {
            OtherDatabase known = of(connection);
            // What secures the connections of a pool, such as sslmode, may stand there and not in the URL.
            if (property(target, "getDataSourceProperties") instanceof Properties ofPool) {
                for (String name : ofPool.stringPropertyNames()) {
                    if (!known.properties.containsKey(name)) {
                        put(known.properties, name, ofPool.getProperty(name));
                    }
                }
            }
            put(
                    known.properties,
                    "password",
                    property(target, "getPassword") instanceof String password ? password : null);
            return known;
        }
    }

    static OtherDatabase of(Connection connection) throws SQLException {
        Properties properties = new Properties();
        put(properties, "user", connection.getMetaData().getUserName());
        return new OtherDatabase(connection.getMetaData().getURL(), properties);
    }

    private static DataSource target(DataSource dataSource) throws SQLException {
        DataSource target = dataSource;
        while (target instanceof DelegatingDataSource delegating && delegating.getTargetDataSource() != null) {
            target = delegating.getTargetDataSource();
        }
        return target.isWrapperFor(BaseDataSource.class) ? (DataSource) target.unwrap(BaseDataSource.class) : target;
    }

    /** Pools have no type in common; those in use have these properties. */
    private static @Nullable Object property(DataSource pool, String getter) {
        try {
            Method method = pool.getClass().getMethod(getter);
            return method.invoke(pool);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    private static void put(Properties properties, String key, @Nullable String value) {
        if (value != null) {
            properties.setProperty(key, value);
        }
    }

    /** The URL with another database in it. */
    String url(String database) {
        if (!url.startsWith(PREFIX)) {
            throw notDerived("its URL is not one of PostgreSQL");
        }
        int authority = url.startsWith("//", PREFIX.length()) ? PREFIX.length() + 2 : -1;
        int question = url.indexOf('?');
        int end = question < 0 ? url.length() : question;
        int path = authority < 0 ? PREFIX.length() : url.indexOf('/', authority);
        String server = path < 0 || path > end ? url.substring(0, end) : url.substring(0, path);
        return server
                + (authority < 0 ? "" : "/")
                + URLEncoder.encode(database, StandardCharsets.UTF_8)
                + url.substring(end);
    }

    /** A new connection to a database of the server. */
    Connection connect(String database) throws SQLException {
        Connection connection;
        try {
            connection = new Driver().connect(url(database), properties);
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (properties.containsKey("user")
                    && !properties.containsKey("password")
                    && (state.startsWith("28") || state.equals("08004"))) {
                throw notDerived("it does not tell its password");
            }
            throw e;
        }
        if (connection == null) {
            throw notDerived("its URL is not one of PostgreSQL");
        }
        // A property may name the database, too, and wins over the URL: nothing may happen in the wrong one.
        if (!database.equals(connection.getCatalog())) {
            connection.close();
            throw notDerived("a property of its own pins the database");
        }
        return connection;
    }

    private static ConfigurationException notDerived(String reason) {
        return new ConfigurationException(
                ErrorCode.INVALID_CONFIGURATION,
                "Another database of the same server is needed, and the connections of the application do not lead"
                        + " there: " + reason + ". Nothing was done there",
                "Set confiture.url, confiture.username and confiture.password (a URL instead of the data source or"
                        + " connection without Spring).");
    }

    @Override
    public String toString() {
        return "another database of the same server";
    }
}
