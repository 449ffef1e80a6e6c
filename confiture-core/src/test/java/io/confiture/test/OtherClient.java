package io.confiture.test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client of a pooler that looks, in the server sessions it is given, for what somebody else has left there: any setting
 * that differs from those of a new session, advisory locks, prepared statements, held cursors, temporary tables.
 */
public final class OtherClient implements AutoCloseable {
    // Of the driver's own log-in, or of this very transaction. PgBouncer itself clears the name of an application when
    // a
    // transaction elsewhere has changed it and was rolled back; the name of somebody else would be a leak.
    private static final String SETTINGS = "SELECT name || ' = ' || setting FROM pg_catalog.pg_settings"
            + " WHERE name NOT IN ('extra_float_digits', 'transaction_isolation', 'transaction_read_only',"
            + " 'transaction_deferrable') AND name NOT LIKE 'plpgsql.%'"
            + " AND NOT (name = 'application_name' AND setting = '')";
    private static final String REMAINS = "SELECT 'advisory lock ' || objid FROM pg_catalog.pg_locks"
            + " WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid()"
            + " UNION ALL SELECT 'prepared statement ' || name || ': ' || statement FROM pg_catalog.pg_prepared_statements"
            + " UNION ALL SELECT 'cursor ' || name FROM pg_catalog.pg_cursors WHERE is_holdable"
            + " UNION ALL SELECT 'temporary ' || relname FROM pg_catalog.pg_class"
            + " WHERE relnamespace = pg_catalog.pg_my_temp_schema()"
            + " UNION ALL SELECT 'role ' || current_user WHERE current_user <> session_user"
            + " UNION ALL SELECT 'app.tenant' WHERE pg_catalog.current_setting('app.tenant', true) <> ''";

    private final String url;
    private final List<String> baseline;
    private final Map<String, Set<Integer>> found = new TreeMap<>();
    private final AtomicBoolean watching = new AtomicBoolean(true);
    private final Map<Integer, Integer> looks = new TreeMap<>();
    private Thread watcher = new Thread(() -> {});

    /** Learns from a pool that nobody else has used what a session of it is like. */
    public OtherClient(String url) {
        this.url = url;
        try (Connection connection = connect()) {
            baseline = column(connection, SETTINGS);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(url + "&prepareThreshold=0");
        connection.setAutoCommit(false);
        return connection;
    }

    /** Looks again and again, in whatever session it gets, until {@link #close()}. */
    public OtherClient watch() {
        watcher = new Thread(this::lookOn, "other-client");
        watcher.start();
        return this;
    }

    private void lookOn() {
        try (Connection connection = connect()) {
            while (watching.get()) {
                look(connection);
                connection.commit();
            }
        } catch (SQLException e) {
            note("the client itself failed: " + e.getMessage(), 0);
        }
    }

    /** Looks into so many sessions of the pool, held at the same time. */
    public void lookIntoAll(int poolSize) {
        List<Connection> connections = new ArrayList<>();
        try {
            try {
                for (int i = 0; i < poolSize; i++) {
                    connections.add(connect());
                    look(connections.get(i));
                }
            } finally {
                for (Connection connection : connections) {
                    connection.rollback();
                    connection.close();
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void look(Connection connection) throws SQLException {
        int pid = Integer.parseInt(
                column(connection, "SELECT pg_catalog.pg_backend_pid()::text").get(0));
        List<String> odd = new ArrayList<>(column(connection, SETTINGS));
        odd.removeAll(baseline);
        odd.addAll(column(connection, REMAINS));
        synchronized (this) {
            looks.merge(pid, 1, Integer::sum);
        }
        odd.forEach(what -> note(what, pid));
    }

    private synchronized void note(String what, int pid) {
        found.computeIfAbsent(what, w -> new TreeSet<>()).add(pid);
    }

    private static List<String> column(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet rs = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rs.next()) {
                values.add(rs.getString(1));
            }
            return values;
        }
    }

    /** What was found, each with the server processes in whose sessions. */
    public synchronized Map<String, Set<Integer>> found() {
        return new LinkedHashMap<>(found);
    }

    /** How often it has looked. */
    public synchronized int looks() {
        return looks.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Into how many sessions it has looked. */
    public synchronized int sessions() {
        return looks.size();
    }

    @Override
    public void close() {
        watching.set(false);
        try {
            watcher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
