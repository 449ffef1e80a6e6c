package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationAlreadyAppliedException;
import io.confiture.error.MigrationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** File names of Flyway, read as they are. */
class FlywayNamesTest extends MigratorTestCase {

    @Override
    MigratorBuilder builder() {
        return super.builder().naming(Naming.FLYWAY);
    }

    private static List<String> done(List<MigrationResult> results) {
        return results.stream()
                .map(result -> result.version() + " " + result.name())
                .toList();
    }

    private List<String> states() {
        return migrator().status().migrations().stream()
                .map(info -> info.version() + "_" + info.name() + " " + info.state())
                .toList();
    }

    @Test
    void versionsAreThoseThatFlywayReads() {
        folder.write("V1__create_users.sql", "CREATE TABLE users (id int)")
                .write("V1_2__add_name.sql", "ALTER TABLE users ADD COLUMN name text")
                .write("V1.10__add_mail__later.sql", "ALTER TABLE users ADD COLUMN mail text")
                .write("sub/V002__with spaces.sql", "ALTER TABLE users ADD COLUMN age int")
                .write("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT name FROM users");
        assertThat(done(migrator().applyAll()))
                .containsExactly(
                        "1 create_users", "1.2 add_name", "1.10 add_mail__later", "002 with spaces", "R names");
        assertThat(ledger()).containsExactly("1", "1.2", "1.10", "002");
        assertThat(migrator().validate().valid()).isTrue();
    }

    @Test
    void undoScriptIsTheDownPartWhateverItsDescription() {
        folder.write("V1__create_users.sql", "CREATE TABLE users (id int)")
                .write("U1__drop_what_1_made.sql", "DROP TABLE users");
        migrator().applyAll();
        assertThat(migrator().rollback("1").action()).isEqualTo(MigrationAction.ROLLED_BACK);
        assertThat(exists("users")).isFalse();
    }

    @Test
    void undoScriptWithoutItsMigrationIsAnError() {
        folder.write("U7__gone.sql", "SELECT 1");
        assertThat(refused(
                        ConfigurationException.class,
                        ErrorCode.BAD_FILE_NAME,
                        () -> migrator().applyAll()))
                .hasMessageContaining("U7__gone.sql has no up file; expected V7__gone.sql beside it");
    }

    @Test
    void namesOfConfitureAreReadBesideThem() {
        folder.write("V1__create_users.sql", "CREATE TABLE users (id int)")
                .write("20260101120000_add_name.up.sql", "ALTER TABLE users ADD COLUMN name text")
                .write("20260101120000_add_name.down.sql", "ALTER TABLE users DROP COLUMN name");
        assertThat(migrator().applyAll()).hasSize(2);
        assertThat(migrator().rollback("20260101120000").version()).isEqualTo("20260101120000");
    }

    @Test
    void versionOfBothNamingsIsADuplicate() {
        folder.write("V1__create_users.sql", "SELECT 1").write("001_create_users.up.sql", "SELECT 1");
        assertThat(refused(
                        ConfigurationException.class,
                        ErrorCode.DUPLICATE_VERSION,
                        () -> migrator().applyAll()))
                .hasMessageContaining("V1__create_users.sql")
                .hasMessageContaining("001_create_users.up.sql");
    }

    @ParameterizedTest
    @CsvSource({
        "v1__create.sql, V1__create.sql",
        "V1_create.sql, V1__create.sql",
        "V1-create.sql, V1__create.sql",
        "V1__.sql, V1__name.sql",
        "V1.sql, V1__name.sql",
        "1__create.sql, V1__create.sql",
        "b2_all.sql, B2__all.sql",
        "r__views.sql, R__views.sql",
        "V1__create.SQL, V1__create.sql",
    })
    void nearlyRightNameIsAnErrorThatTellsTheRightOne(String wrong, String right) {
        folder.write(wrong, "SELECT 1");
        assertThat(refused(
                        ConfigurationException.class,
                        ErrorCode.BAD_FILE_NAME,
                        () -> migrator().applyAll()))
                .hasMessageContaining("expected " + right + ". Nothing was done");
    }

    @Test
    void nameThatIsNeitherIsAnError() {
        folder.write("cleanup.sql", "SELECT 1");
        assertThat(refused(
                        ConfigurationException.class,
                        ErrorCode.BAD_FILE_NAME,
                        () -> migrator().applyAll()))
                .hasMessageContaining("cleanup.sql has no version");
    }

    @Test
    void configurationOfAScriptIsRefusedByName() {
        folder.write("V1__create.sql", "CREATE TABLE a ()").write("V1__create.sql.conf", "executeInTransaction=false");
        assertThat(refused(
                        ConfigurationException.class,
                        ErrorCode.BAD_FILE_NAME,
                        () -> migrator().applyAll()))
                .hasMessageContaining("V1__create.sql.conf holds settings of a script")
                .hasMessageContaining("-- confiture: transactional=false");
    }

    @Test
    void namesOfFlywayStayAnErrorWithoutTheSetting() {
        folder.write("V1__create.sql", "SELECT 1");
        assertThat(refused(
                        ConfigurationException.class,
                        ErrorCode.BAD_FILE_NAME,
                        () -> super.builder().build().applyAll()))
                .hasMessageContaining("; expected 1_create.up.sql")
                .hasMessageContaining("confiture.migrate.naming=flyway");
    }

    @Test
    void aCallbackOfFlywayThatDoesNotExistHereIsAnError() {
        folder.write("V1__create.sql", "SELECT 1").write("beforeEachMigrate.sql", "SELECT 1");
        assertThat(refused(
                        ConfigurationException.class,
                        ErrorCode.BAD_FILE_NAME,
                        () -> migrator().applyAll()))
                .hasMessageContaining("beforeEachMigrate.sql is a callback of Flyway")
                .hasMessageContaining("MigrationHook at BEFORE_EXECUTE");
    }

    private void twelve() {
        for (int i = 1; i <= 12; i++) {
            folder.write("V" + i + "__t" + i + ".sql", "CREATE TABLE v" + i + " ()");
        }
        folder.write("B5__old.sql", "CREATE TABLE b5 ()").write("B10__all.sql", "CREATE TABLE b10 ()");
    }

    @Test
    void newestBaselineMigrationStandsForAllUpToItInAnEmptyDatabase() {
        twelve();
        assertThat(migrator().plan().steps()).hasSize(3);
        assertThat(done(migrator().applyAll())).containsExactly("10 all", "11 t11", "12 t12");
        assertThat(exists("v1") || exists("v10") || exists("b5")).isFalse();
        assertThat(ledger()).containsExactly("10", "11", "12");
        assertThat(states())
                .contains("1_t1 ignored", "9_t9 ignored", "10_all applied", "12_t12 applied")
                .doesNotContain("10_t10 applied");
        assertThat(migrator().applyAll()).isEmpty();
        assertThat(migrator().validate().valid()).isTrue();
        folder.write("V13__t13.sql", "CREATE TABLE v13 ()").write("B13__all.sql", "CREATE TABLE b13 ()");
        assertThat(done(migrator().applyAll())).containsExactly("13 t13");
    }

    @Test
    void baselineMigrationAboveTheTargetDoesNotCount() {
        twelve();
        assertThat(migrator().pending("7")).hasToString("[B5__old, 6_t6, 7_t7]");
        assertThat(done(migrator().applyAll("7"))).containsExactly("5 old", "6 t6", "7 t7");
        assertThat(done(migrator().applyAll())).containsExactly("8 t8", "9 t9", "10 t10", "11 t11", "12 t12");
    }

    @Test
    void baselineMigrationIsIgnoredWhereSomethingIsApplied() {
        folder.write("V1__t1.sql", "CREATE TABLE v1 ()");
        migrator().applyAll();
        twelve();
        assertThat(migrator().applyAll()).hasSize(11);
        assertThat(exists("b10")).isFalse();
        assertThat(refused(
                        MigrationAlreadyAppliedException.class,
                        ErrorCode.ALREADY_APPLIED,
                        () -> migrator().apply("B10__all")))
                .hasMessageContaining("for a database to which nothing is applied");
    }

    @Test
    void baselineMigrationIsIgnoredWhereAVersionedOneIsApplied_inPart() {
        folder.write("V1__t1.sql", "CREATE TABLE v1 (a int); CREATE INDEX CONCURRENTLY i ON v1 (a); SELECT 1/0");
        fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        folder.write("B10__all.sql", "CREATE TABLE b10 ()");
        fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(exists("b10")).isFalse();
    }

    @Test
    void interruptedBaselineMigrationGoesOn() {
        folder.write("B10__all.sql", "CREATE TABLE b10 (a int); CREATE INDEX CONCURRENTLY i ON b10 (a); SELECT 1/0")
                .write("V1__t1.sql", "CREATE TABLE v1 ()");
        fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(states()).containsExactly("1_t1 ignored", "10_all partial");
        folder.write("B10__all.sql", "CREATE TABLE b10 (a int); CREATE INDEX CONCURRENTLY i ON b10 (a); SELECT 1");
        assertThat(done(migrator().applyAll())).containsExactly("10 all");
        assertThat(states()).containsExactly("1_t1 ignored", "10_all applied");
        assertThat(value("SELECT count(*) FROM tb_confiture_run")).isEqualTo("0");
    }

    @Test
    void baselineMigrationWhoseFileIsGoneIsMissed() {
        twelve();
        migrator().applyAll();
        folder.delete("B10__all.sql");
        fails(
                MigrationException.class,
                ErrorCode.MIGRATION_MISSING,
                () -> migrator().applyAll());
        assertThat(states()).contains("1_t1 ignored", "10_all missing");
    }

    @Test
    void baselineWithoutRunningRecordsTheBaselineMigration() {
        twelve();
        assertThat(done(migrator().baseline("11"))).containsExactly("10 all", "11 t11");
        assertThat(done(migrator().applyAll())).containsExactly("12 t12");
        assertThat(exists("b10")).isFalse();
    }

    @Test
    void theFilesOlderThanABaselineMigrationMayBeDeleted() {
        twelve();
        migrator().applyAll();
        for (int i = 1; i <= 10; i++) {
            folder.delete("V" + i + "__t" + i + ".sql");
        }
        folder.delete("B5__old.sql");
        assertThat(migrator().applyAll()).isEmpty();
        assertThat(migrator().validate().valid()).isTrue();
        assertThat(migrator().pending("10")).isEmpty();
    }
}
