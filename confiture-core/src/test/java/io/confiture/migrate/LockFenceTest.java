package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.test.PidChangingProxy;
import io.confiture.test.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behind a transaction pooler the lock can be lost while the connection that writes lives on. */
class LockFenceTest extends MigratorTestCase {
    @AutoClose
    private final PidChangingProxy pooler = new PidChangingProxy();

    @AutoClose
    private final TcpProxy network = new TcpProxy(pooler.port());

    @AutoClose("shutdownNow")
    private final ExecutorService others = Executors.newCachedThreadPool();

    private Migrator first;

    @BeforeEach
    void prepare() {
        first = behindPooler().build();
    }

    private MigratorBuilder behindPooler() {
        return Migrator.builder(network.url(database)).locations(folder.location());
    }

    private void terminateTheLocksHolder() {
        database.execute("SELECT pg_terminate_backend(l.pid, 5000) FROM pg_locks l JOIN pg_database d ON d.oid ="
                + " l.database WHERE d.datname = current_database() AND locktype = 'advisory' AND objsubid = 1");
    }

    /** Nor may it for a moment: whoever looks for old snapshots then waits for the end of the run. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "&defaultRowFetchSize=1",
                "&autosave=always",
                "&prepareThreshold=-1",
                "&preferQueryMode=simple",
                "&preferQueryMode=extendedCacheEverything"
            })
    void theTransactionThatHoldsTheLockHasNoSnapshotAtAnyMessageThatConcurrentlyWouldWaitFor(String driver) {
        folder.write("1_s.up.sql", "CREATE TABLE t (id int);\nCREATE INDEX CONCURRENTLY i ON t (id);\n");
        List<String> held = new ArrayList<>();
        network.watch((link, sql) -> {
            database.values("SELECT coalesce(a.backend_xmin::text, 'none') FROM pg_locks l JOIN pg_stat_activity a"
                            + " USING (pid) WHERE l.locktype = 'advisory' AND l.objsubid = 1"
                            + " AND a.datname = current_database()")
                    .forEach(snapshot -> held.add(snapshot + " before " + sql));
            return true;
        });
        Migrator migrator = Migrator.builder(network.url(database) + driver)
                .locations(folder.location())
                .statementTimeout(Duration.ofSeconds(30))
                .build();
        assertThat(migrator.applyAll()).hasSize(1);
        assertThat(held).hasSizeGreaterThan(10).allMatch(snapshot -> snapshot.startsWith("none before "));
    }

    @Test
    void whoLosesTheLockOnTheWayToItsCommitKeepsOthersOutUntilThen() throws Exception {
        database.execute("CREATE TABLE t (id int)");
        folder.write("1_s.up.sql", "INSERT INTO t VALUES (1);\nCREATE INDEX CONCURRENTLY i ON t (id);\n");
        CountDownLatch lost = new CountDownLatch(1);
        CountDownLatch othersHaveTried = new CountDownLatch(1);
        AtomicBoolean inserted = new AtomicBoolean();
        network.watch((link, sql) -> {
            if (sql.startsWith("INSERT INTO t ")) {
                inserted.set(true);
            }
            // Of the first segment: that the lock is held is found already.
            if (sql.equals("COMMIT") && inserted.get()) {
                network.watch((l, s) -> true);
                terminateTheLocksHolder();
                lost.countDown();
                waitFor(othersHaveTried);
            }
            return true;
        });
        Future<List<MigrationResult>> losing = others.submit(() -> first.applyAll());
        assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(
                        () -> builder().lockWait(Duration.ofMillis(100)).build().applyAll())
                .isInstanceOfSatisfying(
                        LockTimeoutException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT))
                .hasMessageContaining("it is held by backend pid");
        Future<List<MigrationResult>> waiting = others.submit(() -> migrator().applyAll());
        othersHaveTried.countDown();
        assertThatThrownBy(losing::get)
                .cause()
                .isInstanceOfSatisfying(
                        MigrationException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCK_LOST))
                .hasMessageContaining("1_s");
        assertThat(waiting.get()).hasSize(1);
        assertThat(database.values("SELECT id FROM t")).containsExactly("1");
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aCallbackThatHasLostTheLockIsRolledBack() {
        database.execute("CREATE TABLE told (what text)");
        folder.three().write("beforeMigrate.sql", "INSERT INTO told VALUES ('before');");
        network.watch((link, sql) -> {
            if (sql.startsWith("INSERT INTO told")) {
                terminateTheLocksHolder();
            }
            return true;
        });
        fails(MigrationException.class, ErrorCode.LOCK_LOST, first::applyAll);
        assertThat(database.values("SELECT what FROM told")).isEmpty();
    }

    @Test
    void whatAHookHasWrittenBeforeTheRunIsRolledBackWhenTheLockIsLost() {
        database.execute("CREATE TABLE told (what text)");
        folder.three();
        first = behindPooler()
                .hook(MigrationHook.at(HookPoint.BEFORE_RUN, context -> {
                    context.jdbc().sql("INSERT INTO told VALUES ('before')").update();
                    terminateTheLocksHolder();
                }))
                .build();
        fails(MigrationException.class, ErrorCode.LOCK_LOST, first::applyAll);
        assertThat(database.values("SELECT what FROM told")).isEmpty();
    }

    @Test
    void aLockTimeoutHoldsForWhatHooksDoBehindAPoolerToo() {
        folder.three().write("4_i.up.sql", "CREATE INDEX CONCURRENTLY i ON users (id);");
        List<String> seen = new ArrayList<>();
        MigrationHook ask = MigrationHook.at(
                HookPoint.BEFORE_EXECUTE,
                context -> seen.add(context.jdbc()
                        .sql("SHOW lock_timeout")
                        .query(String.class)
                        .single()));
        MigrationHook askFirst = MigrationHook.at(
                HookPoint.BEFORE_RUN,
                context -> seen.add(context.jdbc()
                        .sql("SHOW lock_timeout")
                        .query(String.class)
                        .single()));
        behindPooler()
                .lockTimeout(Duration.ofSeconds(3))
                .hook(ask)
                .hook(askFirst)
                .build()
                .applyAll();
        assertThat(seen).hasSize(5).containsOnly("3s");
    }
}
