package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.postgres.AsyncCall;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Where asynchronous operations run, what they refuse, and what an interrupt of their thread does. */
class AsyncMigratorTest extends MigratorTestCase {
    private final AtomicReference<Thread> worker = new AtomicReference<>();

    @AutoClose("shutdownNow")
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        worker.set(new Thread(task, "mine"));
        return worker.get();
    });

    @BeforeEach
    void three() {
        folder.three();
    }

    @Test
    void theWorkAndTheStagesThatDependOnItRunOnTheExecutorAndOnNothingElse() {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        Migrator migrator = builder()
                .hook(MigrationHook.at(
                        HookPoint.AFTER_COMMIT,
                        context -> threads.add(Thread.currentThread().getName())))
                .build();
        CompletableFuture<List<MigrationResult>> run = migrator.async(executor).applyAll();
        run.thenApplyAsync(List::size)
                .thenAcceptAsync(size -> threads.add(Thread.currentThread().getName()))
                .thenRunAsync(() -> threads.add(Thread.currentThread().getName()))
                .join();
        assertThat(threads).containsExactly("mine");
        assertThat(run.defaultExecutor()).isSameAs(executor);
    }

    @Test
    void aFailureIsTheExceptionOfTheOriginal() {
        folder.write("004_bad.up.sql", "SELECT nonsense;");
        assertThatThrownBy(() -> migrator().async(executor).applyAll().join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(MigrationException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_FAILED);
                    assertThat(e.committed()).hasSize(3);
                });
    }

    @Test
    void aWriteInsideASpringTransactionIsRefusedOnTheThreadThatHasIt() {
        TransactionTemplate transaction =
                new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()));
        AsyncMigrator async = migrator().async(executor);
        transaction.executeWithoutResult(status -> {
            fails(MigrationException.class, ErrorCode.INSIDE_TRANSACTION, async::applyAll);
            assertThat(async.status().join().pendingCount()).isEqualTo(3);
        });
        assertThat(exists("tb_confiture")).isFalse();
    }

    @Test
    void aWriteUnderTheLockOfTheCallingThreadIsRefusedInsteadOfWaitingForIt() {
        Migrator migrator = migrator();
        AsyncMigrator async = migrator.async(executor);
        try (MigrationLock lock = migrator.lock()) {
            MigrationException e = fails(MigrationException.class, ErrorCode.INSIDE_TRANSACTION, async::applyAll);
            assertThat(e).hasMessageContaining("holds the migration lock").hasMessageContaining("async applyAll()");
            assertThat(async.status().join().pendingCount()).isEqualTo(3);
        }
        assertThat(async.applyAll().join()).hasSize(3);
    }

    @Test
    void aWriteInAHookIsRefusedInsteadOfWaitingForTheRun() {
        AtomicReference<Migrator> self = new AtomicReference<>();
        Migrator migrator = builder()
                .hook(MigrationHook.at(
                        HookPoint.BEFORE_EXECUTE,
                        context -> fails(
                                MigrationException.class,
                                ErrorCode.INSIDE_TRANSACTION,
                                () -> self.get().async(executor).applyAll())))
                .build();
        self.set(migrator);
        assertThat(migrator.applyAll()).hasSize(3);
    }

    @Test
    void aReadOnTheConnectionThatTheCallerHoldsTheLockWithIsRefused() throws SQLException {
        try (Connection mine = database.connect()) {
            Migrator migrator =
                    Migrator.builder(mine).locations(folder.location()).build();
            AsyncMigrator async = migrator.async(executor);
            try (MigrationLock lock = migrator.lock()) {
                fails(MigrationException.class, ErrorCode.INSIDE_TRANSACTION, async::status);
            }
            assertThat(async.status().join().pendingCount()).isEqualTo(3);
        }
    }

    @Test
    void whatTheExecutorRejectsIsThrownAtOnceAndNothingIsHeld() {
        ExecutorService closed = Executors.newSingleThreadExecutor();
        closed.shutdown();
        Migrator migrator = migrator();
        assertThatThrownBy(() -> migrator.async(closed).applyAll()).isInstanceOf(RejectedExecutionException.class);
        assertThat(migrator.async(executor).applyAll().join()).hasSize(3);
    }

    @Test
    void classpathLocationsAreThoseOfTheThreadThatBuiltTheMigrator() throws Exception {
        Migrator migrator = Migrator.builder(database.dataSource())
                .locations("classpath:docs")
                .build();
        executor.submit(() -> Thread.currentThread().setContextClassLoader(new ClassLoader(null) {}))
                .get();
        assertThat(migrator.async(executor).pending().join()).isNotEmpty();
    }

    @Test
    void anInterruptEndsTheWaitForTheMigrationLock() throws Exception {
        Migrator other = migrator();
        try (MigrationLock lock = other.lock()) {
            CompletableFuture<List<MigrationResult>> run =
                    migrator().async(executor).applyAll();
            await().until(() -> waiters() == 1);
            executor.shutdownNow();
            cancelled(run);
            await().until(() -> waiters() == 0);
        }
    }

    @Test
    void anInterruptEndsTheWaitForAnotherThreadOfTheSameMigrator() throws Exception {
        Migrator migrator = migrator();
        CompletableFuture<CompletableFuture<List<MigrationResult>>> run = new CompletableFuture<>();
        Thread starter = new Thread(() -> run.complete(migrator.async(executor).applyAll()));
        try (MigrationLock lock = migrator.lock()) {
            starter.start();
            run.join();
            await().until(() -> worker.get().getState() == Thread.State.WAITING);
            executor.shutdownNow();
            cancelled(run.join());
        }
    }

    @Test
    void anInterruptEndsTheRunBeforeTheNextStatement() throws Exception {
        CompletableFuture<List<MigrationResult>> run = builder()
                .hook(MigrationHook.at(HookPoint.AFTER_COMMIT, context -> executor.shutdownNow()))
                .build()
                .async(executor)
                .applyAll();
        MigrationException e = cancelled(run);
        assertThat(e).hasMessageContaining("nothing of 002_add_name is applied");
        assertThat(ledger()).containsExactly("001");
        assertThat(migrator().lockHolder()).isEmpty();
        assertThat(migrator().applyAll()).hasSize(2);
    }

    /** The run ended as cancelled, and its thread is still interrupted, which ends it. */
    private MigrationException cancelled(CompletableFuture<?> run) throws InterruptedException {
        AtomicReference<MigrationException> failure = new AtomicReference<>();
        assertThatThrownBy(run::join).cause().isInstanceOfSatisfying(MigrationException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
            failure.set(e);
        });
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        return failure.get();
    }

    /** Connections whose latest statement was to try for the lock; the holder's was another. */
    private int waiters() {
        return Integer.parseInt(value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND pid <> pg_backend_pid() AND query LIKE '%pg_try_advisory_lock(%'"));
    }

    @Test
    void theInterruptOfACallersThreadIsKept() {
        Migrator migrator = builder().lockWait(Duration.ofHours(1)).build();
        try (MigrationLock lock = migrator().lock()) {
            Thread.currentThread().interrupt();
            fails(MigrationException.class, ErrorCode.CANCELLED, migrator::applyAll);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void theLogTellsWhatACancelledRunHasCommitted() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(AsyncCall.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            CompletableFuture<CompletableFuture<?>> run = new CompletableFuture<>();
            Migrator migrator = builder()
                    .hook(MigrationHook.at(HookPoint.AFTER_COMMIT, context -> {
                        if ("002".equals(context.migrationVersion())) {
                            run.join().cancel(true);
                        }
                    }))
                    .build();
            run.complete(migrator.async(executor).applyAll());
            executor.submit(() -> {}).get();
            CompletableFuture<CompletableFuture<?>> late = new CompletableFuture<>();
            Migrator last = builder()
                    .hook(MigrationHook.at(
                            HookPoint.AFTER_RUN, context -> late.join().cancel(true)))
                    .build();
            late.complete(last.async(executor).applyAll());
            executor.submit(() -> {}).get();
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list).hasSize(2);
        assertThat(lines.list.get(0).getFormattedMessage())
                .startsWith("async applyAll() was cancelled: MIGR_119")
                .contains("nothing of 003_seed is applied")
                .endsWith("Committed before, and stays: 001_create_users, 002_add_name");
        assertThat(lines.list.get(1).getFormattedMessage())
                .isEqualTo("async applyAll() was cancelled when it had done its work, which stays");
        assertThat(ledger()).containsExactly("001", "002", "003");
    }
}
