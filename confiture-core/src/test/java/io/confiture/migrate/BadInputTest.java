package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ChecksumMismatchException;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.migrate.ValidationReport.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with files and settings is found before anything runs, and told with place and remedy. */
class BadInputTest extends MigratorTestCase {

    private MigrationException refusedScript(ErrorCode code, String sql) {
        folder.write("001_good.up.sql", "CREATE TABLE good ();").write("002_bad.up.sql", sql);
        MigrationException e =
                refused(MigrationException.class, code, () -> migrator().applyAll());
        assertThat(e.file()).endsWith("002_bad.up.sql");
        assertThat(e).hasMessageContaining(e.file() + ":" + e.line() + ":" + e.column());
        assertThat(e.hint()).isNotBlank();
        assertThat(migrator().plan().blockers()).anyMatch(blocker -> blocker.contains("002_bad"));
        return e;
    }

    @ParameterizedTest
    @CsvSource({
        "001_a.up.sql, 1_b.up.sql",
        "001_a.up.sql, 001_b.sql",
        "sub/1.0_a.sql, 01_a.up.sql",
        "2024/5_a.up.sql, 2025/5_a.up.sql",
        "0_a.up.sql, 00_b.up.sql"
    })
    void twoFilesOfOneVersionAreRefusedNamingBoth(String one, String other) {
        folder.write(one, "-- migrate:up\nCREATE TABLE a ();").write(other, "-- migrate:up\nCREATE TABLE b ();");
        ConfigurationException e = refused(
                ConfigurationException.class,
                ErrorCode.DUPLICATE_VERSION,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining(one).hasMessageContaining(other);
        assertThat(e.hint()).contains("another version");
        refused(
                ConfigurationException.class,
                ErrorCode.DUPLICATE_VERSION,
                () -> migrator().validate());
    }

    @Test
    void twoLocationsWithOneVersionAreRefusedNamingBoth() {
        folder.write("one/1_a.up.sql", "").write("other/1_a.up.sql", "");
        ConfigurationException e = refused(
                ConfigurationException.class,
                ErrorCode.DUPLICATE_VERSION,
                () -> Migrator.builder(database.dataSource())
                        .locations(folder.location() + "/one", folder.location() + "/other")
                        .build()
                        .applyAll());
        assertThat(e).hasMessageContaining("one/1_a.up.sql").hasMessageContaining("other/1_a.up.sql");
    }

    @ParameterizedTest
    @CsvSource({
        "V1__create_users.sql, 1_create_users.up.sql",
        "V1_2__create_users.sql, 1.2_create_users.up.sql",
        "U1__create_users.sql, 1_create_users.down.sql",
        "001-create-users.up.sql, 001_create_users.up.sql",
        "001create_users.up.sql, 001_create_users.up.sql",
        "001 create users.sql, 001_create_users.up.sql",
        "001.up.sql, 001_name.up.sql",
        "001_create_users.upp.sql, 001_create_users.up.sql",
        "001_create_users.UP.sql, 001_create_users.up.sql",
        "001_create_users.dwn.sql, 001_create_users.down.sql",
        "001_create_users.rollback.sql, 001_create_users.down.sql",
        "001_create_users.undo.sql, 001_create_users.down.sql",
        "001_create_users.verfiy.sql, 001_create_users.verify.sql",
        "001_create_users.sql, 001_create_users.up.sql",
        "create_users.up.sql, _create_users.up.sql",
        "create_users.down.sql, _create_users.down.sql",
        "v001_create_users.up.sql, 001_create_users.up.sql",
    })
    void aBrokenNameIsRefusedSuggestingTheRightOne(String broken, String right) {
        folder.write("900_good.up.sql", "CREATE TABLE good ();").write(broken, "SELECT 1;");
        ConfigurationException e = refused(
                ConfigurationException.class,
                ErrorCode.BAD_FILE_NAME,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining(broken).hasMessageContaining(right);
        assertThat(e.hint()).contains("Rename");
    }

    @Test
    void allBrokenNamesAreToldAtOnce() {
        folder.write("a.up.sql", "").write("b.up.sql", "").write("1_c.down.sql", "");
        ConfigurationException e = refused(
                ConfigurationException.class,
                ErrorCode.BAD_FILE_NAME,
                () -> migrator().applyAll());
        assertThat(e)
                .hasMessageContaining("3 files")
                .hasMessageContaining("a.up.sql")
                .hasMessageContaining("1_c.down");
    }

    @Test
    void filesThatAreNoScriptsAreLeftAlone() {
        folder.write("README.md", "")
                .write(".1_a.up.sql.swp", "")
                .write(".hidden.sql", "")
                .write("1_a.up.sql", "");
        assertThat(migrator().applyAll()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5_a.down.sql", "5_a.verify.sql"})
    void aDownOrVerifyFileWithoutItsUpFileIsRefused(String orphan) {
        folder.three().write(orphan, "SELECT 1;");
        ConfigurationException e = refused(
                ConfigurationException.class,
                ErrorCode.BAD_FILE_NAME,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining(orphan).hasMessageContaining("5_a.up.sql");
    }

    @Test
    void aDownFileOfAnotherNameIsRefused() {
        folder.write("5_create.up.sql", "").write("5_cretae.down.sql", "");
        ConfigurationException e = refused(
                ConfigurationException.class,
                ErrorCode.BAD_FILE_NAME,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining("5_cretae.down.sql").hasMessageContaining("5_create.down.sql");
    }

    static List<List<Object>> unterminated() {
        return List.of(
                List.of("SELECT 1;\n  SELECT 'open;\nSELECT 2;\n", 2, 10),
                List.of("SELECT 1;\nSELECT \"open;\n", 2, 8),
                List.of("DO $body$ BEGIN\n NULL; END $bdy$;\n", 1, 4),
                List.of("SELECT 1;\n/* open /* nested */\nSELECT 2;", 2, 1));
    }

    @ParameterizedTest
    @MethodSource
    void unterminated(List<Object> example) {
        MigrationException e = refusedScript(ErrorCode.SCRIPT_SYNTAX, (String) example.get(0));
        assertThat(e.line()).isEqualTo(example.get(1));
        assertThat(e.column()).isEqualTo(example.get(2));
    }

    @Test
    void copyDataWithoutItsEndIsRefusedAtTheCopy() {
        MigrationException e =
                refusedScript(ErrorCode.SCRIPT_SYNTAX, "CREATE TABLE t (a int);\nCOPY t FROM stdin;\n1\n2\n");
        assertThat(e.line()).isEqualTo(2);
    }

    @Test
    void anUnknownDirectiveIsRefusedWithTheNearestName() {
        MigrationException e = refusedScript(ErrorCode.UNKNOWN_DIRECTIVE, "-- confiture: lock-timout=2s\nSELECT 1;");
        assertThat(e).hasMessageContaining("lock-timout");
        assertThat(e.hint()).contains("lock-timeout");
        assertThat(e.line()).isEqualTo(1);
        assertThat(e.column()).isEqualTo(15);
    }

    @Test
    void aPsqlMetaCommandIsRefusedByName() {
        MigrationException e = refusedScript(ErrorCode.SCRIPT_SYNTAX, "SELECT 1;\n\\i other.sql\n");
        assertThat(e).hasMessageContaining("\\i");
        assertThat(e.line()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1; COMMIT; SELECT 2;",
                "SELECT 1;\nROLLBACK;",
                "BEGIN; SELECT 1; COMMIT; SELECT 2;",
                "BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT;",
                "SELECT 1; START TRANSACTION; SELECT 2;",
                "SELECT 1; END;",
                "SELECT 1; ABORT;",
                "PREPARE TRANSACTION 'x';",
                "COMMIT AND CHAIN;",
            })
    void transactionControlInTheMiddleIsRefusedBeforeAnythingRuns(String sql) {
        refusedScript(ErrorCode.TRANSACTION_CONTROL, sql);
    }

    @Test
    void aBeginWithoutItsCommitIsRefused() {
        folder.write("1_a.up.sql", "BEGIN;\nCREATE TABLE a ();\n");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.TRANSACTION_CONTROL,
                () -> migrator().applyAll());
        assertThat(e.hint()).contains("Remove BEGIN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET client_encoding = 'LATIN1';",
                "SET NAMES 'LATIN1';",
                "SET DateStyle = 'SQL, DMY';",
                "SET standard_conforming_strings = off;",
                "SELECT set_config('client_encoding', 'LATIN1', false);",
                "DISCARD ALL;",
            })
    void whatWouldCostTheConnectionIsRefusedBeforeAnythingRuns(String sql) {
        refusedScript(ErrorCode.REFUSED_SETTING, sql);
    }

    @Test
    void markersInTheWrongOrderAreRefused() {
        folder.write("1_a.sql", "-- migrate:down\nDROP TABLE a;\n-- migrate:up\nCREATE TABLE a ();\n");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.SCRIPT_SYNTAX,
                () -> migrator().applyAll());
        assertThat(e.file()).endsWith("1_a.sql");
    }

    @Test
    void theChangedTextOfAnAppliedMigrationIsRefusedWarnedOfOrAllowed() {
        folder.three();
        migrator().apply("001");
        folder.write("001_create_users.up.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email text);");
        ChecksumMismatchException e = refused(
                ChecksumMismatchException.class,
                ErrorCode.CHECKSUM_MISMATCH,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining("001_create_users.up.sql").hasMessageContaining("changed=warn");
        assertThat(migrator().status().problems())
                .singleElement()
                .satisfies(info -> assertThat(info.state()).isEqualTo(MigrationState.CHANGED));
        assertThat(migrator().validate().count(Outcome.FAILED)).isEqualTo(1);
        assertThat(builder().changed(Policy.WARN).build().plan().warnings())
                .anyMatch(warning -> warning.contains("001_create_users"));
        assertThat(builder().changed(Policy.WARN).build().applyAll("002")).hasSize(1);
        assertThat(builder().changed(Policy.ALLOW).build().applyAll()).hasSize(1);
    }

    @Test
    void anAppliedMigrationWithoutItsFileIsRefusedWarnedOfOrAllowed() {
        folder.three();
        migrator().applyAll("002");
        folder.delete("001_create_users.up.sql");
        folder.delete("001_create_users.down.sql");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.MIGRATION_MISSING,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining("001_create_users").hasMessageContaining("missing=warn");
        assertThat(migrator().validate().valid()).isFalse();
        assertThat(builder().missing(Policy.WARN).build().plan().warnings()).hasSize(1);
        assertThat(builder().missing(Policy.WARN).build().applyAll()).hasSize(1);
    }

    @Test
    void aMigrationOfANewerBuildIsWarnedOf() {
        folder.three();
        migrator().applyAll();
        database.execute("INSERT INTO tb_confiture (slug, version, name) VALUES ('x', '900', 'newer')");
        assertThat(migrator().plan().warnings()).anyMatch(warning -> warning.contains("900_newer"));
        assertThat(migrator().applyAll()).isEmpty();
        assertThat(migrator().validate().valid()).isFalse();
        assertThat(migrator().status().migrations().get(3).state()).isEqualTo(MigrationState.FUTURE);
    }

    @Test
    void aMigrationBelowTheNewestAppliedIsRefusedWarnedOfOrAllowed() {
        folder.write("1_a.up.sql", "").write("5_e.up.sql", "");
        migrator().applyAll();
        folder.write("3_c.up.sql", "CREATE TABLE c ();");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.OUT_OF_ORDER,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining("3_c").hasMessageContaining("out-of-order");
        assertThat(builder().outOfOrder(Policy.WARN).build().plan().warnings()).hasSize(1);
        assertThat(builder().outOfOrder(Policy.ALLOW).build().plan().warnings()).isEmpty();
        assertThat(builder().outOfOrder(Policy.WARN).build().applyAll()).hasSize(1);
        assertThat(migrator().applyAll()).isEmpty();
    }

    @Test
    void everythingThatIsWrongWithTheHistoryIsToldAtOnce() {
        folder.write("1_a.up.sql", "").write("2_b.up.sql", "").write("5_e.up.sql", "");
        migrator().applyAll();
        folder.write("1_a.up.sql", "SELECT 1").delete("2_b.up.sql");
        folder.write("3_c.up.sql", "CREATE TABLE c ();");
        ChecksumMismatchException e = refused(
                ChecksumMismatchException.class,
                ErrorCode.CHECKSUM_MISMATCH,
                () -> migrator().applyAll());
        assertThat(e.getSuppressed()).hasSize(2);
        assertThat(migrator().plan().blockers()).hasSize(3);
    }

    @Test
    void aNamedLocationThatIsMissingIsRefused() {
        ConfigurationException e = refused(
                ConfigurationException.class,
                ErrorCode.LOCATION_MISSING,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining(folder.location()).hasMessageContaining("confiture.migrate.locations");
        refused(
                ConfigurationException.class,
                ErrorCode.LOCATION_MISSING,
                () -> Migrator.builder(database.dataSource())
                        .locations("classpath:no/such/folder")
                        .build()
                        .applyAll());
    }

    @Test
    void aDefaultLocationThatIsMissingIsAWarningAndMakesNoLedger() {
        Migrator migrator = Migrator.builder(database.dataSource())
                .defaultLocations(folder.location())
                .build();
        assertThat(migrator.applyAll()).isEmpty();
        assertThat(migrator.plan().warnings()).anyMatch(warning -> warning.contains(folder.location()));
        assertThat(exists("tb_confiture")).isFalse();
    }

    @Test
    void aDefaultLocationThatIsMissingIsRefusedWhenTheLedgerHasRows() {
        folder.three();
        migrator().applyAll();
        Migrator migrator = Migrator.builder(database.dataSource())
                .defaultLocations(folder.location() + "/elsewhere")
                .build();
        ConfigurationException e =
                refused(ConfigurationException.class, ErrorCode.LOCATION_MISSING, migrator::applyAll);
        assertThat(e).hasMessageContaining("3 are applied").hasMessageContaining("elsewhere");
    }

    static List<UnaryOperator<MigratorBuilder>> invalidSettings() {
        return List.of(
                b -> b.lockTimeout(Duration.ofSeconds(-1)),
                b -> b.lockTimeout(Duration.ofDays(30)),
                b -> b.lockWait(Duration.ofSeconds(-1)),
                b -> b.statementTimeout(Duration.ofSeconds(-1)),
                b -> b.statementTimeout(Duration.ofDays(30)),
                b -> b.retries(-1),
                b -> b.table(""),
                b -> b.table(" "),
                b -> b.table("a\0b"),
                b -> b.table("x".repeat(60)),
                b -> b.table("ä".repeat(40)),
                b -> b.schema(""),
                b -> b.schema("x".repeat(64)),
                b -> b.locations(List.of()));
    }

    @ParameterizedTest
    @MethodSource("invalidSettings")
    void aSettingThatCannotWorkIsRefusedWhenTheMigratorIsBuilt(UnaryOperator<MigratorBuilder> setting) {
        folder.three();
        refused(
                ConfigurationException.class,
                ErrorCode.INVALID_CONFIGURATION,
                () -> setting.apply(builder()).build());
    }

    @Test
    void aTimeoutBelowAMillisecondDoesNotBecomeNone() {
        folder.write("1_a.up.sql", "CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS t;");
        builder().lockTimeout(Duration.ofNanos(1)).build().applyAll();
        assertThat(value("SELECT t FROM seen")).isEqualTo("1ms");
    }

    @Test
    void aWaitForTheLockOfAnyLengthIsPossible() {
        folder.three();
        assertThat(builder()
                        .lockWait(Duration.ofSeconds(Long.MAX_VALUE))
                        .build()
                        .applyAll())
                .hasSize(3);
    }
}
