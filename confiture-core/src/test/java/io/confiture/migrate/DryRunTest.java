package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.DryRunReport.AdvancedSequence;
import io.confiture.migrate.DryRunReport.MigrationTrial;
import io.confiture.migrate.DryRunReport.Outcome;
import io.confiture.migrate.DryRunReport.StatementTrial;
import io.confiture.test.DatabaseContents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DryRunTest extends MigratorTestCase {
    /** Tries everything, and asserts that the database is exactly as before. */
    private DryRunReport tried(Migrator migrator, DryRunOptions options) {
        List<String> before = DatabaseContents.of(database);
        DryRunReport report = migrator.dryRun(options);
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
        assertThat(migrator.lockHolder()).isEmpty();
        return report;
    }

    private DryRunReport tried() {
        return tried(migrator(), DryRunOptions.defaults());
    }

    private static List<Outcome> outcomes(DryRunReport report) {
        return report.migrations().stream().map(MigrationTrial::outcome).toList();
    }

    private static List<Outcome> outcomes(MigrationTrial trial) {
        return trial.statements().stream().map(StatementTrial::outcome).toList();
    }

    @Test
    void whatWouldPassIsTriedStatementByStatementAndNothingStays() {
        folder.three().write("002_add_name.up.sql", "\nALTER TABLE users ADD COLUMN name text;\nSELECT 1;");
        DryRunReport report = tried();
        assertThat(report.wouldSucceed()).isTrue();
        assertThat(report.count(Outcome.OK)).isEqualTo(3);
        assertThat(report.duration()).isPositive();
        assertThat(report.sequences()).isEmpty();
        assertThat(report.warnings()).isEmpty();
        MigrationTrial second = report.migrations().get(1);
        assertThat(second.version()).isEqualTo("002");
        assertThat(second.statementCount()).isEqualTo(2);
        assertThat(second.statements())
                .extracting(StatementTrial::number, StatementTrial::line, StatementTrial::sql, StatementTrial::outcome)
                .containsExactly(
                        tuple(1, 2, "ALTER TABLE users ADD COLUMN name text", Outcome.OK),
                        tuple(2, 3, "SELECT 1", Outcome.OK));
        StatementTrial seed = report.migrations().get(2).statements().get(0);
        assertThat(seed.rows()).isEqualTo(2);
        assertThat(seed.duration()).isPositive();
        assertThat(seed.file()).endsWith("003_seed.up.sql");
        assertThat(exists("tb_confiture")).isFalse();
        assertThat(migrator().applyAll()).hasSize(3);
    }

    @Test
    void aFailureStopsAndIsToldAsTheRunWouldTellIt() {
        folder.three()
                .write("002_add_name.up.sql", "SELECT 1;\nALTER TABLE users\n  ADD name text, ADD wrong nowhere;");
        migrator().apply("001");
        DryRunReport report = tried();
        assertThat(report.wouldSucceed()).isFalse();
        assertThat(outcomes(report)).containsExactly(Outcome.FAILED, Outcome.NOT_TRIED);
        MigrationTrial failed = report.migrations().get(0);
        assertThat(outcomes(failed)).containsExactly(Outcome.OK, Outcome.FAILED);
        DryRunReport.Failure failure = failed.failure();
        assertThat(failure).isNotNull().isEqualTo(failed.statements().get(1).failure());
        MigrationException real = fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(failure.code()).isEqualTo(real.code());
        assertThat(failure.place().line()).isEqualTo(3).isEqualTo(real.line());
        assertThat(failure.place().column()).isEqualTo(real.column());
        assertThat(failure.place().sqlState()).isEqualTo("42704").isEqualTo(real.sqlState());
        assertThat(failure.message()).contains("this is a dry run; everything is rolled back");
        assertThat(report.migrations().get(1).detail()).isEqualTo("it comes after 002_add_name, which failed");
        assertThat(report.migrations().get(1).statements()).isEmpty();
    }

    @Test
    void theLedgersOwnNumbersAreNotUsedUp() {
        folder.three();
        migrator().apply("001");
        String before = value("SELECT last_value FROM tb_confiture_pk_confiture_seq");
        assertThat(tried().wouldSucceed()).isTrue();
        assertThat(value("SELECT last_value FROM tb_confiture_pk_confiture_seq"))
                .isEqualTo(before);
    }

    @Test
    void whatScriptsDoToTheSessionIsUndoneAndWhatARunWouldLeaveIsTold() throws Exception {
        folder.write(
                        "001_a.up.sql",
                        "SET work_mem = '70MB'; SET app.tenant = 'x'; SET search_path = nowhere; NOTIFY news, 'x';"
                                + " LISTEN news; CREATE TEMP TABLE t (); PREPARE later AS SELECT 1;"
                                + " SELECT pg_advisory_lock(7), pg_advisory_lock(7), pg_advisory_lock_shared(1, -2);")
                .write("002_b.up.sql", "CREATE TABLE public.b (); SELECT pg_advisory_xact_lock(8);");
        String state =
                "SELECT concat_ws(' ', current_setting('work_mem'), coalesce(current_setting('app.tenant', true), ''),"
                        + " current_setting('search_path'), current_setting('lock_timeout'), pg_my_temp_schema(),"
                        + " (SELECT count(*) FROM pg_prepared_statements WHERE from_sql), (SELECT count(*) FROM pg_listening_channels()),"
                        + " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()))";
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                Connection listener = database.connect();
                Statement listening = listener.createStatement()) {
            listening.execute("LISTEN news");
            statement.execute("SELECT pg_advisory_lock(9)");
            String before = first(statement, state);
            DryRunReport report = Migrator.builder(connection)
                    .locations(folder.location())
                    .build()
                    .dryRun();
            assertThat(report.wouldSucceed()).isTrue();
            assertThat(report.warnings())
                    .containsExactlyInAnyOrder(
                            "The scripts leave behind: advisory lock 7",
                            "The scripts leave behind: advisory lock 1, -2",
                            "The scripts leave behind: prepared statement later");
            assertThat(first(statement, state)).isEqualTo(before);
            assertThat(first(listening, "SELECT 1")).isEqualTo("1");
            assertThat(listener.unwrap(org.postgresql.PGConnection.class).getNotifications())
                    .isEmpty();
        }
    }

    private static String first(Statement statement, String sql) throws SQLException {
        try (var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void sequencesThatStayAdvancedAreNamedAndNoOthers() {
        database.execute(
                "CREATE TABLE numbered (id int GENERATED ALWAYS AS IDENTITY)",
                "CREATE TABLE emptied (id int GENERATED ALWAYS AS IDENTITY)",
                "INSERT INTO emptied DEFAULT VALUES",
                "CREATE SEQUENCE \"Set\"",
                "CREATE SEQUENCE untouched",
                "CREATE SEQUENCE given",
                "SELECT nextval('given')");
        folder.write(
                "001_a.up.sql",
                "INSERT INTO numbered DEFAULT VALUES; INSERT INTO numbered DEFAULT VALUES; SELECT setval('\"Set\"', 40);"
                        + " TRUNCATE emptied RESTART IDENTITY; INSERT INTO emptied DEFAULT VALUES;"
                        + " ALTER SEQUENCE given INCREMENT 5; CREATE SEQUENCE fresh; SELECT nextval('fresh');");
        assertThat(tried().sequences())
                .containsExactly(
                        new AdvancedSequence("public.\"Set\"", null, 40L),
                        new AdvancedSequence("public.numbered_id_seq", null, 2L));
    }

    @Test
    void whatCannotRunInATransactionIsNotTriedAndWhatFollowsIsUnknown() {
        folder.three()
                .write(
                        "002_index.up.sql",
                        "ALTER TABLE users ADD name text;\nCREATE INDEX CONCURRENTLY i ON users (name);\nSELECT 1;");
        folder.delete("002_add_name.up.sql");
        folder.delete("002_add_name.down.sql");
        DryRunReport report = tried();
        assertThat(report.wouldSucceed()).isFalse();
        assertThat(outcomes(report)).containsExactly(Outcome.OK, Outcome.NOT_TRIED, Outcome.UNKNOWN);
        MigrationTrial index = report.migrations().get(1);
        assertThat(outcomes(index)).containsExactly(Outcome.OK, Outcome.NOT_TRIED);
        assertThat(index.statementCount()).isEqualTo(3);
        assertThat(index.detail()).contains("002_index.up.sql:2 cannot run in a transaction; it and what follows");
        MigrationTrial seed = report.migrations().get(2);
        assertThat(outcomes(seed)).containsExactly(Outcome.UNKNOWN);
        assertThat(seed.detail()).matches("passed without .*002_index.up.sql:2, which was not run");
    }

    @Test
    void aFailureBehindWhatWasNotTriedIsNoPlainFailure() {
        folder.write("001_a.up.sql", "-- confiture: transactional=false\nCREATE TABLE a ();")
                .write("002_b.up.sql", "ALTER TABLE a ADD b int;")
                .write("003_c.up.sql", "SELECT 1;");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.NOT_TRIED, Outcome.UNKNOWN, Outcome.NOT_TRIED);
        assertThat(report.migrations().get(0).detail()).contains("transactional=false");
        MigrationTrial second = report.migrations().get(1);
        assertThat(second.detail()).contains("failed at", "002_b.up.sql:1 without 001_a, which was not run");
        assertThat(second.failure()).isNotNull();
        assertThat(outcomes(second)).containsExactly(Outcome.UNKNOWN);
    }

    @Test
    void aMigrationThatAnEarlierRunHasBegunIsNotTried() {
        folder.write("001_a.up.sql", "CREATE TABLE a AS SELECT 1 AS id FROM generate_series(1, 2);")
                .write("002_b.up.sql", "CREATE TABLE b (); CREATE UNIQUE INDEX CONCURRENTLY i ON a (id); SELECT 1;");
        fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.NOT_TRIED);
        assertThat(report.migrations().get(0).detail()).contains("an earlier run has begun it");
    }

    @Test
    void deferredConstraintsAreCheckedAfterEachMigrationAndStayDeferredForTheNext() {
        database.execute(
                "CREATE TABLE p (id int PRIMARY KEY)",
                "CREATE TABLE c (p int CONSTRAINT fk REFERENCES p DEFERRABLE INITIALLY DEFERRED)");
        folder.write("001_a.up.sql", "INSERT INTO c VALUES (1); INSERT INTO p VALUES (1); SET work_mem = '70MB';")
                .write(
                        "002_b.up.sql",
                        "INSERT INTO c VALUES (2); INSERT INTO p VALUES (2);"
                                + " CREATE TABLE d (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);"
                                + " INSERT INTO d VALUES (3); INSERT INTO p VALUES (3);")
                .write("003_c.up.sql", "ALTER TABLE c ADD x int; INSERT INTO c VALUES (4);")
                .write("004_d.up.sql", "SELECT 1;");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.OK, Outcome.OK, Outcome.FAILED, Outcome.NOT_TRIED);
        MigrationTrial third = report.migrations().get(2);
        assertThat(outcomes(third)).containsExactly(Outcome.OK, Outcome.OK);
        assertThat(failure(third).message()).contains("violates foreign key constraint \"fk\"");
        assertThat(failure(third).place().sqlState()).isEqualTo("23503");
    }

    @Test
    void whatOneScriptSetsTheNextDoesNotSee() {
        database.execute("CREATE SCHEMA other");
        folder.write("001_a.up.sql", "SET search_path = other; SET LOCAL work_mem = '70MB'; CREATE TEMP TABLE t ();")
                .write(
                        "002_b.up.sql",
                        "SELECT 1 / (current_setting('work_mem') <> '70MB')::int; CREATE TABLE public_one ();"
                                + " CREATE TEMP TABLE t ();")
                .write("003_c.up.sql", "ALTER TABLE public.public_one ADD a int;");
        assertThat(outcomes(tried())).containsOnly(Outcome.OK);
    }

    @Test
    void whatNeedsTheCommitBeforeItIsNotTriedRatherThanFailed() {
        folder.write("001_a.up.sql", "CREATE TYPE mood AS ENUM ('bad');")
                .write("002_b.up.sql", "CREATE TABLE m (m mood); INSERT INTO m VALUES ('bad');");
        migrator().applyAll();
        folder.write("003_c.up.sql", "ALTER TYPE mood ADD VALUE 'good';")
                .write("004_d.up.sql", "INSERT INTO m VALUES ('good');");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.OK, Outcome.NOT_TRIED);
        assertThat(report.migrations().get(1).detail())
                .contains("one transaction")
                .contains("[55P04]");
        assertThat(migrator().applyAll()).hasSize(2);
        folder.write("005_e.up.sql", "ALTER TYPE mood ADD VALUE 'best';\nINSERT INTO m VALUES ('best');");
        assertThat(outcomes(tried())).containsExactly(Outcome.FAILED);
        folder.write("005_e.up.sql", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;");
        assertThat(outcomes(tried())).containsExactly(Outcome.NOT_TRIED);
    }

    @Test
    void onlyWhatIsPendingUpToTheTargetIsTried() {
        folder.three();
        migrator().apply("001");
        assertThat(tried(migrator(), DryRunOptions.defaults().target("002_add_name"))
                        .migrations())
                .extracting(MigrationTrial::version)
                .containsExactly("002");
        migrator().applyAll();
        DryRunReport nothing = tried();
        assertThat(nothing.migrations()).isEmpty();
        assertThat(nothing.wouldSucceed()).isTrue();
        fails(
                ConfigurationException.class,
                ErrorCode.INVALID_CONFIGURATION,
                () -> DryRunOptions.defaults().lockLimit(Duration.ZERO));
    }

    @Test
    void aRunThatWouldNotBeginIsNoReport() {
        folder.three();
        migrator().applyAll();
        folder.write("000_late.up.sql", "SELECT 1;");
        refused(
                MigrationException.class,
                ErrorCode.OUT_OF_ORDER,
                () -> migrator().dryRun());
        folder.delete("000_late.up.sql");
        folder.write("004_a.up.sql", "SELECT 'open;");
        refused(
                MigrationException.class,
                ErrorCode.SCRIPT_SYNTAX,
                () -> migrator().dryRun());
    }

    @Test
    void hooksAreNotCalled() {
        folder.three();
        List<HookPoint> called = new ArrayList<>();
        MigratorBuilder builder = builder();
        for (HookPoint point : HookPoint.values()) {
            builder.hook(MigrationHook.at(point, context -> called.add(point)));
        }
        builder.build().dryRun();
        assertThat(called).isEmpty();
    }

    @Test
    void rowsOfCopyAreStreamedAndAWrongOneIsFound() {
        folder.write("001_a.up.sql", "CREATE TABLE a (id int);\nCOPY a FROM stdin;\n1\n2\n\\.\nSELECT 1;");
        assertThat(tried().migrations().get(0).rows()).isEqualTo(2);
        folder.write("001_a.up.sql", "CREATE TABLE a (id int);\nCOPY a FROM stdin;\n1\nsecret\n\\.\nSELECT 1;");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.FAILED);
        assertThat(failure(report.migrations().get(0)).place().line()).isEqualTo(4);
        folder.write("001_a.up.sql", "CREATE TABLE a (id int);\nCOPY a FROM stdin;\n1\n");
        refused(
                MigrationException.class,
                ErrorCode.SCRIPT_SYNTAX,
                () -> migrator().dryRun());
    }

    @Test
    void aFileThatTheServerWouldWriteIsNotWritten() {
        Path out = temp.resolve("out");
        folder.write("001_a.up.sql", "COPY (SELECT 1) TO PROGRAM 'cat > " + out + "';");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.NOT_TRIED);
        assertThat(report.migrations().get(0).detail()).contains("file or program of the server");
        assertThat(Files.exists(out)).isFalse();
    }

    @Test
    void aMigrationThatIsAlwaysVerifiedIsVerified() {
        folder.write("001_a.up.sql", "-- confiture: verify=always\nCREATE TABLE a (id int);")
                .write("001_a.verify.sql", "SELECT count(*) = 1 FROM a");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.FAILED);
        assertThat(failure(report.migrations().get(0)).code()).isEqualTo(ErrorCode.VERIFICATION_FAILED);
        folder.write("001_a.verify.sql", "SELECT count(*) = 0 FROM a");
        assertThat(tried().wouldSucceed()).isTrue();
        folder.write("001_a.verify.sql", "SELECT pg_sleep(600) IS NOT NULL");
        assertThat(outcomes(tried(migrator(), DryRunOptions.defaults().lockLimit(Duration.ofMillis(300)))))
                .containsExactly(Outcome.NOT_TRIED);
    }

    @Test
    void aProcedureThatCommitsFailsAsItWould() {
        folder.write("001_a.up.sql", "DO 'BEGIN CREATE TABLE a (); COMMIT; END';");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.FAILED);
        assertThat(failure(report.migrations().get(0)).hint()).contains("transactional=false");
    }

    @Test
    void theReportIsBoundedAndHoldsNoPassword() {
        folder.write(
                "001_a.up.sql",
                "SELECT 1;\n".repeat(1000) + "CREATE ROLE dry_run_role PASSWORD 'geheim';\nSELECT '" + "x".repeat(9000)
                        + "' || broken;");
        MigrationTrial trial = tried().migrations().get(0);
        assertThat(trial.statementCount()).isEqualTo(1002);
        assertThat(trial.statements()).hasSize(1001);
        assertThat(trial.statements().get(1000).number()).isEqualTo(1002);
        assertThat(trial.statements().get(1000).sql()).hasSizeLessThan(600);
        folder.write("001_a.up.sql", "CREATE ROLE dry_run_role PASSWORD 'geheim';");
        assertThat(tried().toString()).doesNotContain("geheim");
    }

    @Test
    void theReportHoldsNoValueOfAPlaceholder() {
        folder.write("001_a.up.sql", "CREATE TABLE ${value} ();\nSELECT ${value}();");
        Migrator migrator = builder().placeholders(Map.of("value", "geheim")).build();
        DryRunReport report = tried(migrator, DryRunOptions.defaults());
        assertThat(outcomes(report)).containsExactly(Outcome.FAILED);
        assertThat(report.toString()).contains("${value}").doesNotContain("geheim");
    }
}
