package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentedMigrationTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path temp;

    private MigrationFolder folder;
    private Migrator migrator;

    @BeforeEach
    void prepare() {
        folder = new MigrationFolder(temp);
        migrator = Migrator.builder(database.dataSource())
                .locations(folder.location())
                .build();
    }

    private boolean valid(String index) {
        return "t"
                .equals(database.value(
                        "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('" + index + "')"));
    }

    @Test
    void concurrentlyBesideOtherStatementsInOneFileIsCutIntoSegments() {
        folder.write("1_mixed.up.sql", """
                CREATE TABLE t (id int, v int);
                INSERT INTO t SELECT i, i FROM generate_series(1, 100) i;
                CREATE INDEX CONCURRENTLY t_v ON t (v);
                CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);
                REINDEX INDEX CONCURRENTLY t_v;
                REINDEX (CONCURRENTLY) TABLE t;
                INSERT INTO t VALUES (101, 101);
                VACUUM t;
                """);
        assertThat(migrator.plan().steps().get(0).transactional()).isFalse();
        assertThat(migrator.plan().steps().get(0).segments()).isEqualTo(7);
        assertThat(migrator.applyAll())
                .singleElement()
                .satisfies(r -> assertThat(r.rowsAffected()).isEqualTo(101));
        assertThat(valid("t_v")).isTrue();
        assertThat(valid("t_id")).isTrue();
        assertThat(database.value("SELECT count(*) FROM t")).isEqualTo("101");
        assertThat(database.value("SELECT count(*) FROM tb_confiture_run")).isEqualTo("0");
    }

    @Test
    void aFailedSegmentKeepsWhatIsCommittedAndTheNextRunGoesOnThere() {
        folder.write("1_mixed.up.sql", """
                CREATE TABLE t (id int);
                INSERT INTO t VALUES (1), (1);
                CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);
                INSERT INTO t VALUES (2);
                """);
        MigrationException e = catchThrowableOfType(MigrationException.class, migrator::applyAll);
        assertThat(e.sqlState()).isEqualTo("23505");
        assertThat(e).hasMessageContaining("statements 1 to 2").hasMessageContaining("goes on after them");
        assertThat(migrator.status().migrations().get(0).state()).isEqualTo(MigrationState.PARTIAL);
        assertThat(database.value("SELECT count(*) FROM tb_confiture")).isEqualTo("0");
        assertThat(valid("t_id")).isFalse();

        database.execute("DELETE FROM t WHERE ctid = '(0,1)'");
        migrator.applyAll();
        assertThat(valid("t_id")).isTrue();
        assertThat(database.values("SELECT id FROM t ORDER BY id")).containsExactly("1", "2");
        assertThat(migrator.status().upToDate()).isTrue();
    }

    @Test
    void theRestOfAPartialMigrationMayBeMendedInTheFileButNotWhatIsCommitted() {
        String committed = "CREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (1);\n";
        folder.write("1_m.up.sql", committed + "CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\n");
        assertThatThrownBy(migrator::applyAll).isInstanceOf(MigrationException.class);

        folder.write("1_m.up.sql", "CREATE TABLE u (id int);\nCREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\n");
        MigrationException changed = catchThrowableOfType(MigrationException.class, migrator::applyAll);
        assertThat(changed.code()).isEqualTo(ErrorCode.PARTIAL_CHANGED);
        assertThat(database.value("SELECT to_regclass('u')")).isNull();

        folder.write("1_m.up.sql", committed + "CREATE INDEX CONCURRENTLY t_id ON t (id);\n");
        migrator.applyAll();
        assertThat(valid("t_id")).isTrue();
    }

    @Test
    void anIndexThatWasThereBeforeIsNeitherDroppedNorTakenForOurs() {
        database.execute("CREATE TABLE t (id int)", "CREATE INDEX t_id ON t (id)");
        folder.write("1_m.up.sql", "CREATE INDEX CONCURRENTLY t_id ON t (id);\n");
        for (int i = 0; i < 2; i++) {
            MigrationException e = catchThrowableOfType(MigrationException.class, migrator::applyAll);
            assertThat(e.sqlState()).isEqualTo("42P07");
            assertThat(valid("t_id")).isTrue();
        }
    }

    @Test
    void aStatementThatCommitsByItselfNamesTheDirective() {
        database.execute("CREATE TABLE t (id int)");
        String body = "DO $$ BEGIN INSERT INTO t VALUES (1); COMMIT; INSERT INTO t VALUES (2); END $$;\n";
        folder.write("1_do.up.sql", body);
        assertThatThrownBy(migrator::applyAll).hasMessageContaining("transactional=false");
        assertThat(database.value("SELECT count(*) FROM t")).isEqualTo("0");

        folder.write("1_do.up.sql", "-- confiture: transactional=false\n" + body);
        migrator.applyAll();
        assertThat(database.value("SELECT count(*) FROM t")).isEqualTo("2");
    }

    @Test
    void aProcedureThatFailedAfterCommittingIsInDoubtAndStopsUntilSomebodyDecides() {
        database.execute("CREATE TABLE t (id int)");
        folder.write(
                "1_do.up.sql",
                "-- confiture: transactional=false\n"
                        + "DO $$ BEGIN INSERT INTO t VALUES (1); COMMIT; PERFORM 1/0; END $$;\n");
        assertThatThrownBy(migrator::applyAll).hasMessageContaining("division by zero");
        MigrationException e = catchThrowableOfType(MigrationException.class, migrator::applyAll);
        assertThat(e.code()).isEqualTo(ErrorCode.IN_DOUBT);
        assertThat(e.hint())
                .contains("repair(Repair.nothing().decide(\"1_do\", DONE))")
                .contains("RETRY");
        assertThat(database.value("SELECT count(*) FROM t")).isEqualTo("1");
        assertThat(migrator.status().migrations().get(0).state()).isEqualTo(MigrationState.IN_DOUBT);
        assertThat(migrator.plan().blockers()).isNotEmpty();

        migrator.repair(Repair.nothing().decide("1", Repair.Decision.DONE));
        migrator.applyAll();
        assertThat(migrator.status().upToDate()).isTrue();
        assertThat(database.value("SELECT count(*) FROM t")).isEqualTo("1");
    }

    @Test
    void whatAScriptSetsHoldsForItsLaterSegmentsAlsoAfterAnInterruption() {
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.dup (id int)", "INSERT INTO app.dup VALUES (1), (1)");
        folder.write("1_set.up.sql", """
                SET search_path = app;
                CREATE TABLE t (id int);
                CREATE UNIQUE INDEX CONCURRENTLY dup_id ON dup (id);
                CREATE TABLE u (id int);
                """);
        assertThatThrownBy(migrator::applyAll).hasMessageContaining("dup");
        database.execute("TRUNCATE app.dup");
        migrator.applyAll();
        assertThat(database.value("SELECT to_regclass('app.u')")).isEqualTo("app.u");
        assertThat(valid("app.dup_id")).isTrue();
        assertThat(database.value("SELECT count(*) FROM public.tb_confiture")).isEqualTo("1");
    }

    @Test
    void detachPartitionConcurrentlyRunsAndASegmentedRollbackToo() {
        database.execute(
                "CREATE TABLE p (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10)");
        folder.write(
                        "1_d.up.sql",
                        "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;\nCREATE INDEX CONCURRENTLY i ON p1 (id);")
                .write(
                        "1_d.down.sql",
                        "DROP INDEX CONCURRENTLY i;\nALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10);");
        migrator.applyAll();
        assertThat(database.value("SELECT count(*) FROM pg_inherits")).isEqualTo("0");
        migrator.rollback("1");
        assertThat(database.value("SELECT count(*) FROM pg_inherits")).isEqualTo("1");
        assertThat(database.value("SELECT to_regclass('i')")).isNull();
        assertThat(database.value("SELECT count(*) FROM tb_confiture")).isEqualTo("0");
        assertThat(database.value("SELECT count(*) FROM tb_confiture_run")).isEqualTo("0");
    }

    @Test
    void aRunThatWasKilledBeforeItsStatementBeganRunsItAndOneKilledAfterDoesNotRunItTwice() {
        database.execute("CREATE TABLE t (id int)");
        folder.write("1_m.up.sql", "CREATE INDEX CONCURRENTLY t_id ON t (id);\nINSERT INTO t VALUES (1);\n");
        // What a killed process leaves: an intent, once with and once without the effect.
        for (boolean took : new boolean[] {false, true}) {
            try (TestDatabase crashed = TestDatabase.create()) {
                Migrator other = Migrator.builder(crashed.dataSource())
                        .locations(folder.location())
                        .hook(io.confiture.hook.MigrationHook.at(
                                io.confiture.hook.HookPoint.BEFORE_EXECUTE,
                                context -> context.jdbc()
                                        .sql("CREATE TABLE IF NOT EXISTS t (id int)")
                                        .update()))
                        .build();
                other.initialize();
                crashed.execute("CREATE TABLE t (id int)");
                if (took) {
                    crashed.execute("CREATE INDEX t_id ON t (id)");
                }
                crashed.execute(
                        "CREATE TABLE tb_confiture_run (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run_id uuid"
                                + " NOT NULL, kind text NOT NULL, version text, direction text, from_statement integer,"
                                + " to_statement integer, state text NOT NULL, statement text, checksum text,"
                                + " existing_object bigint, started_at timestamptz NOT NULL DEFAULT now(), finished_at"
                                + " timestamptz)",
                        "INSERT INTO tb_confiture_run (run_id, kind, version, direction, from_statement, to_statement,"
                                + " state, statement, checksum) VALUES (gen_random_uuid(), 'segment', '1', 'up', 1, 1,"
                                + " 'intent', 'CREATE INDEX CONCURRENTLY t_id ON t (id)', '"
                                + ScriptPlan.checksum(
                                        ((SqlMigration) other.pending().get(0)).up(), 1, 1)
                                + "')");
                other.applyAll();
                assertThat(crashed.value("SELECT count(*) FROM t")).isEqualTo("1");
                assertThat(crashed.value("SELECT count(*) FROM pg_indexes WHERE indexname = 't_id'"))
                        .isEqualTo("1");
                assertThat(other.status().upToDate()).isTrue();
            }
        }
    }
}
