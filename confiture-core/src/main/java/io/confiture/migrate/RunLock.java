package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException.Place;
import io.confiture.hook.RunListeners;
import io.confiture.postgres.AdvisoryLock;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.LockHolder;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the migration lock of a ledger, in the shape that the connection allows, by trying until the time is over. */
final class RunLock {
    private static final Logger log = LoggerFactory.getLogger(RunLock.class);
    private static final long FIRST_WAIT_MILLIS = 20;
    private static final Duration POOLER_ANSWERS_WITHIN = Duration.ofSeconds(30);
    private static final long LONGEST_WAIT_MILLIS = 500;

    private final ConnectionSource source;
    private final @Nullable ConnectionSource outsidePool;
    private final Duration wait;
    private final RunListeners listeners;

    /**
     * @param outsidePool where connections outside of any pool come from, or null if nobody has said
     * @param listeners who is told how long the lock took
     */
    RunLock(ConnectionSource source, @Nullable ConnectionSource outsidePool, Duration wait, RunListeners listeners) {
        this.source = source;
        this.outsidePool = outsidePool;
        this.wait = wait;
        this.listeners = listeners;
    }

    /**
     * @throws LockTimeoutException if another run holds the lock for longer than the wait, naming it
     * @throws ConfigurationException behind a transaction pooler, if no connection outside the pool can be had
     */
    AdvisoryLock acquire(Session session, History history) throws SQLException {
        AdvisoryLock lock = behindTransactionPooler(session, history)
                ? AdvisoryLock.ofTransaction(openOutsidePool(), history.ledger().lockKey())
                : AdvisoryLock.ofSession(
                        session, history.ledger().lockKey(), history.facts().backendPid());
        try {
            await(lock, session, history);
            if (lock instanceof AdvisoryLock.OfTransaction) {
                requireSecondConnection(session);
            }
            return lock;
        } catch (SQLException | RuntimeException e) {
            if (lock instanceof AdvisoryLock.OfTransaction) {
                lock.close();
            }
            throw e;
        }
    }

    /** A pooler makes up the process id that it tells the driver. */
    static boolean behindTransactionPooler(Session session, History history) {
        return session.driverPid() != history.facts().backendPid();
    }

    private void await(AdvisoryLock lock, Session session, History history) throws SQLException {
        long start = System.nanoTime();
        long pause = FIRST_WAIT_MILLIS;
        boolean told = false;
        while (!lock.tryAcquire()) {
            if (System.nanoTime() - start >= wait.toNanos()) {
                Duration waited = since(start);
                listeners.tell(listener -> listener.lockTimedOut(waited));
                throw timeout(session, history);
            }
            if (!told) {
                log.info(
                        "Another run migrates {}; waiting for it",
                        history.ledger().displayName());
                told = true;
            }
            Backoff.sleep(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1), null);
            pause = Math.min(LONGEST_WAIT_MILLIS, pause * 2);
        }
        Duration waited = since(start);
        listeners.tell(listener -> listener.lockAcquired(waited));
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private LockTimeoutException timeout(Session session, History history) throws SQLException {
        Optional<LockHolder> holder = LockHolder.find(session, history.ledger().lockKey());
        return new LockTimeoutException(
                ErrorCode.LOCK_TIMEOUT,
                "The migration lock of " + history.ledger().displayName() + " was not free within "
                        + wait.toMillis() / 1000.0 + " s; it is held by "
                        + holder.map(LockHolder::describe).orElse("a session that has ended meanwhile")
                        + ". Nothing was run",
                holder.map(h -> "Wait until that run is done, or, if it hangs, end it with SELECT pg_terminate_backend("
                                + h.pid() + "); the lock is free as soon as its connection is gone.")
                        .orElse("Start again."),
                Place.UNKNOWN);
    }

    /** Lock and work can go through the same pooler, and the lock keeps the connection to the server that it has. */
    private void requireSecondConnection(Session session) throws SQLException {
        Duration limit = wait.compareTo(POOLER_ANSWERS_WITHIN) < 0 ? wait : POOLER_ANSWERS_WITHIN;
        long start = System.nanoTime();
        if (!session.answersWithin(limit.toSeconds() < 1 ? Duration.ofSeconds(1) : limit)) {
            throw new DatabaseConnectionException(
                    ErrorCode.CONNECTION_FAILED,
                    "The pooler gave no connection to the server for the work within "
                            + since(start).toMillis() / 1000.0
                            + " s while the migration lock held one: its pool for this database and user is too small,"
                            + " or used up by others. Nothing was run",
                    "Give that pool at least 3 connections (default_pool_size or pool_size of PgBouncer), or migrate"
                            + " past the pooler (confiture.url).");
        }
    }

    private Session openOutsidePool() throws SQLException {
        ConnectionSource direct = outsidePool == null && source.outsidePool() ? source : outsidePool;
        if (direct == null) {
            throw new ConfigurationException(
                    ErrorCode.LOCK_CONNECTION_UNKNOWN,
                    "The connection goes through a transaction pooler, where the migration lock needs a connection of"
                            + " its own, and " + source + " does not tell how to open one. Nothing was run",
                    "Set confiture.url, confiture.username and confiture.password (MigratorBuilder.lockDataSource"
                            + " without Spring); a URL past the pooler is best.");
        }
        return Session.open(direct);
    }
}
