package io.confiture.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** An embedded PostgreSQL that counts what it is asked, with databases to use up. */
final class BenchmarkServer implements AutoCloseable {
    private final EmbeddedPostgres server;
    private final boolean durable;
    private final Connection admin;
    private final ServerCalls calls;
    private int databases;

    private BenchmarkServer(EmbeddedPostgres server, boolean durable) throws SQLException {
        this.server = server;
        this.durable = durable;
        this.admin = DriverManager.getConnection(url("postgres"));
        this.calls = ServerCalls.connect(url("postgres"));
    }

    /** @param durable whether a commit waits for the disk, as PostgreSQL does by default */
    static BenchmarkServer start(boolean durable) throws IOException, SQLException {
        String wait = durable ? "on" : "off";
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                .setServerConfig("pg_stat_statements.max", "50000")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", wait)
                .setServerConfig("synchronous_commit", wait)
                .start();
        try {
            return new BenchmarkServer(server, durable);
        } catch (SQLException e) {
            server.close();
            throw e;
        }
    }

    String createDatabase() throws SQLException {
        String name = "bench_" + ++databases;
        execute("CREATE DATABASE " + name);
        return name;
    }

    /** One with what a template holds. */
    String createDatabase(String template) throws SQLException {
        String name = "bench_" + ++databases;
        execute("CREATE DATABASE " + name + " TEMPLATE " + template);
        return name;
    }

    void dropDatabase(String name) throws SQLException {
        execute("DROP DATABASE " + name + " WITH (FORCE)");
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database + "?user=postgres";
    }

    /** How a tool connects. */
    String clientUrl(String database) {
        return ServerCalls.clientUrl(url(database));
    }

    /** How psql connects. */
    String libpqUrl(String database) {
        return "postgresql://postgres@127.0.0.1:" + server.getPort() + "/" + database;
    }

    /** The first value that a query gives. */
    String value(String sql) throws SQLException {
        try (Statement statement = admin.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    ServerCalls calls() {
        return calls;
    }

    /** The tables that the migrations have made. */
    int tables(String database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(clientUrl(database));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname ~ '^bench_[0-9]+$'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Its version, and what a commit waits for. */
    String describe() throws SQLException {
        return "PostgreSQL " + value("SHOW server_version") + ", fsync and synchronous_commit "
                + (durable ? "on" : "off");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException, IOException {
        calls.close();
        admin.close();
        server.close();
    }
}
