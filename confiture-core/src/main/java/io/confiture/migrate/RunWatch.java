package io.confiture.migrate;

import io.confiture.postgres.Session;
import io.confiture.sql.SqlStatement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a run from outside its thread: tells of statements that take long, and ends the statement under way when the
 * JVM is told to stop, so that it is rolled back and the lock is free before the process is gone.
 */
final class RunWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunWatch.class);
    private static final long TELL_AFTER_SECONDS = 10;
    private static final long STOP_WITHIN_SECONDS = 10;

    private record Current(Migration migration, SqlStatement statement, long sinceNanos) {}

    private final Session session;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread progress;
    private final Thread shutdown;
    private volatile @Nullable Current current;

    private RunWatch(Session session) {
        this.session = session;
        this.progress = new Thread(this::tellOfLongStatements, "confiture-progress");
        this.progress.setDaemon(true);
        this.shutdown = new Thread(this::stop, "confiture-shutdown");
    }

    static RunWatch start(Session session) {
        RunWatch watch = new RunWatch(session);
        try {
            Runtime.getRuntime().addShutdownHook(watch.shutdown);
        } catch (IllegalStateException e) {
            throw new IllegalStateException("The JVM is shutting down; nothing was migrated", e);
        }
        watch.progress.start();
        return watch;
    }

    void begin(Migration migration, SqlStatement statement) {
        current = new Current(migration, statement, System.nanoTime());
    }

    void end() {
        current = null;
    }

    private void tellOfLongStatements() {
        try {
            while (!done.await(TELL_AFTER_SECONDS, TimeUnit.SECONDS)) {
                Current now = current;
                long seconds = now == null ? 0 : TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - now.sinceNanos());
                if (now != null && seconds >= TELL_AFTER_SECONDS) {
                    log.info(
                            "{}: the statement at {}:{} has been running for {} s",
                            now.migration().id(),
                            now.statement().file(),
                            now.statement().start().line(),
                            seconds);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() {
        log.warn("The JVM stops: the migration under way is cancelled and rolled back");
        session.cancel();
        try {
            if (done.await(STOP_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                log.warn("What was under way is rolled back and the migration lock is free");
            } else {
                log.error("The migration did not end in time; the server rolls back when the connection ends");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdown);
        } catch (IllegalStateException e) {
            // The JVM is already shutting down and the hook is what waits for us.
            log.debug("Migration ended during shutdown", e);
        }
    }
}
