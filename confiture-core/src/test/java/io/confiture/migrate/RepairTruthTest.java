package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.migrate.Repair.Decision;
import io.confiture.migrate.RepairReport.What;
import io.confiture.test.DatabaseContents;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Repairs and baselines that meet more than one thing at once. */
class RepairTruthTest extends MigratorTestCase {

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aConnectionLostInTheMiddleLeavesNothingHalfDone() {
        folder.three();
        migrator().applyAll();
        migrator().baseline("003");
        folder.write("001_create_users.up.sql", "").write("002_add_name.up.sql", "");
        database.execute(
                "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN IF NEW.version = '002' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$",
                "CREATE TRIGGER die BEFORE UPDATE ON tb_confiture FOR EACH ROW EXECUTE FUNCTION die()");
        migrator().repair(Repair.nothing());
        String before = value("SELECT string_agg(t::text, ',' ORDER BY version) FROM tb_confiture t");
        fails(
                DatabaseConnectionException.class,
                ErrorCode.CONNECTION_FAILED,
                () -> migrator().repair(Repair.nothing().realignChecksums()));
        assertThat(value("SELECT string_agg(t::text, ',' ORDER BY version) FROM tb_confiture t"))
                .isEqualTo(before);
        database.execute("DROP TRIGGER die ON tb_confiture");
        assertThat(migrator().repair(Repair.nothing().realignChecksums()).steps())
                .hasSize(2);
        assertThat(value("SELECT count(*) FROM tb_confiture_run WHERE kind = 'repair'"))
                .isEqualTo("2");
        assertThat(migrator().repair(Repair.nothing().realignChecksums()).steps())
                .isEmpty();
    }

    @Test
    void aRepeatableMigrationThatHasChangedIsNoMatterForARepair() {
        folder.write("1_a.up.sql", "").write("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT 1 AS one;");
        migrator().applyAll();
        folder.write("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT 2 AS one;");
        List<String> before = DatabaseContents.of(database);
        RepairReport report =
                migrator().repair(Repair.nothing().realignChecksums().clearMissing());
        assertThat(report.steps()).isEmpty();
        assertThat(report.open()).isEmpty();
        folder.delete("R__v.sql");
        assertThat(migrator()
                        .repair(Repair.nothing().realignChecksums().clearMissing())
                        .steps())
                .isEmpty();
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
    }

    @Test
    void aRepeatableMigrationInDoubtIsDecidedByItsName() {
        folder.write(
                "R__r.sql", "-- confiture: transactional=false\nDO $$ BEGIN COMMIT; PERFORM 1/0; END $$;\nSELECT 1;");
        assertThatThrownBy(() -> migrator().applyAll()).hasMessageContaining("division");
        assertThat(migrator().planRepair(Repair.nothing()).open())
                .extracting(RepairReport.Step::what)
                .containsExactly(What.IN_DOUBT);
        fails(MigrationException.class, ErrorCode.IN_DOUBT, () -> migrator().applyAll());
        migrator().repair(Repair.nothing().decide("R__r", Decision.DONE));
        assertThat(migrator().applyAll()).hasSize(1);
        assertThat(migrator().status().upToDate()).isTrue();
    }

    @Test
    void whatTheOriginalHasWrittenIsRealignedOnlyWhereItIsWrong() throws Exception {
        String windows = "CREATE TABLE a ();\r\nCREATE TABLE b ();\r\n";
        folder.write("001_a.up.sql", windows).write("002_b.up.sql", "SELECT 1;").write("005_e.up.sql", "SELECT 5;");
        migrator().initialize();
        database.execute(
                "INSERT INTO tb_confiture (slug, version, name, checksum) VALUES ('a_20260101_120000', '001', 'a', '"
                        + sha256(windows) + "'), ('b_20260101_120000', '002', 'b', 'wrong'),"
                        + " ('c_20260101_120000', '003', 'c', NULL), ('f_20260101_120000', '006', 'f', NULL)");
        String kept = value("SELECT t::text FROM tb_confiture t WHERE version = '001'");
        String future = value("SELECT t::text FROM tb_confiture t WHERE version = '006'");
        RepairReport report =
                migrator().repair(Repair.nothing().realignChecksums().clearMissing());
        assertThat(report.steps()).extracting(RepairReport.Step::migration).containsExactly("002_b", "003_c");
        assertThat(value("SELECT t::text FROM tb_confiture t WHERE version = '001'"))
                .isEqualTo(kept);
        assertThat(value("SELECT t::text FROM tb_confiture t WHERE version = '006'"))
                .isEqualTo(future);
        assertThat(value("SELECT slug || checksum FROM tb_confiture WHERE version = '002'"))
                .isEqualTo("b_20260101_120000" + sha256("SELECT 1;"));
        assertThat(ledger()).containsExactly("001", "002", "006");
    }

    @Test
    void aVersionThatTheLedgerHasTwiceIsForgottenOnce() {
        folder.write("1_a.up.sql", "").write("2_b.up.sql", "");
        migrator().applyAll();
        database.execute("INSERT INTO tb_confiture (slug, version, name) VALUES ('x', '001', 'a'), ('y', 'two', 'b')");
        RepairReport report = migrator().repair(Repair.nothing().clearMissing());
        assertThat(report.steps()).hasSize(2);
        assertThat(ledger()).hasSize(2).contains("2").doesNotContain("two");
        assertThat(migrator().status().problems()).isEmpty();
    }

    @Test
    void aRepairDoesWhatIsNeededWhenItRunsAndSaysThat() {
        folder.three();
        migrator().applyAll();
        folder.write("001_create_users.up.sql", "SELECT 1;").write("002_add_name.up.sql", "SELECT 2;");
        Repair repair = Repair.nothing().realignChecksums();
        assertThat(migrator().planRepair(repair).steps()).hasSize(2);
        folder.write("002_add_name.up.sql", "ALTER TABLE users ADD COLUMN name text;");
        assertThat(migrator().repair(repair).steps())
                .extracting(RepairReport.Step::migration)
                .containsExactly("001_create_users");
    }

    @Test
    void aBaselineThatLosesItsConnectionRecordsNothing() {
        folder.three();
        migrator().initialize();
        database.execute(
                "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN IF NEW.version = '002' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$",
                "CREATE TRIGGER die BEFORE INSERT ON tb_confiture FOR EACH ROW EXECUTE FUNCTION die()");
        fails(
                DatabaseConnectionException.class,
                ErrorCode.CONNECTION_FAILED,
                () -> migrator().baseline("003"));
        assertThat(ledger()).isEmpty();
        database.execute("DROP TRIGGER die ON tb_confiture");
        assertThat(migrator().baseline("003"))
                .extracting(MigrationResult::action)
                .containsOnly(MigrationAction.BASELINED);
    }

    @Test
    void aBaselineKeepsWhatIsChangedOrMissingAsItIs() {
        folder.write("1_a.up.sql", "").write("2_b.up.sql", "").write("4_d.up.sql", "");
        migrator().applyAll("2");
        folder.delete("1_a.up.sql");
        folder.write("2_b.up.sql", "SELECT 2;").write("3_c.up.sql", "");
        migrator().baseline("3");
        assertThat(migrator().status().migrations())
                .extracting(MigrationInfo::state)
                .containsExactly(
                        MigrationState.MISSING,
                        MigrationState.CHANGED,
                        MigrationState.BASELINE,
                        MigrationState.PENDING);
    }

    @Test
    void aRollbackThatWasInterruptedIsNotHiddenByABaselineThatIsThere() {
        folder.write("1_a.up.sql", "CREATE TABLE a (id int)")
                .write("1_a.down.sql", "CREATE TABLE b ();\nVACUUM a;\nSELECT 1/0;");
        migrator().applyAll();
        assertThatThrownBy(() -> migrator().rollback("1")).hasMessageContaining("division by zero");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.PARTIALLY_APPLIED,
                () -> migrator().baseline("1"));
        assertThat(e.hint()).contains("rollback(\"1_a\")");
    }
}
