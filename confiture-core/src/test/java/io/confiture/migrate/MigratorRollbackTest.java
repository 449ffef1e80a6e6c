package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.CommittedMigration;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationNotAppliedException;
import org.junit.jupiter.api.Test;

class MigratorRollbackTest extends MigratorTestCase {

    @Test
    void theNewestIsRolledBackWithItsLedgerRow() {
        folder.three();
        migrator().applyAll();
        MigrationResult result = migrator().rollback("003");
        assertThat(result.action()).isEqualTo(MigrationAction.ROLLED_BACK);
        assertThat(result.version()).isEqualTo("003");
        assertThat(result.rowsAffected()).isEqualTo(2);
        assertThat(result.sql()).startsWith("DELETE FROM users");
        assertThat(value("SELECT count(*) FROM users")).isEqualTo("0");
        assertThat(ledger()).containsExactly("001", "002");
    }

    @Test
    void oneThatIsNotTheNewestIsRefusedAndTheNewestNamed() {
        folder.three();
        migrator().applyAll();
        MigrationException e = refused(
                MigrationException.class, ErrorCode.NOT_NEWEST, () -> migrator().rollback("002_add_name"));
        assertThat(e).hasMessageContaining("003_seed").hasMessageContaining("rollbackTo");
        assertThat(e.migration()).isEqualTo("002_add_name");
    }

    @Test
    void oneThatIsNotTheNewestIsRolledBackWhenForced() {
        folder.three();
        migrator().applyAll();
        assertThat(migrator().rollbackForced("002").action()).isEqualTo(MigrationAction.ROLLED_BACK);
        assertThat(ledger()).containsExactly("001", "003");
        assertThat(migrator().status().migrations())
                .extracting(MigrationInfo::state)
                .containsExactly(MigrationState.APPLIED, MigrationState.OUT_OF_ORDER, MigrationState.APPLIED);
    }

    @Test
    void rollbackToKeepsItsTargetAndGoesFromTheNewestDown() {
        folder.three();
        migrator().applyAll();
        assertThat(migrator().rollbackTo("1"))
                .extracting(MigrationResult::version)
                .containsExactly("003", "002");
        assertThat(ledger()).containsExactly("001");
        assertThat(migrator().rollbackTo("001_create_users")).isEmpty();
        assertThat(ledger()).containsExactly("001");
    }

    @Test
    void rollbackToRefusesTheWholePlanWhenOneStepHasNoDownPart() {
        folder.three().delete("002_add_name.down.sql");
        migrator().applyAll();
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.IRREVERSIBLE,
                () -> migrator().rollbackTo("001"));
        assertThat(e).hasMessageContaining("002_add_name").hasMessageContaining("Nothing was rolled back");
    }

    @Test
    void rollbackToRefusesTheWholePlanWhenOneDownPartCannotBeRead() {
        folder.three().write("002_add_name.down.sql", "ALTER TABLE users DROP COLUMN name;\nSELECT 'open");
        migrator().applyAll();
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.SCRIPT_SYNTAX,
                () -> migrator().rollbackTo("001"));
        assertThat(e.line()).isEqualTo(2);
    }

    @Test
    void aMissingDownFileMeansIrreversible() {
        folder.write("1_a.up.sql", "CREATE TABLE a ();");
        migrator().applyAll();
        assertThat(migrator().status().migrations().get(0).reversible()).isFalse();
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.IRREVERSIBLE,
                () -> migrator().rollback("1"));
        assertThat(e).hasMessageContaining("{version}_{name}.down.sql");
    }

    @Test
    void anEmptyDownFileIsAnExplicitNoOp() {
        folder.write("1_a.up.sql", "CREATE TABLE a ();").write("1_a.down.sql", "-- nothing to undo\n");
        migrator().applyAll();
        assertThat(migrator().rollback("1").rowsAffected()).isZero();
        assertThat(exists("a")).isTrue();
        assertThat(ledger()).isEmpty();
    }

    @Test
    void theDownSectionOfAOneFileMigrationIsRun() {
        folder.write("1_a.sql", "-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\nDROP TABLE a;\n");
        migrator().applyAll();
        assertThat(migrator().rollback("1").sql()).isEqualTo("DROP TABLE a;\n");
        assertThat(exists("a")).isFalse();
    }

    @Test
    void aOneFileMigrationWithoutADownSectionIsIrreversible() {
        folder.write("1_a.sql", "-- migrate:up\nCREATE TABLE a ();\n");
        migrator().applyAll();
        refused(
                MigrationException.class,
                ErrorCode.IRREVERSIBLE,
                () -> migrator().rollback("1"));
    }

    @Test
    void oneThatIsNotAppliedIsRefused() {
        folder.three();
        migrator().apply("001");
        refused(
                MigrationNotAppliedException.class,
                ErrorCode.NOT_APPLIED,
                () -> migrator().rollback("002"));
        refused(
                MigrationNotAppliedException.class,
                ErrorCode.NOT_APPLIED,
                () -> migrator().rollbackForced("003"));
        refused(
                MigrationNotAppliedException.class,
                ErrorCode.NOT_APPLIED,
                () -> migrator().rollbackTo("002"));
    }

    @Test
    void onADatabaseWithoutLedgerNothingIsAppliedAndNoLedgerIsMade() {
        folder.three();
        refused(
                MigrationNotAppliedException.class,
                ErrorCode.NOT_APPLIED,
                () -> migrator().rollback("001"));
        assertThat(exists("tb_confiture")).isFalse();
    }

    @Test
    void anUnknownNameIsRefusedNamingTheNearest() {
        folder.three();
        migrator().applyAll();
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.MIGRATION_UNKNOWN,
                () -> migrator().rollback("003_sed"));
        assertThat(e).hasMessageContaining("Did you mean 003_seed?");
    }

    @Test
    void whatWasRolledBackCanBeAppliedAgain() {
        folder.three();
        for (int i = 0; i < 3; i++) {
            assertThat(migrator().applyAll()).hasSize(i == 0 ? 3 : 2);
            assertThat(migrator().rollbackTo("001")).hasSize(2);
        }
        assertThat(ledger()).containsExactly("001");
        assertThat(migrator().applyAll()).hasSize(2);
        assertThat(value("SELECT count(*) FROM users")).isEqualTo("2");
    }

    @Test
    void aFailingDownPartLeavesEverything() {
        folder.write("1_a.up.sql", "CREATE TABLE a ();").write("1_a.down.sql", "DROP TABLE a;\nDROP TABLE nowhere;\n");
        migrator().applyAll();
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().rollback("1"));
        assertThat(e.file()).endsWith("1_a.down.sql");
        assertThat(e.line()).isEqualTo(2);
        assertThat(e.sqlState()).isEqualTo("42P01");
        assertThat(e).hasMessageContaining("rolled back; nothing of 1_a is rolled back");
    }

    @Test
    void whenRollbackToFailsHalfWayTheExceptionCarriesWhatIsCommitted() {
        folder.three().write("002_add_name.down.sql", "DROP TABLE nowhere;");
        migrator().applyAll();
        assertThatThrownBy(() -> migrator().rollbackTo("001")).isInstanceOfSatisfying(MigrationException.class, e -> {
            assertThat(e.migration()).isEqualTo("002_add_name");
            assertThat(e.committed())
                    .extracting(CommittedMigration::version, CommittedMigration::action)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("003", "rolled_back"));
        });
        assertThat(ledger()).containsExactly("001", "002");
    }

    @Test
    void rollbackToRefusesRowsWhoseFileIsMissingOrOfANewerBuild() {
        folder.three();
        migrator().applyAll();
        folder.delete("002_add_name.up.sql");
        folder.delete("002_add_name.down.sql");
        database.execute("INSERT INTO tb_confiture (slug, version, name) VALUES ('x', '900', 'newer')");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.IRREVERSIBLE,
                () -> migrator().rollbackTo("001"));
        assertThat(e).hasMessageContaining("900_newer").hasMessageContaining("002_add_name");
    }

    @Test
    void aVersionSpeltAnotherWayInTheLedgerIsTheSameMigration() {
        folder.three();
        migrator().applyAll();
        database.execute("UPDATE tb_confiture SET version = '3' WHERE version = '003'");
        migrator().rollback("003_seed");
        assertThat(ledger()).containsExactly("001", "002");
    }

    @Test
    void theNewestIsTheOneWrittenLastNotTheHighestVersion() {
        folder.write("1_a.up.sql", "SELECT 1").write("1_a.down.sql", "");
        folder.write("3_c.up.sql", "SELECT 1").write("3_c.down.sql", "");
        migrator().applyAll();
        folder.write("2_b.up.sql", "SELECT 1").write("2_b.down.sql", "");
        Migrator allowing = builder().outOfOrder(Policy.ALLOW).build();
        allowing.applyAll();
        assertThat(allowing.rollback("2").version()).isEqualTo("2");
        assertThat(allowing.rollback("3").version()).isEqualTo("3");
    }

    @Test
    void aDownPartThatChangesTheSessionStillRemovesTheLedgerRow() {
        folder.write("1_a.up.sql", "CREATE TABLE a ();")
                .write(
                        "1_a.down.sql",
                        "SET search_path = pg_catalog; SET ROLE pg_monitor; RESET ROLE; DROP TABLE public.a;");
        migrator().applyAll();
        migrator().rollback("1");
        assertThat(ledger()).isEmpty();
    }
}
