package io.confiture.test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Clients of a database that send one short statement after the other, each on a connection of its own. */
public final class Traffic implements AutoCloseable {
    /** What the connections of clients are named. */
    public static final String NAME = "client";

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> clients = new ArrayList<>();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private volatile boolean stopped;

    private Traffic() {}

    /**
     * As many clients as there are statements.
     *
     * @param statements each with one row of one column: {@link #ELAPSED}
     */
    public static Traffic on(TestDatabase database, List<String> statements) {
        Traffic traffic = new Traffic();
        statements.forEach(sql -> traffic.clients.add(traffic.threads.submit(() -> {
            traffic.send(database, sql);
            return true;
        })));
        return traffic;
    }

    /**
     * How long the server has had the statement, in microseconds, its waits for locks included. By the server's clock: that a
     * client was not given the processor is no wait for a lock.
     */
    public static final String ELAPSED =
            "(extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000000)::bigint";

    private void send(TestDatabase database, String sql) throws SQLException {
        // As one message: the time of a statement begins anew with each.
        String url = database.url() + "&preferQueryMode=simple&ApplicationName=" + NAME;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            while (!stopped) {
                try (ResultSet rs = statement.executeQuery(sql)) {
                    rs.next();
                    long micros = rs.getLong(1);
                    longest.accumulateAndGet(micros, Math::max);
                }
                done.incrementAndGet();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** How many statements were answered. */
    public long done() {
        return done.get();
    }

    /** How long the longest of them took the server, in milliseconds. */
    public long longestMillis() {
        return longest.get() / 1000;
    }

    /** Ends the clients; fails if one of them has met an error. */
    public void stop() throws ExecutionException, InterruptedException {
        stopped = true;
        for (Future<?> client : clients) {
            client.get();
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdown();
    }
}
