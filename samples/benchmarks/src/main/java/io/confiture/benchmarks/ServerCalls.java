package io.confiture.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * How many SQL statements the server ran for one database, by its own count ({@code pg_stat_statements}), read from
 * another database. Transaction control and settings count like everything else.
 *
 * <p>A connection's set-up by the driver is no part of it: {@link #clientUrl} moves it into the start-up packet.
 */
final class ServerCalls implements AutoCloseable {
    private final Connection connection;

    /** Counts by a connection to a database other than the one that is counted. */
    ServerCalls(Connection connection) throws SQLException {
        this.connection = connection;
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
        }
    }

    static ServerCalls connect(String url) throws SQLException {
        return new ServerCalls(DriverManager.getConnection(url));
    }

    /** The same URL; a connection to it sends no statement of its own. */
    static String clientUrl(String url) {
        return url + (url.contains("?") ? "&" : "?") + "assumeMinServerVersion=9.0";
    }

    /** Forgets what was counted for the database. */
    void reset(String database) throws SQLException {
        execute("SELECT pg_stat_statements_reset(0, (SELECT oid FROM pg_database WHERE datname = ?), 0)", database);
    }

    long count(String database) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT coalesce(sum(s.calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
                        + " WHERE d.datname = ?")) {
            statement.setString(1, database);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** What ran and how often, most often first; for messages. */
    List<String> statements(String database) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT s.calls, regexp_replace(s.query, '\\s+', ' ', 'g') FROM pg_stat_statements s"
                        + " JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = ? ORDER BY 1 DESC, 2")) {
            statement.setString(1, database);
            List<String> lines = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String query = rows.getString(2);
                    lines.add(rows.getLong(1) + " x " + (query.length() > 160 ? query.substring(0, 160) + "…" : query));
                }
            }
            return lines;
        }
    }

    private void execute(String sql, String argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            statement.execute();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
