package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.test.PidChangingProxy;
import io.confiture.test.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong in practice when several run at once, each test named after the symptom that must not come. */
class LockPitfallsTest extends MigratorTestCase {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofEightPodsAllButTheFirstFailWithAlreadyAppliedOrDuplicateKey(boolean ledgerIsThere) throws Exception {
        if (ledgerIsThere) {
            folder.write("000_before.up.sql", "SELECT 1;");
            migrator().applyAll();
        }
        folder.three();
        int pods = 8;
        CyclicBarrier start = new CyclicBarrier(pods);
        ExecutorService threads = Executors.newFixedThreadPool(pods);
        try {
            List<Future<Integer>> boots = new ArrayList<>();
            for (int i = 0; i < pods; i++) {
                boots.add(threads.submit(() -> {
                    start.await();
                    return migrator().applyAll().size();
                }));
            }
            List<Integer> applied = new ArrayList<>();
            for (Future<Integer> boot : boots) {
                applied.add(boot.get(60, TimeUnit.SECONDS));
            }
            assertThat(applied).containsExactlyInAnyOrder(3, 0, 0, 0, 0, 0, 0, 0);
            assertThat(value("SELECT count(*) FROM users")).isEqualTo("2");
            assertThat(migrator().validate().valid()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void rollbackRacesADeployAndNobodyKnowsWhoHoldsTheLock() {
        folder.three();
        migrator().applyAll();
        Migrator impatient = builder().lockWait(Duration.ofMillis(50)).build();
        Migrator holder = migrator();
        try (MigrationLock lock = holder.lock()) {
            assertThat(lock).isNotNull();
            LockTimeoutException e =
                    refused(LockTimeoutException.class, ErrorCode.LOCK_TIMEOUT, () -> impatient.rollback("003"));
            assertThat(e)
                    .hasMessageContaining(
                            "pid " + holder.lockHolder().orElseThrow().pid())
                    .hasMessageContaining("confiture run ")
                    .hasMessageContaining("client 127.0.0.1")
                    .hasMessageContaining("connected since ");
            assertThat(e.hint()).contains("pg_terminate_backend(");
        }
        assertThat(impatient.rollback("003").action()).isEqualTo(MigrationAction.ROLLED_BACK);
    }

    @Test
    void aCrashedHolderIsReportedAsAlive() {
        folder.three();
        Migrator holder = migrator();
        MigrationLock lock = holder.lock();
        int pid = holder.lockHolder().orElseThrow().pid();
        TestServer.execute("SELECT pg_terminate_backend(" + pid + ")");
        Awaitility.await().until(() -> migrator().lockHolder().isEmpty());
        assertThat(migrator().applyAll()).hasSize(3);
        lock.close();
        assertThat(holder.applyAll()).isEmpty();
    }

    @Test
    void twoSearchPathsToOneLedgerMigrateAtTheSameTime() {
        folder.three();
        migrator().initialize();
        database.execute("CREATE SCHEMA app");
        Migrator other = Migrator.builder(database.url() + "&currentSchema=app,public")
                .locations(folder.location())
                .lockWait(Duration.ZERO)
                .build();
        try (MigrationLock lock = migrator().lock()) {
            assertThat(lock).isNotNull();
            refused(LockTimeoutException.class, ErrorCode.LOCK_TIMEOUT, other::applyAll);
        }
        assertThat(other.status().ledger()).isEqualTo("public.tb_confiture");
        assertThat(other.applyAll()).hasSize(3);
    }

    /** A snapshot that the lock's own transaction kept would hold the index up for ever. */
    @Test
    void behindAPoolerWithRepeatableReadAConcurrentIndexWaitsForTheLock() {
        database.execute(
                "ALTER DATABASE " + database.name() + " SET default_transaction_isolation = 'repeatable read'");
        folder.three().write("004_index.up.sql", "CREATE INDEX CONCURRENTLY i ON users (name);\nSELECT 1;");
        try (PidChangingProxy proxy = new PidChangingProxy()) {
            Migrator migrator = Migrator.builder(proxy.url(database))
                    .locations(folder.location())
                    .statementTimeout(Duration.ofSeconds(20))
                    .build();
            assertThat(migrator.applyAll()).hasSize(4);
        }
        assertThat(value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
                .isEqualTo("t");
    }

    @Test
    void thatTheLockCannotBeReleasedHidesWhyTheRunFailed() {
        folder.write("1_a.up.sql", "CREATE TABLE a ();\nSELECT pg_terminate_backend(pg_backend_pid());\nSELECT 2;");
        MigrationException e = fails(
                MigrationException.class,
                ErrorCode.CONNECTION_FAILED,
                () -> migrator().applyAll());
        assertThat(e.sqlState()).isEqualTo("57P01");
        assertThat(e).hasMessageContaining("terminating connection due to administrator command");
        assertThat(e.line()).isEqualTo(2);
        assertThat(exists("a")).isFalse();
    }
}
