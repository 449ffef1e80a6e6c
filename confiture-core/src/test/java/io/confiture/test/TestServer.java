package io.confiture.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The embedded PostgreSQL of this JVM, started at first use and stopped with the JVM. Its version is chosen when building
 * ({@code -Dpostgres.major=14} to {@code 18}).
 */
public final class TestServer {
    static final String TEMPLATE = "confiture_template";

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestServer() {}

    private static final class Holder {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                        .setServerConfig("pg_stat_statements.max", "50000")
                        .setServerConfig("listen_addresses", "127.0.0.1")
                        .setServerConfig("max_wal_senders", "4")
                        .start();
                try (Connection connection = server.getPostgresDatabase().getConnection();
                        var statement = connection.createStatement()) {
                    statement.execute("CREATE DATABASE " + TEMPLATE);
                }
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("The embedded PostgreSQL of the tests does not start", e);
            } catch (SQLException e) {
                throw new IllegalStateException("The embedded PostgreSQL of the tests has no template", e);
            }
        }
    }

    /** The loopback port the server listens on. */
    public static int port() {
        return Holder.SERVER.getPort();
    }

    /** The JDBC URL of a database as superuser, without password: the server trusts loopback connections. */
    public static String url(String database) {
        return url(database, "postgres");
    }

    /** The JDBC URL of a database for one role. */
    public static String url(String database, String role) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database + "?user=" + role;
    }

    /** A connection to the maintenance database as superuser. */
    public static Connection admin() throws SQLException {
        return DriverManager.getConnection(url("postgres"));
    }

    /** Runs statements in the maintenance database, each in its own transaction. */
    public static void execute(String... statements) {
        try (Connection connection = admin();
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static String nextDatabaseName() {
        return "test_" + DATABASES.incrementAndGet();
    }
}
