package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a migration of several segments may have left when it ended in the middle, and what the next call makes of it. */
class SegmentRecoveryTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path temp;

    private MigrationFolder folder;
    private Migrator migrator;

    @BeforeEach
    void prepare() {
        folder = new MigrationFolder(temp);
        migrator = builder().build();
    }

    private MigratorBuilder builder() {
        return Migrator.builder(database.dataSource()).locations(temp.toString());
    }

    private void leaveIntent(String version, String statement, String existing) {
        migrator.initialize();
        database.execute(
                "CREATE TABLE IF NOT EXISTS public.tb_confiture_run (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                        + " run_id uuid NOT NULL, kind text NOT NULL, version text, direction text, from_statement"
                        + " integer, to_statement integer, state text NOT NULL, statement text, checksum text,"
                        + " existing_object bigint, started_at timestamptz NOT NULL DEFAULT now(), finished_at"
                        + " timestamptz)",
                "INSERT INTO public.tb_confiture_run (run_id, kind, version, direction, from_statement, to_statement,"
                        + " state, statement, checksum, existing_object) VALUES (gen_random_uuid(), 'segment', '"
                        + version + "', 'up', 1, 1, 'intent', '" + statement + "', '"
                        + ScriptPlan.checksum(((SqlMigration) migrator.pending().get(0)).up(), 1, 1) + "', " + existing
                        + ")");
    }

    @Test
    void committedRowsAreNotInsertedAgainOnResumeBecauseTheirStatementAlsoSetsTheSession() {
        database.execute("CREATE TABLE audit (id int)", "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1), (1)");
        folder.write(
                "1_m.up.sql",
                "INSERT INTO audit SELECT 1 FROM (SELECT set_config('app.actor', 'migration', false)) s;\n"
                        + "CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\n");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(migrator::applyAll).isInstanceOf(MigrationException.class);
        }
        assertThat(database.value("SELECT count(*) FROM audit")).isEqualTo("1");
    }

    @Test
    void aRollbackBelowAPartialMigrationIsRefusedBecauseWhatItCommittedStandsOnIt() {
        folder.write("1_a.up.sql", "SELECT 1;")
                .write("2_t.up.sql", "CREATE TABLE t (id int); INSERT INTO t VALUES (1), (1);")
                .write("2_t.down.sql", "DROP TABLE t;")
                .write("3_p.up.sql", "ALTER TABLE t ADD c int;\nCREATE UNIQUE INDEX CONCURRENTLY i ON t (id);\n");
        assertThatThrownBy(migrator::applyAll).isInstanceOf(MigrationException.class);
        for (Runnable rollback : new Runnable[] {
            () -> migrator.rollbackTo("1"), () -> migrator.rollback("2"), () -> migrator.rollbackForced("2")
        }) {
            MigrationException e = catchThrowableOfType(MigrationException.class, rollback::run);
            assertThat(e.code()).isEqualTo(ErrorCode.PARTIALLY_APPLIED);
            assertThat(e).hasMessageContaining("3_p");
        }
        assertThat(database.value("SELECT count(*) FROM t")).isEqualTo("2");
    }

    @Test
    void whatAFailedScriptHadSetDoesNotHoldForTheNextCallUnderTheSameLock() {
        database.execute("CREATE SCHEMA other", "CREATE TABLE other.t (id int)", "INSERT INTO other.t VALUES (1), (1)");
        folder.write("1_a.up.sql", "SET search_path = other;\nCREATE UNIQUE INDEX CONCURRENTLY i ON t (id);\n")
                .write("2_b.up.sql", "CREATE TABLE b (id int);");
        Migrator tolerant = builder().outOfOrder(Policy.ALLOW).build();
        try (MigrationLock lock = tolerant.lock()) {
            assertThatThrownBy(() -> tolerant.apply("1")).isInstanceOf(MigrationException.class);
            tolerant.apply("2");
        }
        assertThat(database.value("SELECT to_regclass('public.b')")).isNotNull();
    }

    @Test
    void anIndexThatTheSearchPathNoLongerFindsIsNotTakenForDropped() {
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.t (id int)", "CREATE INDEX ti ON app.t (id)");
        folder.write("1_drop.up.sql", "DROP INDEX CONCURRENTLY ti;");
        leaveIntent("1", "DROP INDEX CONCURRENTLY ti", "'app.ti'::regclass::oid::bigint");
        assertThatThrownBy(migrator::applyAll).hasMessageContaining("does not exist");
        assertThat(database.value("SELECT to_regclass('app.ti')")).isEqualTo("app.ti");
        assertThat(migrator.applied()).isEmpty();
    }

    @Test
    void aDropThatTookEffectBeforeTheCrashIsNotRunAgain() {
        database.execute("CREATE TABLE t (id int)", "CREATE INDEX ti ON t (id)");
        folder.write("1_drop.up.sql", "DROP INDEX CONCURRENTLY ti;");
        leaveIntent("1", "DROP INDEX CONCURRENTLY ti", "'ti'::regclass::oid::bigint");
        database.execute("DROP INDEX ti");
        migrator.applyAll();
        assertThat(migrator.status().upToDate()).isTrue();
    }

    @Test
    void anInterruptedDetachmentIsFinishedAndNotBegunAgain() throws Exception {
        database.execute(
                "CREATE TABLE p (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10)");
        folder.write(
                "1_d.up.sql", "-- confiture: lock-timeout=300ms\nALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;\n");
        CountDownLatch retried = new CountDownLatch(1);
        try (Connection reader = database.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT * FROM p");
            Thread release = new Thread(() -> {
                try {
                    retried.await();
                    reader.rollback();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            release.start();
            Thread watcher = new Thread(() -> {
                while (database.values("SELECT 1 FROM pg_inherits WHERE inhdetachpending")
                        .isEmpty()) {
                    Thread.onSpinWait();
                }
                while (database.values("SELECT 1 FROM public.tb_confiture_run WHERE state = 'failed'")
                        .isEmpty()) {
                    Thread.onSpinWait();
                }
                retried.countDown();
            });
            watcher.start();
            assertThat(migrator.applyAll()).hasSize(1);
            watcher.join();
            release.join();
        }
        assertThat(database.value("SELECT count(*) FROM pg_inherits")).isEqualTo("0");
        assertThat(database.value("SELECT count(*) FROM tb_confiture_run")).isEqualTo("0");
    }

    @Test
    void aScriptThatTakesOnARoleDoesNotLoseTheRightToKeepItsProgress() {
        String role = "owner_" + database.name();
        TestServer.execute("CREATE ROLE " + role);
        try {
            database.execute("GRANT CREATE ON SCHEMA public TO " + role);
            folder.write(
                    "1_r.up.sql",
                    "SET ROLE " + role + ";\nCREATE TABLE t (id int);\nCREATE INDEX CONCURRENTLY i ON t (id);\n"
                            + "CREATE TABLE u (id int);");
            assertThat(migrator.applyAll()).hasSize(1);
            assertThat(database.values("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname IN ('t','u','i')"))
                    .containsOnly(role);
        } finally {
            database.execute("DROP OWNED BY " + role);
            TestServer.execute("DROP ROLE " + role);
        }
    }

    @Test
    void aHookBeforeAStatementThatRunsByItselfIsNotCalledAgainByItsRetry() throws Exception {
        database.execute("CREATE TABLE t (id int)", "CREATE TABLE told (id int)");
        folder.write("1_i.up.sql", "-- confiture: lock-timeout=100ms\nCREATE INDEX CONCURRENTLY i ON t (id);\n");
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE");
            Thread release = new Thread(() -> {
                try {
                    while (database.values("SELECT 1 WHERE to_regclass('tb_confiture_run') IS NOT NULL")
                                    .isEmpty()
                            || database.values("SELECT 1 FROM public.tb_confiture_run WHERE state = 'failed'")
                                    .isEmpty()) {
                        Thread.onSpinWait();
                    }
                    writer.rollback();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            release.start();
            builder()
                    .hook(MigrationHook.at(
                            HookPoint.BEFORE_EXECUTE,
                            context -> context.jdbc()
                                    .sql("INSERT INTO told VALUES (1)")
                                    .update()))
                    .build()
                    .applyAll();
            release.join();
        }
        assertThat(database.value("SELECT count(*) FROM told")).isEqualTo("1");
    }

    @Test
    void aPasswordInAStatementIsNotKeptInTheProgressAndAnErrorOfARemoteServerIsNoLostConnection() {
        folder.write(
                "1_s.up.sql",
                "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1 user=x password=geheim' PUBLICATION p;");
        MigrationException e = catchThrowableOfType(MigrationException.class, migrator::applyAll);
        assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_FAILED);
        assertThat(e).hasMessageNotContaining("geheim");
        assertThat(database.values("SELECT state FROM tb_confiture_run")).containsExactly("failed");
        assertThat(database.values("SELECT statement FROM tb_confiture_run"))
                .allSatisfy(s -> assertThat(s).doesNotContain("geheim"));
    }

    @Test
    void aMisspeltProcedureIsNotInDoubtBecauseItWasNeverCalled() {
        folder.write("1_c.up.sql", "-- confiture: transactional=false\nCALL backfil();");
        assertThatThrownBy(migrator::applyAll).hasMessageContaining("42883");
        database.execute("CREATE PROCEDURE backfil() LANGUAGE SQL AS 'SELECT 1'");
        assertThat(migrator.applyAll()).hasSize(1);
    }

    @Test
    void anInvalidIndexOfSomebodyElseIsNotTakenForOursByIfNotExists() {
        database.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1), (1)");
        assertThatThrownBy(() -> database.execute("CREATE UNIQUE INDEX CONCURRENTLY i ON t (id)"))
                .hasMessageContaining("could not create unique index");
        folder.write("1_i.up.sql", "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (id);");
        assertThatThrownBy(migrator::applyAll).hasMessageContaining("invalid index");
        database.execute("DROP INDEX i");
        migrator.applyAll();
        assertThat(database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
                .isEqualTo("t");
    }

    @Test
    void aFileRenamedBetweenTwoRunsOfItsSegmentsLeavesNoProgressBehind() {
        database.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1), (1)");
        String script = "CREATE TABLE u (id int);\nCREATE UNIQUE INDEX CONCURRENTLY i ON t (id);\n";
        folder.write("001_x.up.sql", script);
        assertThatThrownBy(migrator::applyAll).isInstanceOf(MigrationException.class);
        folder.delete("001_x.up.sql");
        folder.write("1_x.up.sql", script);
        database.execute("TRUNCATE t");
        migrator.applyAll();
        assertThat(database.value("SELECT count(*) FROM tb_confiture_run")).isEqualTo("0");
    }

    @Test
    void withoutPlpgsqlTheSessionIsStillReset() {
        String role = "plain_" + database.name();
        TestServer.execute("CREATE ROLE " + role + " LOGIN");
        try {
            database.execute(
                    "GRANT CREATE ON SCHEMA public TO " + role, "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC");
            folder.write("1_a.up.sql", "CREATE SCHEMA IF NOT EXISTS public; SET search_path = nowhere; SELECT 1;")
                    .write("2_b.up.sql", "CREATE TABLE b (id int);");
            folder.delete("1_a.up.sql");
            folder.write("1_a.up.sql", "SET search_path = nowhere; SELECT 1;");
            assertThat(Migrator.builder(database.url(role))
                            .locations(temp.toString())
                            .build()
                            .applyAll())
                    .hasSize(2);
            assertThat(database.value("SELECT to_regclass('public.b')")).isNotNull();
        } finally {
            database.execute("DROP OWNED BY " + role);
            TestServer.execute("DROP ROLE " + role);
        }
    }

    @Test
    void aStatementThatAnOrphanedBackendStillCarriesOutIsWaitedFor() throws Exception {
        database.execute("CREATE TABLE t (id int)");
        folder.write("1_i.up.sql", "CREATE INDEX CONCURRENTLY i ON t (id);");
        leaveIntent("1", "CREATE INDEX CONCURRENTLY i ON t (id)", "NULL");
        try (Connection blocker = database.connect();
                Statement block = blocker.createStatement();
                Connection orphan = database.connect()) {
            blocker.setAutoCommit(false);
            block.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            Thread building = new Thread(() -> {
                try (Statement statement = orphan.createStatement()) {
                    statement.execute("CREATE INDEX CONCURRENTLY i ON t (id)");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            building.start();
            while (database.values("SELECT 1 FROM pg_locks WHERE NOT granted").isEmpty()) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> builder().lockWait(Duration.ZERO).build().applyAll())
                    .hasMessageContaining("still being carried out");
            blocker.rollback();
            building.join();
        }
        migrator.applyAll();
        assertThat(database.value("SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
                .isEqualTo("0");
        assertThat(migrator.status().upToDate()).isTrue();
    }

    @Test
    void aCallWithAPlaceholderThatAnOrphanedBackendStillCarriesOutIsNotYetInDoubt() throws Exception {
        database.execute(
                "CREATE TABLE t (id int)",
                "CREATE PROCEDURE fill_t(n int) LANGUAGE plpgsql AS $$ BEGIN LOCK TABLE t; COMMIT; END $$");
        folder.write("1_i.up.sql", "-- confiture: transactional=false\nCALL fill_t(${n});");
        leaveIntent("1", "CALL fill_t(${n})", "NULL");
        try (Connection blocker = database.connect();
                Statement block = blocker.createStatement();
                Connection orphan = database.connect()) {
            blocker.setAutoCommit(false);
            block.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<Void> calling = CompletableFuture.runAsync(() -> {
                try (Statement statement = orphan.createStatement()) {
                    statement.execute("CALL fill_t(1234567)");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (database.values("SELECT 1 FROM pg_locks WHERE NOT granted").isEmpty()) {
                Thread.onSpinWait();
            }
            Migrator impatient = builder()
                    .placeholders(Map.of("n", "1234567"))
                    .lockWait(Duration.ZERO)
                    .build();
            String pid = database.value("SELECT pid FROM pg_stat_activity WHERE query = 'CALL fill_t(1234567)'");
            assertThat(MigratorTestCase.fails(LockTimeoutException.class, ErrorCode.LOCK_TIMEOUT, impatient::applyAll))
                    .hasMessageContaining("backend pid " + pid + " after");
            blocker.rollback();
            calling.join();
            MigratorTestCase.fails(MigrationException.class, ErrorCode.IN_DOUBT, impatient::applyAll);
        }
    }
}
