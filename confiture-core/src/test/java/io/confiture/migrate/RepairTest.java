package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.migrate.Repair.Decision;
import io.confiture.migrate.RepairReport.Step;
import io.confiture.migrate.RepairReport.What;
import io.confiture.test.DatabaseContents;
import io.confiture.test.TestServer;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrong with the record is put right as far as it is asked, shown before and kept after. */
class RepairTest extends MigratorTestCase {
    /** Commits, then takes its own connection away, the first time only. */
    private static final String CRASHING = """
            -- confiture: transactional=false
            CREATE TABLE done (id int);
            CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO done VALUES (1);
                COMMIT;
                IF (SELECT count(*) FROM done) = 1 THEN
                    PERFORM pg_terminate_backend(pg_backend_pid());
                END IF;
            END $$;
            CALL fill();
            CREATE TABLE after_it (id int);
            """;

    @AutoClose("shutdownNow")
    private final ExecutorService others = Executors.newCachedThreadPool();

    private List<@Nullable String> audit() {
        return database.values("SELECT version || ' ' || state || ': ' || statement FROM tb_confiture_run"
                + " WHERE kind = 'repair' ORDER BY id");
    }

    /** Plans, asserts that this changed nothing, repairs, and asserts that exactly the plan was carried out. */
    private RepairReport repairAsPlanned(Repair repair) {
        List<String> before = DatabaseContents.of(database);
        RepairReport plan = migrator().planRepair(repair);
        assertThat(plan.executed()).isFalse();
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
        RepairReport report = migrator().repair(repair);
        assertThat(report.executed()).isTrue();
        assertThat(report.steps()).isEqualTo(plan.steps());
        assertThat(report.open()).isEqualTo(plan.open());
        assertThat(audit()).hasSizeGreaterThanOrEqualTo(report.steps().size());
        return report;
    }

    private void crash() {
        folder.write("1_fill.up.sql", CRASHING);
        fails(
                MigrationException.class,
                ErrorCode.CONNECTION_FAILED,
                () -> migrator().applyAll());
        assertThat(migrator().status().migrations().get(0).state()).isEqualTo(MigrationState.IN_DOUBT);
    }

    @Test
    void checksumsOfChangedAndUncheckedMigrationsBecomeThoseOfTheFiles() {
        folder.three();
        migrator().applyAll();
        String before = value("SELECT checksum FROM tb_confiture WHERE version = '001'");
        folder.write("001_create_users.up.sql", "CREATE TABLE users (id int PRIMARY KEY, email text); -- tidied");
        database.execute("UPDATE tb_confiture SET checksum = NULL WHERE version = '002'");

        RepairReport report = repairAsPlanned(Repair.nothing().realignChecksums());

        assertThat(report.steps()).extracting(Step::migration).containsExactly("001_create_users", "002_add_name");
        assertThat(report.steps()).extracting(Step::before).containsExactly(before, null);
        assertThat(report.steps())
                .extracting(Step::after)
                .isEqualTo(database.values("SELECT checksum FROM tb_confiture WHERE version < '003' ORDER BY version"));
        assertThat(report.open()).isEmpty();
        assertThat(migrator().validate().valid()).isTrue();
        assertThat(migrator().applyAll()).isEmpty();
        assertThat(audit())
                .satisfiesExactly(
                        row -> assertThat(row)
                                .startsWith("001 realigned: checksum was " + before + ", is ")
                                .endsWith("; by role postgres"),
                        row -> assertThat(row).startsWith("002 realigned: checksum was null, is "));
    }

    @Test
    void migrationsWithoutFileAreForgottenAndThoseOfANewerBuildNever() {
        folder.three();
        migrator().applyAll();
        folder.delete("001_create_users.up.sql");
        folder.delete("001_create_users.down.sql");
        database.execute("INSERT INTO tb_confiture (slug, version, name) VALUES ('x', '900', 'newer')");

        RepairReport report = repairAsPlanned(Repair.nothing().clearMissing());

        assertThat(report.steps()).singleElement().satisfies(step -> {
            assertThat(step.what()).isEqualTo(What.MISSING);
            assertThat(step.migration()).isEqualTo("001_create_users");
            assertThat(step.after()).isNull();
            assertThat(step.toString()).endsWith("removed from the ledger");
        });
        assertThat(ledger()).containsExactly("002", "003", "900");
        assertThat(exists("users")).isTrue();
        assertThat(migrator().applyAll()).isEmpty();
        assertThat(audit())
                .singleElement()
                .asString()
                .contains("001 cleared: removed 001_create_users, slug 001_create_users_20")
                .contains("checksum ")
                .contains(" ms");
    }

    @Test
    void ifEveryFileIsGoneNothingIsTakenForMissing() {
        folder.three();
        migrator().applyAll();
        MigrationFolder empty = new MigrationFolder(temp.resolve("empty")).write("readme.txt", "");
        Migrator lost = Migrator.builder(database.dataSource())
                .locations(empty.location())
                .build();
        assertThat(lost.repair(Repair.nothing().clearMissing()).steps()).isEmpty();
        assertThat(ledger()).hasSize(3);
    }

    @Test
    void aMigrationForgottenTakesItsInterruptedRollbackAlong() {
        folder.write("1_a.up.sql", "CREATE TABLE a (id int)")
                .write("1_a.down.sql", "CREATE TABLE b ();\nVACUUM a;\nSELECT 1/0;")
                .write("2_b.up.sql", "");
        migrator().applyAll();
        assertThatThrownBy(() -> migrator().rollbackForced("1")).hasMessageContaining("division by zero");
        folder.delete("1_a.up.sql");
        folder.delete("1_a.down.sql");
        assertThat(migrator().status().migrations().get(0).detail()).endsWith("its rollback was not finished");
        repairAsPlanned(Repair.nothing().clearMissing());
        folder.write("1_other.up.sql", "");
        builder().outOfOrder(Policy.ALLOW).build().applyAll();
        assertThat(migrator().status().migrations().get(0).state()).isEqualTo(MigrationState.APPLIED);
    }

    @Test
    void aCallThatCommittedAndCrashedIsNotRunAgainIfItWasDone() {
        crash();
        RepairReport report = repairAsPlanned(Repair.nothing().decide("1_fill", Decision.DONE));
        assertThat(report.steps()).singleElement().satisfies(step -> {
            assertThat(step.what()).isEqualTo(What.IN_DOUBT);
            assertThat(step.statement()).isEqualTo(3);
            assertThat(step.before()).contains("statement 3 of its up part, CALL fill()");
            assertThat(step.after()).startsWith("done");
        });
        assertThat(migrator().applyAll()).hasSize(1);
        assertThat(value("SELECT count(*) FROM done")).isEqualTo("1");
        assertThat(exists("after_it")).isTrue();
        assertThat(migrator().status().upToDate()).isTrue();
        assertThat(audit())
                .singleElement()
                .asString()
                .contains("1 done: was statement 3")
                .contains("by role postgres");
        assertThat(database.values("SELECT direction || from_statement || to_statement || length(checksum)"
                        + " FROM tb_confiture_run WHERE kind = 'repair'"))
                .containsExactly("up3364");
    }

    @Test
    void aCallThatCommittedAndCrashedIsRunAgainIfItIsToBe() {
        crash();
        RepairReport report = repairAsPlanned(Repair.nothing().decide("001", Decision.RETRY));
        assertThat(report.steps().get(0).after()).startsWith("not done");
        assertThat(migrator().applyAll()).hasSize(1);
        assertThat(value("SELECT count(*) FROM done")).isEqualTo("2");
        assertThat(audit()).singleElement().asString().startsWith("1 retry: ");
    }

    @ParameterizedTest
    @EnumSource(Decision.class)
    void aRollbackInDoubtIsDecidedTheSameWay(Decision decision) {
        database.execute("CREATE TABLE undone (id int)");
        folder.write("1_a.up.sql", "CREATE TABLE a ()")
                .write(
                        "1_a.down.sql",
                        "-- confiture: transactional=false\nDO $$ BEGIN INSERT INTO undone VALUES (1); COMMIT;"
                                + " IF (SELECT count(*) FROM undone) = 1 THEN RAISE 'crash'; END IF; END $$;\n"
                                + "DROP TABLE a;");
        migrator().applyAll();
        assertThatThrownBy(() -> migrator().rollback("1")).hasMessageContaining("crash");
        assertThat(migrator().status().migrations().get(0))
                .satisfies(info -> assertThat(info.state()).isEqualTo(MigrationState.IN_DOUBT))
                .satisfies(info ->
                        assertThat(info.detail()).contains("statement 1").contains("rollback"));
        fails(
                MigrationException.class,
                ErrorCode.PARTIALLY_ROLLED_BACK,
                () -> migrator().applyAll());
        MigrationException e = fails(
                MigrationException.class, ErrorCode.IN_DOUBT, () -> migrator().rollback("1"));
        assertThat(e.hint()).contains("repair(Repair.nothing().decide(\"1_a\", DONE))");

        RepairReport report = repairAsPlanned(Repair.nothing().decide("1", decision));

        assertThat(report.steps().get(0).before()).contains("of its down part");
        migrator().rollback("1");
        assertThat(exists("a")).isFalse();
        assertThat(ledger()).isEmpty();
        assertThat(value("SELECT count(*) FROM undone")).isEqualTo(decision == Decision.DONE ? "1" : "2");
    }

    @Test
    void nothingIsDoneThatIsNotAskedForAndThePlanTellsWhatCouldBe() {
        folder.write("1_a.up.sql", "SELECT 1").write("2_b.up.sql", "").write("3_c.up.sql", "");
        migrator().applyAll();
        folder.delete("2_b.up.sql");
        folder.write("1_a.up.sql", "SELECT 2")
                .write("4_d.up.sql", "-- confiture: transactional=false\nDO $$ BEGIN COMMIT; PERFORM 1/0; END $$;");
        assertThatThrownBy(() -> builder()
                        .changed(Policy.ALLOW)
                        .missing(Policy.ALLOW)
                        .build()
                        .applyAll())
                .isInstanceOf(MigrationException.class);
        List<String> before = DatabaseContents.of(database);
        RepairReport report = migrator().repair(Repair.nothing());
        assertThat(report.steps()).isEmpty();
        assertThat(report.open()).extracting(Step::what).containsExactly(What.CHECKSUM, What.MISSING, What.IN_DOUBT);
        assertThat(report)
                .hasToString("Repaired: nothing\nNot asked for: checksums: 1; missing: 1; in doubt: 4_d statement 1");
        assertThat(DatabaseContents.of(database)).isEqualTo(before);

        RepairReport all = repairAsPlanned(
                Repair.nothing().realignChecksums().clearMissing().decide("4", Decision.DONE));
        assertThat(all.steps()).extracting(Step::migration).containsExactly("1_a", "2_b", "4_d");
        assertThat(all.open()).isEmpty();
        assertThat(all.toString())
                .startsWith("Repaired: 3 entries\n  checksum 1_a: ")
                .contains("\n  in_doubt 4_d: statement 1 of its up part, DO $$");
        assertThat(migrator().applyAll()).hasSize(1);
        assertThat(migrator().repair(Repair.nothing()).toString()).isEqualTo("Repaired: nothing");
    }

    @Test
    void aDecisionAboutAnUnknownMigrationNamesTheNearestAndNothingIsRepaired() {
        folder.three();
        migrator().applyAll();
        folder.write("003_seed.up.sql", "");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.MIGRATION_UNKNOWN,
                () -> migrator().repair(Repair.nothing().realignChecksums().decide("003_sed", Decision.DONE)));
        assertThat(e.hint()).contains("003_seed");
    }

    @Test
    void aDecisionAboutWhatIsNotInDoubtIsRefusedAndNothingIsRepaired() {
        folder.three();
        migrator().applyAll();
        folder.write("001_create_users.up.sql", "")
                .write("004_d.up.sql", "-- confiture: transactional=false\nDO $$ BEGIN COMMIT; PERFORM 1/0; END $$;");
        assertThatThrownBy(() -> builder().changed(Policy.ALLOW).build().applyAll())
                .hasMessageContaining("division");
        Repair repair = Repair.nothing().realignChecksums().decide("002", Decision.DONE);
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.NOT_IN_DOUBT,
                () -> migrator().repair(repair));
        assertThat(e).hasMessageContaining("002_add_name").hasMessageContaining("it is applied");
        assertThat(e.hint()).contains("004_d");
        refused(
                MigrationException.class,
                ErrorCode.NOT_IN_DOUBT,
                () -> migrator().planRepair(repair));
        refused(
                MigrationException.class,
                ErrorCode.NOT_IN_DOUBT,
                () -> migrator()
                        .repair(Repair.nothing().decide("4", Decision.DONE).decide("004_d", Decision.RETRY)));
    }

    @Test
    void ifOneStepCannotBeDoneNoneIs() {
        folder.three();
        migrator().applyAll();
        folder.write("001_create_users.up.sql", "").write("002_add_name.up.sql", "");
        database.execute("ALTER TABLE tb_confiture ADD CHECK (version <> '002' OR length(checksum) < 64) NOT VALID");
        String before = value("SELECT string_agg(t::text, ',' ORDER BY version) FROM tb_confiture t");
        assertThatThrownBy(() -> migrator().repair(Repair.nothing().realignChecksums()))
                .hasMessageContaining("tb_confiture_check");
        assertThat(value("SELECT string_agg(t::text, ',' ORDER BY version) FROM tb_confiture t"))
                .isEqualTo(before);
        assertThat(audit()).isEmpty();
    }

    @Test
    void whatAServerProcessStillCarriesOutIsNotForAnybodyToDecide() throws Exception {
        crash();
        database.execute("CREATE OR REPLACE PROCEDURE fill() LANGUAGE plpgsql AS"
                + " $$ BEGIN LOCK TABLE done IN SHARE ROW EXCLUSIVE MODE; COMMIT; END $$");
        try (Connection blocker = database.connect();
                Connection orphan = database.connect()) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("LOCK TABLE done IN SHARE ROW EXCLUSIVE MODE");
            Future<Boolean> call = others.submit(() -> orphan.createStatement().execute("CALL fill()"));
            await().until(() ->
                    value("SELECT count(*) FROM pg_locks WHERE NOT granted").equals("1"));
            for (Decision decision : Decision.values()) {
                LockTimeoutException e = refused(
                        LockTimeoutException.class,
                        ErrorCode.LOCK_TIMEOUT,
                        () -> migrator().repair(Repair.nothing().decide("1", decision)));
                assertThat(e).hasMessageContaining("still being carried out");
            }
            fails(
                    LockTimeoutException.class,
                    ErrorCode.LOCK_TIMEOUT,
                    () -> builder().lockWait(Duration.ZERO).build().applyAll());
            blocker.rollback();
            call.get();
        }
        assertThat(migrator()
                        .repair(Repair.nothing().decide("1", Decision.DONE))
                        .steps())
                .hasSize(1);
    }

    @Test
    void anIndexOfWhichTheCatalogCannotTellIsDecidedToo() {
        database.execute("CREATE TABLE p (id int) PARTITION BY RANGE (id)");
        folder.write("1_i.up.sql", "CREATE INDEX CONCURRENTLY i ON p (id);");
        assertThatThrownBy(migrator()::applyAll).hasMessageContaining("partitioned");
        // Invalid until every partition has its own, and no leftover of ours to drop.
        database.execute("CREATE INDEX i ON ONLY p (id)", "CREATE TABLE p1 PARTITION OF p DEFAULT");
        database.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass");
        fails(MigrationException.class, ErrorCode.IN_DOUBT, () -> migrator().applyAll());
        assertThat(migrator().planRepair(Repair.nothing()).open())
                .extracting(Step::what)
                .containsExactly(What.IN_DOUBT);
        repairAsPlanned(Repair.nothing().decide("1", Decision.DONE));
        assertThat(migrator().applyAll()).hasSize(1);
    }

    @Test
    void aRepairWaitsForTheRunThatHoldsTheLock() throws Exception {
        folder.three();
        Migrator first = migrator();
        first.applyAll();
        folder.write("001_create_users.up.sql", "");
        Future<RepairReport> waiting;
        try (MigrationLock lock = first.lock()) {
            fails(
                    LockTimeoutException.class,
                    ErrorCode.LOCK_TIMEOUT,
                    () -> builder()
                            .lockWait(Duration.ZERO)
                            .build()
                            .repair(Repair.nothing().realignChecksums()));
            assertThat(builder()
                            .lockWait(Duration.ZERO)
                            .build()
                            .planRepair(Repair.nothing().realignChecksums())
                            .steps())
                    .hasSize(1);
            waiting = others.submit(() -> migrator().repair(Repair.nothing().realignChecksums()));
            await().until(() -> !database.values("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND pid <> pg_backend_pid() AND query LIKE '%pg_try_advisory_lock%'")
                    .isEmpty());
            first.repair(Repair.nothing().realignChecksums());
        }
        assertThat(waiting.get().steps()).isEmpty();
        assertThat(audit()).hasSize(1);
    }

    @Test
    void aRoleThatMayNotUpdateTheLedgerIsTold() {
        folder.three();
        migrator().applyAll();
        folder.write("001_create_users.up.sql", "");
        String role = "reader_" + database.name();
        TestServer.execute("CREATE ROLE " + role + " LOGIN");
        try {
            database.execute(
                    "GRANT SELECT, INSERT, DELETE ON tb_confiture TO " + role,
                    "GRANT CREATE ON SCHEMA public TO " + role);
            Migrator weak = Migrator.builder(database.url(role))
                    .locations(folder.location())
                    .build();
            MigrationException e = fails(
                    MigrationException.class,
                    ErrorCode.INSUFFICIENT_PRIVILEGE,
                    () -> weak.repair(Repair.nothing().realignChecksums()));
            assertThat(e).hasMessageContaining("tb_confiture");
            assertThat(e.hint()).contains("confiture.username");
            assertThat(weak.planRepair(Repair.nothing().realignChecksums()).steps())
                    .hasSize(1);
        } finally {
            database.execute("DROP OWNED BY " + role);
            TestServer.execute("DROP ROLE " + role);
        }
    }

    @Test
    void aDatabaseThatWasNeverMigratedNeedsNoRepair() {
        folder.three();
        List<String> before = DatabaseContents.of(database);
        assertThat(migrator()
                        .repair(Repair.nothing().realignChecksums().clearMissing())
                        .steps())
                .isEmpty();
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
    }
}
