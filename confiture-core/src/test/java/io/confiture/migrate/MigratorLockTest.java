package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigratorLockTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose("shutdownNow")
    private final ExecutorService others = Executors.newCachedThreadPool();

    @TempDir
    Path temp;

    private MigrationFolder folder;

    @BeforeEach
    void prepare() {
        folder = new MigrationFolder(temp).three();
    }

    private MigratorBuilder builder() {
        return Migrator.builder(database.dataSource()).locations(folder.location());
    }

    private @Nullable String waiters() {
        return database.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()");
    }

    @Test
    void whatAnotherRunAppliedWhileThisOneWaitedIsSuccess() throws Exception {
        Migrator first = builder().build();
        Migrator second = builder().build();
        Future<MigrationResult> waiting;
        try (MigrationLock lock = first.lock()) {
            waiting = others.submit(() -> second.apply("001"));
            // The other has looked without the lock, found work, and is on its connection trying for the lock.
            await().until(() -> Integer.parseInt(waiters()) >= 3);
            first.applyAll();
        }
        MigrationResult result = waiting.get();
        assertThat(result.action()).isEqualTo(MigrationAction.ALREADY_APPLIED);
        assertThat(result.action()).hasToString("already_applied");
        assertThat(result.success()).isTrue();
        assertThat(database.value("SELECT count(*) FROM users")).isEqualTo("2");
    }

    @Test
    void theLockIsReentrantAndItsOperationsRunUnderIt() {
        Migrator migrator = builder().build();
        try (MigrationLock outer = migrator.lock()) {
            try (MigrationLock inner = migrator.lock()) {
                migrator.apply("001");
                inner.close();
            }
            assertThat(migrator.lockHolder()).isPresent();
            assertThat(migrator.applyAll()).hasSize(2);
            assertThat(migrator.rollback("003").action()).isEqualTo(MigrationAction.ROLLED_BACK);
            assertThat(migrator.status().appliedCount()).isEqualTo(2);
        }
        assertThat(migrator.lockHolder()).isEmpty();
    }

    @Test
    void aTimeoutNamesTheHolderByPidAndApplicationName() {
        Migrator first = builder().build();
        Migrator second = builder().lockWait(Duration.ofMillis(50)).build();
        try (MigrationLock lock = first.lock()) {
            int pid = first.lockHolder().orElseThrow().pid();
            LockTimeoutException direct = catchThrowableOfType(LockTimeoutException.class, second::applyAll);
            assertThat(direct.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT);
            assertThat(direct)
                    .hasMessageContaining("backend pid " + pid)
                    .hasMessageContaining("confiture run")
                    .hasMessageContaining("pg_terminate_backend(" + pid + ")");
        }
        assertThat(database.value("SELECT to_regclass('users')")).isNull();
    }

    @Test
    void aRunWithNothingToDoNeverQueuesForTheLock() throws Exception {
        builder().build().applyAll();
        Migrator holder = builder().build();
        try (MigrationLock lock = holder.lock()) {
            Migrator other = builder().lockWait(Duration.ZERO).build();
            assertThat(others.submit(() -> other.applyAll()).get()).isEmpty();
        }
    }

    @Test
    void rollbackAndApplyExcludeEachOther() throws Exception {
        builder().build().applyAll();
        Migrator holder = builder().build();
        try (MigrationLock lock = holder.lock()) {
            Migrator other = builder().lockWait(Duration.ZERO).build();
            assertThatThrownBy(() -> other.rollback("003")).isInstanceOf(LockTimeoutException.class);
        }
    }

    @Test
    void theServerFindsOutWithinAMinuteThatTheHostOfTheLocksHolderIsGone() {
        folder.write(
                "004_seen.up.sql",
                "CREATE TABLE seen AS SELECT current_setting('tcp_keepalives_idle')::int"
                        + " + current_setting('tcp_keepalives_interval')::int"
                        + " * current_setting('tcp_keepalives_count')::int AS seconds;");
        builder().build().applyAll();
        assertThat(database.value("SELECT seconds FROM seen")).isEqualTo("60");
    }

    @Test
    void aMigrationThatDropsTheLockIsRolledBack() {
        folder.write("004_unlock.up.sql", "CREATE TABLE lost (id int); SELECT pg_advisory_unlock_all();");
        MigrationException e = catchThrowableOfType(
                MigrationException.class, () -> builder().build().applyAll());
        assertThat(e.code()).isEqualTo(ErrorCode.LOCK_LOST);
        assertThat(database.value("SELECT to_regclass('lost')")).isNull();
        assertThat(builder().build().status().appliedCount()).isEqualTo(3);
    }

    @Test
    void aTableLockedByAnotherSessionIsGivenUpAfterTheLockTimeoutAndTriedAgain() throws Exception {
        builder().build().applyAll("002");
        folder.write("003_seed.up.sql", "ALTER TABLE users ADD COLUMN age int;");
        try (Connection reader = database.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("LOCK TABLE users IN ACCESS SHARE MODE");
            Migrator impatient =
                    builder().lockTimeout(Duration.ofMillis(50)).retries(1).build();
            LockTimeoutException e = catchThrowableOfType(LockTimeoutException.class, impatient::applyAll);
            assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_LOCK_TIMEOUT);
            assertThat(e.sqlState()).isEqualTo("55P03");

            AtomicInteger attempts = new AtomicInteger();
            Migrator patient = builder()
                    .lockTimeout(Duration.ofMillis(50))
                    .retries(50)
                    .hook(MigrationHook.at(HookPoint.BEFORE_EXECUTE, context -> attempts.incrementAndGet()))
                    .build();
            Future<List<MigrationResult>> run = others.submit(() -> patient.applyAll());
            await().until(() -> attempts.get() > 1);
            reader.rollback();
            assertThat(run.get()).hasSize(1);
            assertThat(run.get().get(0).warnings()).anyMatch(w -> w.contains("is tried again"));
        }
    }

    @Test
    void whenTheWorkConnectionIsTerminatedTheMigrationIsRolledBackAndAnotherRunFinishes() {
        Migrator killed = builder()
                .hook(MigrationHook.at(HookPoint.AFTER_EXECUTE, context -> {
                    if ("002".equals(context.migrationVersion())) {
                        String pid = context.jdbc()
                                .sql("SELECT pg_backend_pid()::text")
                                .query(String.class)
                                .single();
                        database.execute("SELECT pg_terminate_backend(" + pid + ", 5000)");
                    }
                }))
                .build();
        MigrationException e = catchThrowableOfType(MigrationException.class, killed::applyAll);
        assertThat(e.code()).isEqualTo(ErrorCode.CONNECTION_FAILED);
        assertThat(e.committed()).hasSize(1);
        assertThat(builder().build().applyAll()).hasSize(2);
    }
}
