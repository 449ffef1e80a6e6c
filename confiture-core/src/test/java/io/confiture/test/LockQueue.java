package io.confiture.test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Watches who waits for locks on tables, and tells two reasons apart: that a migration has asked for a lock, and that it has
 * it. Times are those of the server, which knows since when somebody waits.
 */
public final class LockQueue implements AutoCloseable {
    private static final String SAMPLE = """
            WITH w AS MATERIALIZED (
                SELECT l.pid, l.relation, l.waitstart, a.application_name LIKE 'confiture run%' AS ours,
                    (extract(epoch FROM clock_timestamp() - l.waitstart) * 1000)::bigint AS millis
                FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                WHERE NOT l.granted AND l.waitstart IS NOT NULL AND a.datname = current_database()
                AND (a.application_name = 'client' OR a.application_name LIKE 'confiture run%'))
            SELECT w.ours, w.pid || ' ' || w.waitstart, w.millis,
                EXISTS (SELECT 1 FROM w o WHERE o.ours AND o.relation = w.relation),
                EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.pid = ANY (pg_blocking_pids(w.pid))
                    AND a.application_name LIKE 'confiture run%')
            FROM w""";

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<?> watching;
    private final Set<String> requests = new HashSet<>();
    private final Map<String, Long> behindRequest = new HashMap<>();
    private final Map<String, Long> behindLock = new HashMap<>();
    private long longestRequest;
    private int samples;
    private volatile boolean stopped;

    private LockQueue(TestDatabase database) {
        watching = thread.submit(() -> {
            watch(database);
            return true;
        });
    }

    public static LockQueue of(TestDatabase database) {
        return new LockQueue(database);
    }

    private void watch(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            while (!stopped) {
                try (ResultSet rs = statement.executeQuery(SAMPLE)) {
                    while (rs.next()) {
                        note(rs.getBoolean(1), rs.getString(2), rs.getLong(3), rs.getBoolean(4), rs.getBoolean(5));
                    }
                }
                synchronized (this) {
                    samples++;
                }
            }
        }
    }

    private synchronized void note(boolean ours, String wait, long millis, boolean sameRequest, boolean byUs) {
        if (ours) {
            requests.add(wait);
            longestRequest = Math.max(longestRequest, millis);
        } else if (sameRequest) {
            behindRequest.merge(wait, millis, Math::max);
        } else if (byUs) {
            long queued = behindRequest.getOrDefault(wait, 0L);
            behindLock.merge(wait, millis - queued, Math::max);
        }
    }

    /** How often the migration has waited for a lock. */
    public synchronized int requests() {
        return requests.size();
    }

    /** The longest of these waits, in milliseconds. */
    public synchronized long longestRequestMillis() {
        return longestRequest;
    }

    /** How many waits of clients there were behind a request of the migration, or behind a lock that it had. */
    public synchronized long waits() {
        return Stream.of(behindRequest, behindLock)
                .flatMap(waits -> waits.keySet().stream())
                .distinct()
                .count();
    }

    /** The longest that a client has waited behind a lock that the migration waited for itself, in milliseconds. */
    public synchronized long longestBehindRequestMillis() {
        return longest(behindRequest);
    }

    /** The longest that a client has waited behind a lock that the migration had, in milliseconds. */
    public synchronized long longestBehindLockMillis() {
        return longest(behindLock);
    }

    private static long longest(Map<String, Long> waits) {
        return List.copyOf(waits.values()).stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /** How often it has looked. */
    public synchronized int samples() {
        return samples;
    }

    public void stop() throws ExecutionException, InterruptedException {
        stopped = true;
        watching.get();
    }

    @Override
    public void close() {
        stopped = true;
        thread.shutdown();
    }
}
