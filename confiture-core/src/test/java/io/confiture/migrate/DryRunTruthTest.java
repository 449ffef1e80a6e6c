package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ErrorCode;
import io.confiture.migrate.DryRunReport.MigrationTrial;
import io.confiture.migrate.DryRunReport.Outcome;
import io.confiture.test.DatabaseContents;
import io.confiture.test.TestServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dry run says is what a run would do, or it says that it does not know. */
class DryRunTruthTest extends MigratorTestCase {

    private DryRunReport tried(Migrator migrator, DryRunOptions options) {
        List<String> before = DatabaseContents.of(database);
        DryRunReport report = migrator.dryRun(options);
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
        return report;
    }

    private DryRunReport tried() {
        return tried(migrator(), DryRunOptions.defaults());
    }

    private static List<Outcome> outcomes(DryRunReport report) {
        return report.migrations().stream().map(MigrationTrial::outcome).toList();
    }

    @Test
    void locksThatOnlyAllMigrationsTogetherExhaustAreNoFailure() {
        for (int i = 1; i <= 4; i++) {
            folder.write(
                    i + "_m.up.sql",
                    "SELECT count(pg_advisory_xact_lock(n)) FROM generate_series(" + i + " * 20000, " + i
                            + " * 20000 + 15000) n;");
        }
        DryRunReport report = tried();
        assertThat(report.wouldSucceed()).isFalse();
        assertThat(outcomes(report)).startsWith(Outcome.OK).doesNotContain(Outcome.FAILED);
        assertThat(report.migrations().get(3).outcome()).isEqualTo(Outcome.NOT_TRIED);
        assertThat(report.migrations().stream()
                        .filter(trial -> trial.outcome() == Outcome.NOT_TRIED)
                        .findFirst()
                        .orElseThrow()
                        .detail())
                .contains("[53200]", "max_locks_per_transaction", "target");
        assertThat(migrator().applyAll()).hasSize(4);
    }

    @Test
    void locksThatOneMigrationExhaustsAreAFailure() {
        folder.write("1_m.up.sql", "SELECT count(pg_advisory_xact_lock(n)) FROM generate_series(1, 50000) n;");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.FAILED);
        assertThat(failure(report.migrations().get(0)).place().sqlState()).isEqualTo("53200");
    }

    @Test
    void withACallbackBeforeThatIsNotRunNothingIsCertain() {
        folder.write("beforeMigrate.sql", "CREATE TABLE made ();").write("1_a.up.sql", "ALTER TABLE made ADD id int;");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.UNKNOWN);
        assertThat(report.migrations().get(0).detail()).contains("beforeMigrate.sql");
        assertThat(report.warnings()).singleElement().asString().contains("beforeMigrate.sql", "not run");
        assertThat(migrator().applyAll()).hasSize(1);
    }

    @Test
    void aCallbackAfterThatIsNotRunIsTold() {
        folder.write("1_a.up.sql", "CREATE TABLE a ();").write("afterMigrate.sql", "SELECT 1/0;");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.OK);
        assertThat(report.warnings()).singleElement().asString().contains("afterMigrate.sql", "not run");
    }

    @Test
    void aSchemaThatTheRunWouldCreateIsCreated() {
        folder.write("1_a.up.sql", "CREATE TABLE ledgers.a ();");
        Migrator migrator = builder().schema("ledgers").createSchema(true).build();
        assertThat(tried(migrator, DryRunOptions.defaults()).wouldSucceed()).isTrue();
        assertThat(migrator.applyAll()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET TRANSACTION READ ONLY;",
                "CREATE TABLE b (); DROP TABLE tb_confiture;",
                "REVOKE INSERT ON tb_confiture FROM PUBLIC; ALTER TABLE tb_confiture RENAME TO gone;",
            })
    void aScriptAfterWhichTheLedgerCannotBeWrittenFails(String sql) {
        folder.write("1_a.up.sql", "CREATE TABLE a ();");
        migrator().applyAll();
        folder.write("2_b.up.sql", sql);
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.FAILED);
        assertThatThrownBy(() -> migrator().applyAll());
    }

    @Test
    void aRoleThatMayNotWriteTheLedgerFails() {
        folder.write("1_a.up.sql", "CREATE TABLE a ();");
        migrator().applyAll();
        folder.write("2_b.up.sql", "SELECT 1;");
        String role = "reader_" + database.name();
        TestServer.execute("CREATE ROLE " + role + " LOGIN");
        try {
            database.execute("GRANT SELECT ON tb_confiture TO " + role);
            Migrator weak = Migrator.builder(database.url(role))
                    .locations(folder.location())
                    .build();
            DryRunReport report = tried(weak, DryRunOptions.defaults());
            assertThat(outcomes(report)).containsExactly(Outcome.FAILED);
            assertThat(failure(report.migrations().get(0)).code()).isEqualTo(ErrorCode.INSUFFICIENT_PRIVILEGE);
        } finally {
            database.execute("DROP OWNED BY " + role);
            TestServer.execute("DROP ROLE " + role);
        }
    }

    @Test
    void deferredConstraintsAreCheckedThoughTheScriptEndsAsARoleThatSeesNone() {
        String role = "weak_" + database.name();
        TestServer.execute("CREATE ROLE " + role);
        try {
            database.execute(
                    "CREATE SCHEMA closed",
                    "CREATE TABLE closed.p (id int PRIMARY KEY)",
                    "CREATE TABLE closed.c (p int REFERENCES closed.p DEFERRABLE INITIALLY DEFERRED)");
            folder.write("1_a.up.sql", "INSERT INTO closed.c VALUES (1); SET ROLE " + role + ";");
            assertThat(outcomes(tried())).containsExactly(Outcome.FAILED);
        } finally {
            TestServer.execute("DROP ROLE " + role);
        }
    }

    /** Each is right in a run, where the first script's word ends with its transaction. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DEFERRED | DEFERRABLE | FAILED",
                "DEFERRED | DEFERRABLE INITIALLY DEFERRED | OK",
                "IMMEDIATE | DEFERRABLE INITIALLY DEFERRED | OK",
                "IMMEDIATE | DEFERRABLE | FAILED"
            })
    void whatOneScriptSaysOfAllConstraintsDoesNotHoldForThoseOfALaterOne(String mode, String constraint, String then) {
        folder.write("1_a.up.sql", "SET CONSTRAINTS ALL " + mode + "; CREATE TABLE p (id int PRIMARY KEY);")
                .write(
                        "2_b.up.sql",
                        "CREATE TABLE c (p int REFERENCES p " + constraint + ");"
                                + " INSERT INTO c VALUES (1); INSERT INTO p VALUES (1);");
        assertThat(outcomes(tried())).containsExactly(Outcome.OK, Outcome.valueOf(then));
        if (then.equals("OK")) {
            assertThat(migrator().applyAll()).hasSize(2);
        } else {
            assertThatThrownBy(() -> migrator().applyAll()).hasMessageContaining("c_p_fkey");
        }
    }

    @Test
    void whatAScriptSaysOfAllConstraintsHoldsForItsOwn() {
        folder.write("1_a.up.sql", "SET CONSTRAINTS ALL IMMEDIATE; CREATE TABLE p (id int PRIMARY KEY);")
                .write(
                        "2_b.up.sql",
                        "SET CONSTRAINTS ALL DEFERRED; CREATE TABLE c (p int REFERENCES p DEFERRABLE);"
                                + " INSERT INTO c VALUES (1); INSERT INTO p VALUES (1);");
        assertThat(outcomes(tried())).containsExactly(Outcome.OK, Outcome.OK);
        assertThat(migrator().applyAll()).hasSize(2);
    }

    @Test
    void aTimeoutThatAFunctionTakesAwayDoesNotTakeTheLimitAway() {
        database.execute("CREATE FUNCTION quiet() RETURNS void LANGUAGE plpgsql AS"
                + " $$ BEGIN SET statement_timeout = 0; END $$");
        folder.write("1_a.up.sql", "SELECT quiet(); SELECT pg_sleep(20);");
        DryRunReport report = tried(migrator(), DryRunOptions.defaults().lockLimit(Duration.ofMillis(300)));
        assertThat(outcomes(report)).containsExactly(Outcome.NOT_TRIED);
        assertThat(report.duration()).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void aTimeoutThatAFunctionSetsIsMetAsInARun() {
        database.execute("CREATE FUNCTION hasty() RETURNS void LANGUAGE plpgsql AS"
                + " $$ BEGIN SET statement_timeout = '30ms'; END $$");
        folder.write("1_a.up.sql", "SELECT hasty(); SELECT pg_sleep(2);");
        assertThat(outcomes(tried())).containsExactly(Outcome.FAILED);
    }

    @Test
    void warningsAreToldThoughNothingIsPending() {
        folder.write("1_a.up.sql", "CREATE TABLE a ();");
        migrator().applyAll();
        folder.write("1_a.up.sql", "CREATE TABLE b ();");
        DryRunReport report = builder().changed(Policy.WARN).build().dryRun();
        assertThat(report.wouldSucceed()).isTrue();
        assertThat(report.warnings()).singleElement().asString().contains("1_a");
    }

    @Test
    void whatAScriptTakesFromTheCallersSessionIsTold() throws Exception {
        folder.write("1_a.up.sql", "SELECT pg_advisory_unlock(9); DEALLOCATE mine;");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(9)");
            statement.execute("PREPARE mine AS SELECT 1");
            DryRunReport report = Migrator.builder(connection)
                    .locations(folder.location())
                    .build()
                    .dryRun();
            assertThat(report.warnings())
                    .containsExactlyInAnyOrder(
                            "The scripts take away: advisory lock 9", "The scripts take away: prepared statement mine");
        }
    }

    @Test
    void whatIsNotOfOneSchemaDoesNotStayEither() {
        folder.write(
                "1_a.up.sql",
                "CREATE ROLE dry_global; SELECT lo_create(4711); ALTER DATABASE " + database.name()
                        + " SET work_mem = '70MB'; ALTER ROLE postgres SET app.dry = 'x';"
                        + " COMMENT ON DATABASE " + database.name()
                        + " IS 'dry'; DECLARE held CURSOR WITH HOLD FOR SELECT 1;");
        assertThat(tried().wouldSucceed()).isTrue();
        assertThat(value("SELECT count(*) FROM pg_roles WHERE rolname = 'dry_global'"))
                .isEqualTo("0");
        assertThat(value("SELECT count(*) FROM pg_largeobject_metadata")).isEqualTo("0");
        assertThat(value("SELECT count(*) FROM pg_db_role_setting WHERE setconfig::text ~ '70MB|app.dry'"))
                .isEqualTo("0");
    }

    @Test
    void aLockTakenOftenIsGivenBackAsOften() {
        folder.write("1_a.up.sql", "SELECT count(pg_advisory_lock(7)) FROM generate_series(1, 20000);");
        assertThat(tried().wouldSucceed()).isTrue();
    }

    @Test
    void savepointsOfAScriptAreItsOwn() {
        folder.write(
                        "1_a.up.sql",
                        "CREATE TABLE a (); SAVEPOINT s; CREATE TABLE b (); ROLLBACK TO s; SAVEPOINT confiture_dry_run_migration;"
                                + " CREATE TABLE c (); SELECT 1;")
                .write("2_b.up.sql", "CREATE TABLE b (); SELECT 1 FROM a, c;");
        assertThat(outcomes(tried())).containsExactly(Outcome.OK, Outcome.OK);
    }

    @Test
    void aStatementCancelledFromOutsideLeavesNothing() throws Exception {
        folder.write(
                "1_a.up.sql", "CREATE TABLE a (); SELECT pg_cancel_backend(pg_backend_pid()); SELECT pg_sleep(1);");
        assertThat(outcomes(tried())).containsExactly(Outcome.FAILED);
    }

    @Test
    void theLimitHoldsWithinACopy() {
        database.execute(
                "CREATE TABLE slow (id int)",
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$",
                "CREATE TRIGGER slow BEFORE INSERT ON slow FOR EACH ROW EXECUTE FUNCTION slow()");
        folder.write("1_a.up.sql", "COPY slow FROM stdin;\n" + "1\n".repeat(1000) + "\\.\n")
                .write("2_b.up.sql", "SELECT 1;");
        DryRunReport report = tried(migrator(), DryRunOptions.defaults().lockLimit(Duration.ofMillis(300)));
        assertThat(outcomes(report)).containsExactly(Outcome.NOT_TRIED, Outcome.NOT_TRIED);
        assertThat(report.duration()).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void theTimeLimitOfTheSettingsIsMetAsInARun() {
        folder.write("1_a.up.sql", "SELECT pg_sleep(2);");
        Migrator hasty = builder().statementTimeout(Duration.ofMillis(30)).build();
        assertThat(outcomes(tried(hasty, DryRunOptions.defaults()))).containsExactly(Outcome.FAILED);
    }

    @Test
    void theLockTimeoutThatAScriptSaysIsMetAsInARun() throws Exception {
        database.execute("CREATE TABLE held ()");
        folder.write("1_a.up.sql", "-- confiture: lock-timeout=50ms\nALTER TABLE held ADD COLUMN a int;");
        try (Connection blocker = database.connect();
                Statement lock = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            lock.execute("LOCK TABLE held IN ACCESS SHARE MODE");
            DryRunReport report = tried(
                    builder().lockTimeout(Duration.ZERO).build(),
                    DryRunOptions.defaults().lockLimit(Duration.ofSeconds(5)));
            assertThat(outcomes(report)).containsExactly(Outcome.FAILED);
            assertThat(report.migrations().get(0).failure()).asString().contains("lock timeout");
        }
    }

    @Test
    void theStatementTimeoutOfTheRoleIsMetAsInARun() {
        database.execute("ALTER DATABASE " + database.name() + " SET statement_timeout = '50ms'");
        folder.write("1_a.up.sql", "SELECT pg_sleep(5);");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.FAILED);
        assertThat(report.migrations().get(0).failure()).asString().contains("57014");
    }

    @Test
    void aVerificationIsTriedOnlyBehindAWholeScript() {
        folder.write("1_a.up.sql", "-- confiture: verify=always\nCREATE TABLE a ();\nVACUUM a;\nCREATE TABLE b ();")
                .write("1_a.verify.sql", "SELECT to_regclass('b') IS NOT NULL");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.NOT_TRIED);
        assertThat(report.migrations().get(0).failure()).isNull();
        folder.write("1_a.up.sql", "-- confiture: verify=always\nCREATE TABLE a ();");
        assertThat(outcomes(tried())).containsExactly(Outcome.FAILED);
    }
}
