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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is wrong with the record is put right as far as it is asked, shown before and kept after. */
class RepairTest extends RepairTestCase {
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
