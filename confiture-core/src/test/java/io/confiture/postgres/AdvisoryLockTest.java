package io.confiture.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

class AdvisoryLockTest {
    private static final long KEY = AdvisoryLock.key("confiture:public.tb_confiture");

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private Session open() throws SQLException {
        return Session.open(ConnectionSource.of(database.dataSource()));
    }

    private AdvisoryLock lock(boolean ofTransaction, Session session) throws SQLException {
        return ofTransaction
                ? AdvisoryLock.ofTransaction(session, KEY)
                : AdvisoryLock.ofSession(session, KEY, session.driverPid());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneHolderAtATimeAndTheNextWhenItIsReleased(boolean ofTransaction) throws SQLException {
        try (Session first = open();
                Session second = open()) {
            AdvisoryLock held = lock(ofTransaction, first);
            AdvisoryLock wanted = lock(!ofTransaction, second);
            assertThat(held.tryAcquire()).isTrue();
            assertThat(wanted.tryAcquire()).isFalse();
            assertThat(LockHolder.find(second, KEY))
                    .hasValueSatisfying(holder -> assertThat(holder.pid()).isEqualTo(first.driverPid()));
            held.close();
            assertThat(wanted.tryAcquire()).isTrue();
            wanted.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void createIndexConcurrentlyDoesNotWaitForTheHolderNorForOneThatPolls(boolean ofTransaction) throws SQLException {
        database.execute("CREATE TABLE t (id int)");
        try (Session holder = open();
                Session poller = open();
                Session worker = open()) {
            try (AdvisoryLock held = lock(ofTransaction, holder)) {
                assertThat(held.tryAcquire()).isTrue();
                assertThat(lock(ofTransaction, poller).tryAcquire()).isFalse();
                assertThat(database.values("SELECT backend_xmin FROM pg_stat_activity WHERE pid = " + held.holderPid()))
                        .containsExactly((String) null);
                worker.execute("SET statement_timeout = '5s'");
                worker.execute("CREATE INDEX CONCURRENTLY t_id ON t (id)");
                assertThat(worker.query(
                                "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_id'::regclass",
                                rs -> rs.getBoolean(1)))
                        .containsExactly(true);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLockEndsWithItsBackend(boolean ofTransaction) throws SQLException {
        try (Session first = open();
                Session second = open()) {
            AdvisoryLock held = lock(ofTransaction, first);
            assertThat(held.tryAcquire()).isTrue();
            assertThat(second.query(
                            "SELECT 1 WHERE " + AdvisoryLock.HELD,
                            rs -> rs.getInt(1),
                            held.heldParameters().toArray()))
                    .hasSize(1);
            second.execute("SELECT pg_terminate_backend(" + held.holderPid() + ", 5000)");
            assertThat(second.query(
                            "SELECT 1 WHERE " + AdvisoryLock.HELD,
                            rs -> rs.getInt(1),
                            held.heldParameters().toArray()))
                    .isEmpty();
            AdvisoryLock wanted = lock(ofTransaction, second);
            assertThat(wanted.tryAcquire()).isTrue();
            held.close();
            wanted.close();
        }
    }

    @Test
    void aTimeLimitForTransactionsDoesNotEndTheLockThatATransactionHolds() throws SQLException {
        boolean limits = !database.values("SELECT 1 FROM pg_settings WHERE name = 'transaction_timeout'")
                .isEmpty();
        if (limits) {
            database.execute("ALTER DATABASE " + database.name() + " SET transaction_timeout = '200ms'");
        }
        try (Session holder = open();
                Session other = open()) {
            try (AdvisoryLock held = AdvisoryLock.ofTransaction(holder, KEY)) {
                assertThat(held.tryAcquire()).isTrue();
                if (limits) {
                    other.execute("SET transaction_timeout = 0");
                }
                // The server's clock runs past the limit.
                other.execute("SELECT pg_sleep(0.5)");
                assertThat(LockHolder.find(other, KEY)).isPresent();
            }
        }
    }

    /** The server keeps a session's lock although the statement that took it fails. */
    @Test
    void aStatementThatIsCancelledWhenItHasTakenTheLockDoesNotLeaveItInThePool() throws Exception {
        int cancelled = 0;
        try (Connection others = database.connect();
                Statement lock = others.createStatement();
                Connection canceller = database.connect();
                PreparedStatement cancel = canceller.prepareStatement(
                        "SELECT pg_cancel_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.pid = ?")) {
            // The statement looks at every lock of the server, and with few of them it would be done at once.
            lock.execute("SELECT pg_advisory_lock(i) FROM generate_series(1, 1500) i");
            for (int i = 0; i < 200 && cancelled < 3; i++) {
                try (Connection pooled = database.connect()) {
                    cancel.setInt(1, pooled.unwrap(PGConnection.class).getBackendPID());
                    cancelled += tryWhileCancelled(pooled, cancel) ? 1 : 0;
                    // A cancellation that comes later still ends the connection, and the lock with it.
                    await().untilAsserted(() -> assertThat(
                                    pooled.isClosed() || !cancel.executeQuery().next())
                            .isTrue());
                }
            }
        }
        assertThat(cancelled).isGreaterThan(0);
    }

    /** Whether the try was cancelled, as soon as its lock was seen. */
    private boolean tryWhileCancelled(Connection pooled, PreparedStatement cancel) throws SQLException {
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> cancelling = CompletableFuture.runAsync(
                () -> {
                    try {
                        while (!done.get() && !cancel.executeQuery().next()) {
                            // Until the lock is seen.
                        }
                    } catch (SQLException e) {
                        throw new CompletionException(e);
                    }
                },
                task -> new Thread(task).start());
        try (Session session = Session.open(ConnectionSource.of(pooled));
                AdvisoryLock wanted = lock(false, session)) {
            assertThat(wanted.tryAcquire()).isTrue();
            return false;
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("57014");
            return true;
        } finally {
            done.set(true);
            cancelling.join();
        }
    }

    @Test
    void whoPollsForTheLockLeavesNoPreparedStatementBehindForAPoolerToMiss() throws SQLException {
        try (Session holder = open();
                Session poller = open()) {
            try (AdvisoryLock held = AdvisoryLock.ofTransaction(holder, KEY)) {
                assertThat(held.tryAcquire()).isTrue();
                AdvisoryLock wanted = AdvisoryLock.ofTransaction(poller, KEY);
                for (int i = 0; i < 10; i++) {
                    assertThat(wanted.tryAcquire()).isFalse();
                }
                assertThat(poller.query("SELECT count(*) FROM pg_prepared_statements", rs -> rs.getInt(1)))
                        .containsExactly(0);
            }
        }
    }
}
