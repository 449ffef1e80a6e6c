package io.confiture.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static final long ROOM = 4L << 30;

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestServer() {}

    private static final class Holder {
        static final EmbeddedPostgres SERVER = start();

        /** Nothing waits for a disk here: files that are copied are sooner there than pages that are logged. */
        static final String STRATEGY = version() < 15 ? "" : " STRATEGY file_copy";

        private static int version() {
            try (Connection connection = SERVER.getPostgresDatabase().getConnection()) {
                return connection.getMetaData().getDatabaseMajorVersion();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        /** In memory, where there is room: a database is some 300 files, and most tests have one of their own. */
        private static Path dataDirectory() throws IOException {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > ROOM
                    ? Files.createTempDirectory(memory, "epg")
                    : Files.createTempDirectory("epg");
        }

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setDataDirectory(dataDirectory())
                        .setServerConfig("full_page_writes", "off")
                        .setServerConfig("max_wal_size", "256MB")
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

    /** Makes a new database that holds what another one does, and tells its name. */
    static String cloneDatabase(String template) {
        String name = "test_" + DATABASES.incrementAndGet();
        execute("CREATE DATABASE " + name + " TEMPLATE " + template + Holder.STRATEGY);
        return name;
    }
}
