package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whatever a run waits for, its end ends the wait. */
class AsyncCancelWaitTest extends AsyncCancelTestCase {
    /** The waits of this test begin where the last statement of a transaction is over. */
    private void waitAtCommitAfterInsertInto(String table) {
        database.execute(
                "CREATE OR REPLACE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM"
                        + " pg_advisory_xact_lock(42); RETURN NULL; END $$",
                "CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON " + table
                        + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()");
    }

    /** The one who cancels has asked and waits before it asks again. */
    private static void awaitCancelWasAsked() {
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("confiture-cancel")
                        && thread.getState() == Thread.State.TIMED_WAITING));
    }

    @Test
    void aCommitUnderWayIsFinishedAndTheLedgerTellsIt() {
        folder.three();
        Migrator migrator = builder().build();
        migrator.initialize();
        waitAtCommitAfterInsertInto("tb_confiture");
        CompletableFuture<List<MigrationResult>> run = migrator.async(executor).applyAll();
        awaitWaiting("COMMIT");
        run.cancel(true);
        awaitCancelWasAsked();
        assertThat(run).isCancelled();
        onBlocker("SELECT pg_advisory_unlock(42)");
        awaitIdle();
        assertThat(ledger()).containsExactly("001");
        assertThat(exists("users")).isTrue();
    }

    @Test
    void aCallThatWasNotSentIsNotInDoubt() {
        folder.write("001_first.up.sql", "CREATE TABLE a (id int); VACUUM a;")
                .write("002_call.up.sql", "-- confiture: transactional=false\nDO $$ BEGIN COMMIT; END $$;");
        Migrator migrator = builder().build();
        migrator.apply("001");
        waitAtCommitAfterInsertInto("tb_confiture_run");
        CompletableFuture<List<MigrationResult>> run = migrator.async(executor).applyAll();
        awaitWaiting("COMMIT");
        run.cancel(true);
        awaitCancelWasAsked();
        onBlocker("SELECT pg_advisory_unlock(42)");
        awaitIdle();
        assertThat(ledger()).containsExactly("001");
        assertThat(migrator.applyAll()).hasSize(1);
    }

    @Test
    void anIndexThatWasBeingBuiltIsBuiltByTheNextRun() {
        folder.three().write("004_index.up.sql", "CREATE INDEX CONCURRENTLY users_name ON users (name);\nSELECT 1;");
        Migrator migrator = builder().build();
        migrator.applyAll("003");
        onBlocker("BEGIN; INSERT INTO users VALUES (3)");
        CompletableFuture<List<MigrationResult>> run = migrator.async(executor).applyAll();
        awaitWaiting("CREATE INDEX CONCURRENTLY");
        run.cancel(true);
        awaitIdle();
        assertThat(migrator.status().migrations().get(3).state()).isEqualTo(MigrationState.PARTIAL);
        onBlocker("COMMIT");
        assertThat(migrator.applyAll()).hasSize(1);
        assertThat(value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_name'::regclass"))
                .isEqualTo("t");
    }

    @Test
    void theWaitForTheMigrationLockEnds() {
        folder.three();
        Migrator other = builder().build();
        try (MigrationLock lock = other.lock()) {
            CompletableFuture<List<MigrationResult>> run =
                    builder().build().async(executor).applyAll();
            await().until(() -> waiters() == 1);
            run.cancel(true);
            awaitIdle();
            await().until(() -> waiters() == 0);
            assertThat(other.lockHolder()).isPresent();
        }
    }

    /** Connections whose latest statement was to try for the lock; the holder's was another. */
    private int waiters() {
        return Integer.parseInt(value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND pid <> pg_backend_pid() AND query LIKE '%pg_try_advisory_lock(%'"));
    }

    @Test
    void theWaitForAnotherThreadOfTheSameMigratorEnds() {
        folder.three();
        Migrator migrator = builder().build();
        try (MigrationLock lock = migrator.lock()) {
            CompletableFuture<?> run =
                    onAnotherThread(() -> migrator.async(executor).applyAll());
            await().until(() -> worker.get() != null && worker.get().getState() == Thread.State.WAITING);
            run.cancel(true);
            awaitIdle();
        }
        assertThat(exists("tb_confiture")).isFalse();
    }

    private static <T> T onAnotherThread(java.util.function.Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, task -> new Thread(task).start())
                .join();
    }

    @Test
    void theWaitForAConnectionOfThePoolEnds() throws SQLException {
        folder.three();
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.url());
            pool.setMaximumPoolSize(1);
            pool.setConnectionTimeout(Duration.ofHours(1).toMillis());
            Migrator migrator =
                    Migrator.builder(pool).locations(folder.location()).build();
            try (Connection taken = pool.getConnection()) {
                CompletableFuture<MigrationStatus> reads =
                        migrator.async(executor).status();
                await().until(() -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
                reads.cancel(true);
                awaitIdle();
                assertThat(taken.isValid(1)).isTrue();
            }
            assertThat(migrator.applyAll()).hasSize(3);
        }
    }

    @Test
    void theWaitForAServerThatMayBeStartingEnds() {
        Migrator migrator = Migrator.builder("postgresql://127.0.0.1:1/none")
                .locations(folder.location())
                .connectRetries(1_000_000)
                .build();
        folder.three();
        CompletableFuture<MigrationStatus> reads = migrator.async(executor).status();
        await().until(() -> worker.get() != null && worker.get().getState() == Thread.State.TIMED_WAITING);
        reads.cancel(true);
        awaitIdle();
    }

    @Test
    void theWaitBeforeTheNextAttemptEnds() {
        threeOfWhichTheSecondWaits();
        AtomicInteger attempts = new AtomicInteger();
        Migrator migrator = builder()
                .lockTimeout(Duration.ofMillis(1))
                .hook(MigrationHook.at(HookPoint.BEFORE_EXECUTE, context -> attempts.incrementAndGet()))
                .build();
        CompletableFuture<List<MigrationResult>> run = migrator.async(executor).applyAll();
        await().until(() -> attempts.get() > 3 && worker.get().getState() == Thread.State.TIMED_WAITING);
        int before = attempts.get();
        run.cancel(true);
        awaitIdle();
        assertThat(attempts).hasValue(before);
        assertThat(ledger()).containsExactly("001");
    }
}
