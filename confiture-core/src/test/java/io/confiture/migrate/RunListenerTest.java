package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.confiture.error.ErrorCode;
import io.confiture.error.HookException;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookContext;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.hook.RunListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunListenerTest extends MigratorTestCase {
    private final List<String> told = new ArrayList<>();
    private final RunListener recorder = new Recorder("", told);

    @Test
    void aRunHoldsItsLockAndItsMigrations() {
        folder.three();
        builder().listener(recorder).build().applyAll("002");
        assertThat(told)
                .containsExactly(
                        "run apply to 002_add_name",
                        "locked",
                        "up 001_create_users (sql)",
                        "end of 001",
                        "up 002_add_name (sql)",
                        "end of 002",
                        "end of run: 2");
    }

    @Test
    void migrationsAreToldApartByWhatTheyAre() {
        folder.write("1_a.up.sql", "SELECT 1").write("R__views.sql", "SELECT 2");
        builder()
                .javaMigration(InJava.of("2", context -> {}).named("b"))
                .listener(recorder)
                .build()
                .applyAll("2");
        assertThat(told)
                .contains("run apply to 2_b", "up 1_a (sql)", "up 2_b (java)", "up R_views (repeatable)")
                .endsWith("end of R", "end of run: 3");
    }

    @Test
    void aRollbackIsARunToo() {
        folder.three();
        migrator().applyAll();
        builder().listener(recorder).build().rollbackTo("002");
        assertThat(told)
                .containsExactly(
                        "run rollback to 002_add_name", "locked", "down 003_seed (sql)", "end of 003", "end of run: 1");
    }

    @Test
    void whatChangesTheRecordWithoutARunIsTold() {
        folder.three();
        database.execute("CREATE TABLE users (id int PRIMARY KEY, email text)");
        int[] changes = new int[1];
        Migrator migrator = builder()
                .listener(new RunListener() {
                    @Override
                    public void ledgerChanged() {
                        changes[0]++;
                    }
                })
                .build();
        migrator.baseline("001");
        assertThat(changes[0]).isEqualTo(1);
        migrator.baseline("001");
        migrator.repair(Repair.nothing().realignChecksums());
        migrator.applyAll();
        assertThat(changes[0])
                .as("nothing was changed that a run does not tell")
                .isEqualTo(1);
        folder.write("001_create_users.up.sql", "SELECT 1;");
        migrator.repair(Repair.nothing().realignChecksums());
        assertThat(changes[0]).isEqualTo(2);
    }

    @Test
    void aRunWithNothingToDoTakesNoLock() {
        builder().listener(recorder).defaultLocations(folder.location()).build().applyAll();
        assertThat(told).containsExactly("run apply", "end of run: 0");
    }

    @Test
    void aFailureEndsWhatWasStarted() {
        folder.write("1_a.up.sql", "SELECT 1").write("2_b.up.sql", "SELECT 1/0");
        fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> builder().listener(recorder).build().applyAll());
        assertThat(told)
                .containsSubsequence(
                        "end of 1", "up 2_b (sql)", "end of 2: MigrationException", "end of run: 1 MigrationException");
    }

    @Test
    void anErrorOfTheJvmEndsWhatWasStarted() {
        folder.three();
        Migrator migrator = builder()
                .listener(recorder)
                .hook(MigrationHook.at(HookPoint.AFTER_EXECUTE, context -> {
                    throw new StackOverflowError();
                }))
                .build();
        assertThatThrownBy(migrator::applyAll).isInstanceOf(StackOverflowError.class);
        assertThat(told)
                .endsWith(
                        "after_execute of 001 StackOverflowError",
                        "end of 001: StackOverflowError",
                        "end of run: 0 StackOverflowError");
    }

    @Test
    void aRunWithoutAConnectionIsToldOf() {
        folder.three();
        Migrator migrator = Migrator.builder("jdbc:postgresql://127.0.0.1:1/x")
                .locations(folder.location())
                .listener(recorder)
                .build();
        assertThatThrownBy(migrator::applyAll);
        assertThat(told).containsExactly("run apply", "end of run: 0 DatabaseConnectionException");
    }

    @Test
    void aLockThatIsNotHadIsToldOfWithTheTimeItTook() {
        folder.three();
        List<Duration> waits = new ArrayList<>();
        Migrator late = builder()
                .lockWait(Duration.ofMillis(30))
                .listener(recorder)
                .listener(new RunListener() {
                    @Override
                    public void lockTimedOut(Duration waited) {
                        waits.add(waited);
                    }
                })
                .build();
        CountDownLatch end = new CountDownLatch(1);
        Migrator first = migrator();
        CompletableFuture<Void> holder = CompletableFuture.runAsync(() -> {
            try (MigrationLock lock = first.lock()) {
                assertThat(lock).isNotNull();
                assertThat(end.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            await().until(() -> first.lockHolder().isPresent());
            fails(LockTimeoutException.class, ErrorCode.LOCK_TIMEOUT, late::applyAll);
        } finally {
            end.countDown();
            holder.join();
        }
        assertThat(told).containsExactly("run apply", "timed out", "end of run: 0 LockTimeoutException");
        assertThat(waits)
                .singleElement()
                .satisfies(waited -> assertThat(waited).isGreaterThanOrEqualTo(Duration.ofMillis(30)));
    }

    @Test
    void everyHookIsToldOfAtThePointsAtWhichItIsCalled() {
        folder.three();
        Migrator migrator = builder()
                .listener(recorder)
                .hook(MigrationHook.at(HookPoint.AFTER_COMMIT, context -> {}))
                .hook(MigrationHook.at(HookPoint.BEFORE_EXECUTE, context -> {
                    throw new IllegalStateException("no");
                }))
                .build();
        fails(HookException.class, ErrorCode.HOOK_FAILED, migrator::applyAll);
        assertThat(told)
                .contains("before_execute of 001 IllegalStateException")
                .noneMatch(line -> line.startsWith("after_commit") || line.startsWith("before_run"));
    }

    @Test
    void aListenerThatFailsKeepsNothingFromAnybody() {
        folder.three();
        RunListener broken = new Recorder("", told) {
            @Override
            void tell(String line) {
                throw new NoClassDefFoundError("io/example/Metrics");
            }
        };
        assertThat(builder().listener(broken).listener(recorder).build().applyAll())
                .hasSize(3);
        assertThat(told).startsWith("run apply").endsWith("end of run: 3");
    }

    @Test
    void whatListenersOpenIsClosedFromTheInsideOut() {
        folder.write("1_a.up.sql", "SELECT 1");
        builder()
                .listeners(List.of(new Recorder("a ", told), new Recorder("b ", told)))
                .build()
                .applyAll();
        assertThat(told)
                .containsExactly(
                        "a run apply",
                        "b run apply",
                        "a locked",
                        "b locked",
                        "a up 1_a (sql)",
                        "b up 1_a (sql)",
                        "b end of 1",
                        "a end of 1",
                        "b end of run: 1",
                        "a end of run: 1");
    }

    private static class Recorder implements RunListener {
        private final String prefix;
        private final List<String> told;

        Recorder(String prefix, List<String> told) {
            this.prefix = prefix;
            this.told = told;
        }

        void tell(String line) {
            told.add(prefix + line);
        }

        private static String of(@Nullable Throwable error) {
            return error == null ? "" : error.getClass().getSimpleName();
        }

        @Override
        public void runStarted(Run run) {
            tell("run " + run.operation() + (run.target() == null ? "" : " to " + run.target()));
        }

        @Override
        public void runEnded(Run run, int migrations, @Nullable Throwable error) {
            tell(("end of run: " + migrations + " " + of(error)).strip());
        }

        @Override
        public void migrationStarted(Step step) {
            tell((step.direction() == HookContext.Direction.UP ? "up " : "down ") + step.version() + "_" + step.name()
                    + " (" + step.kind() + ")");
        }

        @Override
        public void migrationEnded(Step step, @Nullable Throwable error) {
            tell("end of " + step.version() + (error == null ? "" : ": " + of(error)));
        }

        @Override
        public void hookCalled(MigrationHook hook, HookContext context, Duration took, @Nullable Throwable error) {
            assertThat(took).isPositive();
            tell((context.point() + " of " + context.migrationVersion() + " " + of(error)).strip());
        }

        @Override
        public void lockAcquired(Duration waited) {
            assertThat(waited).isPositive();
            tell("locked");
        }

        @Override
        public void lockTimedOut(Duration waited) {
            tell("timed out");
        }
    }
}
