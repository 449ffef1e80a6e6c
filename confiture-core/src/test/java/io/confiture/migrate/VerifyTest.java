package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.ValidationReport.Check;
import io.confiture.migrate.ValidationReport.Outcome;
import io.confiture.test.DatabaseContents;
import io.confiture.test.PidChangingProxy;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifyTest extends MigratorTestCase {

    @BeforeEach
    void applyThree() {
        folder.three();
        migrator().applyAll();
    }

    private Check verified(String sql) {
        return verified(migrator(), sql);
    }

    private Check verified(Migrator migrator, String sql) {
        folder.write("003_seed.verify.sql", sql);
        List<String> before = DatabaseContents.of(database);
        ValidationReport report = migrator.verify();
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
        return of(report, "003");
    }

    private static Check of(ValidationReport report, String version) {
        return report.checks().stream()
                .filter(check ->
                        check.what().equals("verify") && check.version().equals(version))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void rowsThatAreAllTrueAreOkAndCounted() {
        Check check =
                verified("SELECT count(*) = 2 AS two FROM users;\nSELECT true, id > 0 FROM users;\nVALUES (true);");
        assertThat(check).isEqualTo(new Check("003", "seed", "verify", Outcome.OK, check.detail()));
        assertThat(check.detail()).contains("4 rows of 3 statements");
        assertThat(migrator().verify().valid()).isTrue();
        assertThat(migrator().verify().count(Outcome.OK)).isEqualTo(4);
    }

    @Test
    void validateRunsNothingAndSaysSo() {
        folder.write("003_seed.verify.sql", "SELECT pg_terminate_backend(pg_backend_pid())");
        ValidationReport report = migrator().validate();
        assertThat(of(report, "003").outcome()).isEqualTo(Outcome.NOT_CHECKED);
        assertThat(of(report, "003").detail()).isEqualTo("not checked: verify() runs it");
        assertThat(report.valid()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT true WHERE false | 1:1: statement 1: returned no row",
                "SELECT | 1:1: statement 1: returned no column",
                "SELECT false AS ok | 1:1: statement 1: row 1: column \"ok\" is false",
                "SELECT NULL::boolean AS ok | 1:1: statement 1: row 1: column \"ok\" is null",
                "SELECT 1 AS n | 1:1: statement 1: column \"n\" is int4, not boolean",
                "SELECT 't' AS n | 1:1: statement 1: column \"n\" is text, not boolean",
                "SELECT B'1' AS n | 1:1: statement 1: column \"n\" is bit, not boolean",
                "SELECT id = 1 AS one FROM users ORDER BY id | 1:1: statement 1: row 2: column \"one\" is false",
                "SELECT true AS a, email <> 'a@b.c' AS b FROM users | statement 1: row 1: column \"b\" is false",
                "SELECT true; ; TABLE users | 1:16: statement 2: column \"id\" is int4, not boolean",
                "SELECT n <= 2000 AS few FROM generate_series(1, 2500) n | row 2001: column \"few\" is false",
                "SELECT 1/0 = 1 | 1:1: statement 1: division by zero [22012]",
                "SELECT true,  nowhere FROM users | 1:15: statement 1: column \"nowhere\" does not exist [42703]",
            })
    void whatIsNotTrueFailsWithPlaceRowAndColumn(String sql, String detail) {
        Check check = verified(sql);
        assertThat(check.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(check.detail())
                .contains("003_seed.verify.sql:")
                .contains(detail)
                .doesNotContain("a@b.c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT true; DELETE FROM users | 1:14: only SELECT, WITH, VALUES and TABLE",
                "WITH d AS (DELETE FROM users RETURNING true) SELECT * FROM d | 1:12: WITH must not hold DELETE",
                "SELECT true AS t INTO copy FROM users | 1:18: SELECT … INTO creates a table",
                "SELECT true FROM users FOR UPDATE | 1:24: FOR UPDATE locks rows",
                "COPY users TO STDOUT | 1:1: only SELECT",
                "COMMIT | 1:1: only SELECT",
                "SELECT 'open | 1:8: a literal that is never closed",
                "-- nothing | 1:1: there is no statement in it",
                "`-- confiture: transactional=false\nSELECT true` | a verification is always one transaction",
                "`-- confiture: statement-timout=1s\nSELECT true` | 1:15: unknown directive \"statement-timout\"",
            })
    void whatIsNoPlainQueryFailsAndNothingOfTheFileRuns(String sql, String detail) {
        Check check = verified(sql);
        assertThat(check.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(check.detail()).contains("003_seed.verify.sql:").contains(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT writes() | cannot execute DELETE in a read-only transaction [25006]",
                "SELECT nextval('numbers') = 1 | cannot execute nextval() in a read-only transaction [25006]",
                "SELECT set_config('transaction_read_only', 'off', false) = 'off' | read-only transaction [25001]",
            })
    void whatAFunctionWritesTheServerRefuses(String sql, String detail) {
        database.execute(
                "CREATE SEQUENCE numbers",
                "CREATE FUNCTION writes() RETURNS boolean LANGUAGE plpgsql AS"
                        + " 'BEGIN DELETE FROM users; RETURN true; END'");
        assertThat(verified(sql).detail()).contains(detail);
        assertThat(value("SELECT nextval('numbers')")).isEqualTo("1");
    }

    @Test
    void oneThatFailsDoesNotKeepTheOthersFromRunning() {
        folder.write("001_create_users.verify.sql", "SELECT nonsense()")
                .write("002_add_name.verify.sql", "SELECT count(*) = 2 FROM users")
                .write("003_seed.verify.sql", "SELECT broken");
        ValidationReport report = migrator().verify();
        assertThat(of(report, "001").outcome()).isEqualTo(Outcome.FAILED);
        assertThat(of(report, "002").outcome()).isEqualTo(Outcome.OK);
        assertThat(of(report, "003").outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.valid()).isFalse();
    }

    @Test
    void whatOneFileLeavesInTheSessionTheNextDoesNotSee() {
        String clean =
                "SELECT current_setting('search_path') = '\"$user\", public', current_setting('work_mem') <> '70MB',"
                        + " NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid());";
        folder.write(
                        "001_create_users.verify.sql",
                        clean + "SELECT set_config('search_path', 'nowhere', false) = 'nowhere',"
                                + " set_config('work_mem', '70MB', false) = '70MB', pg_try_advisory_lock(7),"
                                + " pg_try_advisory_lock(7), pg_try_advisory_lock_shared(-1, 2), pg_try_advisory_lock(-9)")
                .write("002_add_name.verify.sql", clean);
        assertThat(migrator().verify().checks()).extracting(Check::outcome).containsOnly(Outcome.OK);
    }

    @Test
    void aSessionThatHoldsTheLockKeepsItAndItsSettings() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET work_mem = '71MB'; SELECT pg_advisory_lock(8)");
            Migrator migrator =
                    Migrator.builder(connection).locations(folder.location()).build();
            try (MigrationLock lock = migrator.lock()) {
                assertThat(verified(migrator, "SELECT pg_try_advisory_lock(9), current_setting('work_mem') = '71MB'")
                                .outcome())
                        .isEqualTo(Outcome.OK);
                assertThat(migrator.lockHolder()).isPresent();
            }
            try (var rows = statement.executeQuery(
                    "SELECT count(*), current_setting('work_mem') FROM pg_locks WHERE locktype = 'advisory'"
                            + " AND pid = pg_backend_pid() AND objid = 8")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(1);
                assertThat(rows.getString(2)).isEqualTo("71MB");
            }
        }
    }

    @Test
    void theTransactionOnlyReadsAndHasASafeTimeLimit() {
        assertThat(verified("SELECT current_setting('transaction_read_only') = 'on',"
                                + " current_setting('statement_timeout') = '1min',"
                                + " current_setting('lock_timeout') = '5s'")
                        .outcome())
                .isEqualTo(Outcome.OK);
        Migrator told = builder()
                .statementTimeout(Duration.ofSeconds(7))
                .lockTimeout(Duration.ofSeconds(3))
                .build();
        assertThat(verified(
                                told,
                                "SELECT current_setting('statement_timeout') = '7s',"
                                        + " current_setting('lock_timeout') = '3s'")
                        .outcome())
                .isEqualTo(Outcome.OK);
        assertThat(verified(
                                told,
                                "-- confiture: statement-timeout=90s lock-timeout=1s\nSELECT"
                                        + " current_setting('statement_timeout') = '90s',"
                                        + " current_setting('lock_timeout') = '1s'")
                        .outcome())
                .isEqualTo(Outcome.OK);
    }

    @Test
    void aCheckThatTakesTooLongOrMeetsALockFails() throws Exception {
        assertThat(verified("-- confiture: statement-timeout=50ms\nSELECT pg_sleep(60) IS NULL")
                        .detail())
                .contains("2:1: statement 1: canceling statement due to statement timeout [57014]");
        // Each portion of rows is quick, all of them are not: the limit is that of the statement.
        assertThat(verified("-- confiture: statement-timeout=400ms\nSELECT true FROM generate_series(1, 20000) n"
                                + " WHERE n % 1000 <> 0 OR pg_sleep(0.1) IS NOT NULL")
                        .outcome())
                .isEqualTo(Outcome.FAILED);
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE users");
            folder.write("003_seed.verify.sql", "SELECT count(*) > 0 FROM users");
            Migrator migrator = builder().lockTimeout(Duration.ofMillis(50)).build();
            assertThat(of(migrator.verify(), "003").detail()).contains("[55P03]");
        }
    }

    @Test
    void placeholdersHaveTheirValuesAndNoDetailTellsThem() {
        Migrator migrator = builder().placeholders(Map.of("value", "geheim")).build();
        database.execute("CREATE TABLE geheim AS SELECT true AS t");
        assertThat(verified(migrator, "SELECT t FROM ${value}").outcome()).isEqualTo(Outcome.OK);
        for (String sql : List.of("SELECT ${value}()", "SELECT false AS ${value}", "${value}")) {
            Check check = verified(migrator, sql);
            assertThat(check.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(check.detail()).contains("003_seed.verify.sql:1:").doesNotContainIgnoringCase("geheim");
        }
    }

    @Test
    void aLostConnectionIsNoFailedCheck() {
        folder.write("002_add_name.verify.sql", "SELECT pg_terminate_backend(pg_backend_pid())");
        fails(
                DatabaseConnectionException.class,
                ErrorCode.CONNECTION_FAILED,
                () -> migrator().verify());
    }

    @Test
    void aRunThatHoldsTheMigrationLockIsNotWaitedFor() {
        folder.write("003_seed.verify.sql", "SELECT true");
        try (MigrationLock lock = migrator().lock()) {
            assertThat(builder().lockWait(Duration.ZERO).build().verify().valid())
                    .isTrue();
        }
    }

    @Test
    void behindATransactionPoolerItIsTheSame() {
        try (PidChangingProxy proxy = new PidChangingProxy()) {
            Migrator migrator = Migrator.builder(proxy.url(database))
                    .locations(folder.location())
                    .build();
            assertThat(verified(migrator, "SELECT count(*) = 2 FROM users").outcome())
                    .isEqualTo(Outcome.OK);
        }
    }

    @Test
    void whatIsNotAppliedIsPendingAndNotVerified() {
        folder.write("004_more.up.sql", "CREATE TABLE more ();").write("004_more.verify.sql", "SELECT false");
        ValidationReport report = migrator().verify();
        assertThat(report.valid()).isTrue();
        assertThat(report.pending()).extracting(Migration::id).containsExactly("004_more");
        assertThat(report.checks()).extracting(Check::what).containsOnly("checksum");
    }

    @Test
    void hooksHearOfItAsOfAValidation() {
        folder.write("003_seed.verify.sql", "SELECT false");
        List<String> heard = new ArrayList<>();
        Migrator migrator = builder()
                .hook(MigrationHook.at(HookPoint.BEFORE_VALIDATE, context -> heard.add("before")))
                .hook(MigrationHook.at(HookPoint.AFTER_VALIDATE, context -> heard.add("after " + context.status())))
                .build();
        migrator.verify();
        assertThat(heard).hasSize(2).startsWith("before").last().asString().containsIgnoringCase("error");
    }

    @Test
    void aHookMayVerifyWithinTheTransactionOfAMigration() {
        folder.write("003_seed.verify.sql", "SELECT exists (SELECT FROM pg_class WHERE relname = 'more')")
                .write("004_more.up.sql", "CREATE TABLE more ();");
        List<ValidationReport> seen = new ArrayList<>();
        Migrator[] self = new Migrator[1];
        self[0] = builder()
                .hook(MigrationHook.at(HookPoint.AFTER_EXECUTE, context -> seen.add(self[0].verify())))
                .build();
        self[0].applyAll();
        assertThat(of(seen.get(0), "003").outcome()).isEqualTo(Outcome.OK);
        assertThat(ledger()).containsExactly("001", "002", "003", "004");
    }
}
