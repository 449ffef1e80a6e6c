package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a run whose future is completed by somebody else. */
class AsyncCancelTest extends AsyncCancelTestCase {
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
