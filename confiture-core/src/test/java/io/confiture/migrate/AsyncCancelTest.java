package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.test.PidChangingProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a run whose future is completed by somebody else. */
class AsyncCancelTest extends MigratorTestCase {
    private static final String WAIT = "SELECT pg_advisory_xact_lock(42)";

    private final AtomicReference<Thread> worker = new AtomicReference<>();

    @AutoClose("shutdownNow")
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        worker.set(new Thread(task));
        return worker.get();
    });

    @AutoClose
    private Connection blocker;

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

    private void onBlocker(String sql) {
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
    private void awaitWaiting(String sql) {
        await().until(() -> !database.values("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND wait_event_type = 'Lock' AND query LIKE '" + sql + "%'")
                .isEmpty());
    }

    /** Waits until the executor's thread has nothing to do. Its interrupt flag is not set. */
    private void awaitIdle() {
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

    private void resumes(int migrations) {
        onBlocker("SELECT pg_advisory_unlock(42)");
        assertThat(builder().lockWait(Duration.ofSeconds(10)).build().applyAll())
                .hasSize(migrations);
    }

    private MigrationFolder threeOfWhichTheSecondWaits() {
        return folder.write("001_a.up.sql", "CREATE TABLE a (id int);")
                .write("002_b.up.sql", "CREATE TABLE b (id int);\n" + WAIT + ";")
                .write("003_c.up.sql", "CREATE TABLE c (id int);");
    }

    @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
    enum End {
        CANCEL(future -> future.cancel(false)),
        CANCEL_INTERRUPTING(future -> future.cancel(true)),
        FAIL(future -> future.completeExceptionally(new IllegalStateException("enough"))),
        COMPLETE(future -> future.complete(List.of())),
        TIMEOUT(future -> future.orTimeout(1, TimeUnit.MILLISECONDS)),
        TIMEOUT_WITH_VALUE(future -> future.completeOnTimeout(List.of(), 1, TimeUnit.MILLISECONDS));

        private final Consumer<CompletableFuture<List<MigrationResult>>> how;

        End(Consumer<CompletableFuture<List<MigrationResult>>> how) {
            this.how = how;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoeverCompletesTheFutureEndsItsStatementAndFreesTheLock(End end) {
        threeOfWhichTheSecondWaits();
        CompletableFuture<List<MigrationResult>> run =
                builder().build().async(executor).applyAll();
        awaitWaiting(WAIT);
        end.how.accept(run);
        await().until(run::isDone);
        awaitIdle();
        assertThat(ledger()).containsExactly("001");
        assertThat(exists("b")).isFalse();
        assertThat(migrator().lockHolder()).isEmpty();
        resumes(2);
    }

    @Test
    void aCancelledFutureSaysSo() {
        threeOfWhichTheSecondWaits();
        CompletableFuture<List<MigrationResult>> run =
                builder().build().async(executor).applyAll();
        awaitWaiting(WAIT);
        assertThat(run.cancel(true)).isTrue();
        assertThat(run).isCancelled();
        assertThatThrownBy(run::join).isInstanceOf(CancellationException.class);
        assertThat(run.cancel(true)).isTrue();
    }

    @Test
    void aTimeoutSaysSo() {
        threeOfWhichTheSecondWaits();
        CompletableFuture<List<MigrationResult>> run =
                builder().build().async(executor).applyAll().orTimeout(1, TimeUnit.MILLISECONDS);
        assertThatThrownBy(run::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void aStageThatWaitsForTheLockOnTheCancellingThreadGetsIt() {
        threeOfWhichTheSecondWaits();
        Migrator migrator = builder().build();
        CompletableFuture<List<MigrationResult>> run = migrator.async(executor).applyAll();
        CompletableFuture<Integer> again = run.handle((results, failure) -> {
            onBlocker("SELECT pg_advisory_unlock(42)");
            return migrator.applyAll().size();
        });
        awaitWaiting(WAIT);
        run.cancel(true);
        assertThat(again).isCompletedWithValue(2);
    }

    @Test
    void cancellingAStageThatDependsOnTheRunDoesNotEndTheRun() {
        threeOfWhichTheSecondWaits();
        CompletableFuture<List<MigrationResult>> run =
                builder().build().async(executor).applyAll();
        awaitWaiting(WAIT);
        run.thenApply(List::size).cancel(true);
        assertThat(run).isNotDone();
        onBlocker("SELECT pg_advisory_unlock(42)");
        assertThat(run.join()).hasSize(3);
    }

    @Test
    void cancellingWhatHasEndedDoesNothing() {
        folder.three();
        CompletableFuture<List<MigrationResult>> run =
                migrator().async(executor).applyAll();
        assertThat(run.join()).hasSize(3);
        assertThat(run.cancel(true)).isFalse();
        assertThat(run.join()).hasSize(3);
        assertThat(migrator().applyAll()).isEmpty();
    }

    @Test
    void whatIsQueuedAndCancelledNeverStarts() {
        folder.three();
        Queue<Runnable> queue = new ArrayDeque<>();
        CompletableFuture<List<MigrationResult>> run =
                migrator().async(queue::add).applyAll();
        assertThat(run.cancel(false)).isTrue();
        assertThat(queue).hasSize(1);
        queue.forEach(Runnable::run);
        assertThat(exists("tb_confiture")).isFalse();
    }

    @Test
    void betweenTwoMigrationsTheNextDoesNotBegin() {
        threeOfWhichTheSecondWaits();
        CompletableFuture<CompletableFuture<?>> run = new CompletableFuture<>();
        List<String> begun = new ArrayList<>();
        Migrator migrator = builder()
                .hook(MigrationHook.at(HookPoint.BEFORE_EXECUTE, context -> {
                    begun.add(String.valueOf(context.migrationVersion()));
                }))
                .hook(MigrationHook.at(
                        HookPoint.AFTER_COMMIT, context -> run.join().cancel(false)))
                .build();
        run.complete(migrator.async(executor).applyAll());
        awaitIdle();
        assertThat(begun).containsExactly("001");
        assertThat(ledger()).containsExactly("001");
        resumes(2);
    }

    @Test
    void hooksThatTellOfTheEndMayStillWriteItDown() {
        database.execute("CREATE TABLE told (what text)");
        threeOfWhichTheSecondWaits();
        Migrator migrator = builder()
                .hook(MigrationHook.at(
                        HookPoint.ON_ERROR,
                        context -> context.jdbc()
                                .sql("INSERT INTO told VALUES (?)")
                                .param(context.migrationVersion() + " "
                                        + Objects.requireNonNull(context.error())
                                                .getMessage())
                                .update()))
                .build();
        CompletableFuture<List<MigrationResult>> run = migrator.async(executor).applyAll();
        awaitWaiting(WAIT);
        run.cancel(true);
        awaitIdle();
        List<@Nullable String> told = database.values("SELECT what FROM told");
        assertThat(told).hasSize(2);
        assertThat(told.get(0)).startsWith("002 MIGR_119").contains("nothing of 002_b is applied");
    }

    @Test
    void theStatementOfAHookIsCancelledToo() {
        folder.three();
        Migrator migrator = builder()
                .hook(MigrationHook.at(
                        HookPoint.BEFORE_EXECUTE,
                        context -> context.jdbc().sql(WAIT).query().singleRow()))
                .build();
        CompletableFuture<List<MigrationResult>> run = migrator.async(executor).applyAll();
        awaitWaiting(WAIT);
        run.cancel(true);
        awaitIdle();
        assertThat(ledger()).isEmpty();
    }

    @Test
    void aHookCannotBeginAStatementOnceTheRunIsCancelled() {
        folder.three();
        CompletableFuture<CompletableFuture<?>> run = new CompletableFuture<>();
        Migrator migrator = builder()
                .hook(MigrationHook.at(HookPoint.BEFORE_EXECUTE, context -> {
                    run.join().cancel(true);
                    context.jdbc().sql(WAIT).query().singleRow();
                }))
                .build();
        run.complete(migrator.async(executor).applyAll());
        awaitIdle();
        assertThat(ledger()).isEmpty();
    }

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

    @Test
    void aConnectionOfTheCallersStaysOpenAndUsable() throws SQLException {
        threeOfWhichTheSecondWaits()
                .write(
                        "002_b.up.sql",
                        "-- confiture: transactional=false\nSET search_path = pg_catalog;\n" + WAIT + ";");
        try (Connection mine = database.connect();
                Statement statement = mine.createStatement()) {
            statement.execute("SET lock_timeout = '7s'");
            Migrator migrator = Migrator.builder(mine)
                    .locations(folder.location())
                    .lockTimeout(Duration.ZERO)
                    .build();
            CompletableFuture<List<MigrationResult>> run =
                    migrator.async(executor).applyAll();
            awaitWaiting(WAIT);
            run.cancel(true);
            awaitIdle();
            assertThat(mine.isClosed()).isFalse();
            try (var rs = statement.executeQuery(
                    "SELECT current_setting('lock_timeout') || current_setting('search_path')")) {
                rs.next();
                assertThat(rs.getString(1)).isEqualTo("7s\"$user\", public");
            }
            onBlocker("SELECT pg_advisory_unlock(42)");
            assertThat(migrator.applyAll()).hasSize(2);
        }
    }

    @Test
    void behindATransactionPoolerTheLockIsFreedToo() {
        threeOfWhichTheSecondWaits();
        try (PidChangingProxy proxy = new PidChangingProxy()) {
            Migrator migrator = Migrator.builder(proxy.url(database))
                    .locations(folder.location())
                    .lockTimeout(Duration.ZERO)
                    .build();
            CompletableFuture<List<MigrationResult>> run =
                    migrator.async(executor).applyAll();
            awaitWaiting(WAIT);
            run.cancel(true);
            awaitIdle();
            assertThat(migrator().lockHolder()).isEmpty();
            resumes(2);
        }
    }
}
