package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** A session that holds a lock on which migrations of a test wait, and a thread that runs them. */
abstract class AsyncCancelTestCase extends MigratorTestCase {
    static final String WAIT = "SELECT pg_advisory_xact_lock(42)";

    final AtomicReference<Thread> worker = new AtomicReference<>();

    @AutoClose("shutdownNow")
    final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        worker.set(new Thread(task));
        return worker.get();
    });

    @AutoClose
    Connection blocker;

    @BeforeEach
    void block() throws SQLException {
        blocker = database.connect();
        onBlocker("SELECT pg_advisory_lock(42)");
    }

    /** Nobody else holds anything, and the threads that cancel are gone. */
    @AfterEach
    void nothingIsLeft() {
        awaitIdle();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("confiture-")));
    }

    void onBlocker(String sql) {
        try (Statement statement = blocker.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    MigratorBuilder builder() {
        return super.builder().lockTimeout(Duration.ZERO);
    }

    /** Some server process waits for a lock while it does this. */
    void awaitWaiting(String sql) {
        await().until(() -> !database.values("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND wait_event_type = 'Lock' AND query LIKE '" + sql + "%'")
                .isEmpty());
    }

    /** Waits until the executor's thread has nothing to do. Its interrupt flag is not set. */
    void awaitIdle() {
        if (!executor.isShutdown()) {
            try {
                assertThat(executor.submit(() -> Thread.currentThread().isInterrupted())
                                .get(30, TimeUnit.SECONDS))
                        .isFalse();
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new IllegalStateException("The run did not end", e);
            }
        }
    }

    void resumes(int migrations) {
        onBlocker("SELECT pg_advisory_unlock(42)");
        assertThat(builder().lockWait(Duration.ofSeconds(10)).build().applyAll())
                .hasSize(migrations);
    }

    MigrationFolder threeOfWhichTheSecondWaits() {
        return folder.write("001_a.up.sql", "CREATE TABLE a (id int);")
                .write("002_b.up.sql", "CREATE TABLE b (id int);\n" + WAIT + ";")
                .write("003_c.up.sql", "CREATE TABLE c (id int);");
    }
}
