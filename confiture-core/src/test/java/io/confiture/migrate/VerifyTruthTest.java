package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.migrate.ValidationReport.Check;
import io.confiture.migrate.ValidationReport.Outcome;
import io.confiture.test.DatabaseContents;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What looks like a question and is none, and what is a question although it does not look like one. */
class VerifyTruthTest extends MigratorTestCase {

    private List<String> untouched = List.of();

    @BeforeEach
    void applied() {
        database.execute(
                "CREATE DOMAIN flag AS boolean",
                "CREATE TABLE flags (is_set boolean, f flag, \"update\" boolean, many boolean[])",
                "INSERT INTO flags VALUES (true, true, true, '{t}')");
        folder.write("1_a.up.sql", "CREATE SEQUENCE numbers;");
        migrator().applyAll();
        untouched = DatabaseContents.of(database);
    }

    private Check verified(String sql) {
        folder.write("1_a.verify.sql", sql);
        ValidationReport report = migrator().verify();
        assertThat(DatabaseContents.of(database)).as(sql).isEqualTo(untouched);
        return report.checks().stream()
                .filter(check -> check.what().equals("verify"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aQuestionIsAsked() {
        for (String sql : List.of(
                "/* why */ ((SELECT true))",
                "-- why\nWITH RECURSIVE r (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n > 0 FROM r",
                "(VALUES (true), (true)) UNION ALL SELECT true;",
                "SELECT f, f AS into, is_set AS \"for update\" FROM flags",
                "SELECT (update) FROM flags",
                "SELECT bool_and(update) FROM flags",
                "SELECT bool_and(update AND is_set) FROM flags",
                "SELECT count(*) > 0 FROM flags WHERE (update OR is_set)",
                "SELECT 'into' = 'into', $$ delete from x $$ <> ''",
                "SELECT substring('abc' FROM 1 FOR 2) = 'ab'")) {
            Check check = verified(sql);
            assertThat(check.outcome()).as(check.detail()).isEqualTo(Outcome.OK);
        }
    }

    @Test
    void whatIsNoTrueAnswerIsNeverOk() {
        for (String sql : List.of(
                "",
                ";;",
                "-- true",
                "SELECT",
                "SELECT FROM flags",
                "SELECT many FROM flags",
                "SELECT 'true'",
                "SELECT flags FROM flags",
                "SELECT true WHERE NULL",
                "(SELECT true INTO t)",
                "(WITH x AS (UPDATE flags SET is_set = false RETURNING true) SELECT * FROM x)",
                "WITH x AS MATERIALIZED (INSERT INTO flags VALUES (false) RETURNING true) TABLE x",
                "WITH x AS (WITH y AS (DELETE FROM flags RETURNING true) TABLE y) TABLE x",
                "WITH x AS (SELECT 1) INSERT INTO flags SELECT true",
                "WITH x AS (SELECT 1) DELETE FROM flags",
                "WITH x AS (SELECT 1) UPDATE flags SET is_set = false",
                "WITH x AS (SELECT 1) MERGE INTO flags USING x ON true WHEN MATCHED THEN DELETE",
                "WITH x AS (SELECT true FROM flags FOR UPDATE) TABLE x",
                "SELECT true FROM flags FOR NO KEY UPDATE",
                "SELECT true FROM flags FOR KEY SHARE",
                "SELECT true FROM flags FOR SHARE SKIP LOCKED",
                "TABLE flags FOR UPDATE",
                "SELECT setval('numbers', 7) = 7",
                "SELECT pg_create_restore_point('x') IS NOT NULL AND nextval('numbers') > 0",
                "EXPLAIN ANALYZE DELETE FROM flags",
                "EXECUTE x",
                "SHOW is_superuser",
                "FETCH ALL FROM x",
                "DECLARE c CURSOR FOR SELECT true",
                "CLOSE confiture_verify",
                "ROLLBACK",
                "SAVEPOINT x",
                "SET transaction_read_only = off",
                "COPY (SELECT true) TO STDOUT",
                "COPY flags FROM STDIN;\nf\n\\.\n",
                "\\gset\nSELECT true",
                "SELECT true \\g",
                "DO 'BEGIN END'",
                "CALL x()",
                "LOCK flags",
                "SELECT true; SELECT false")) {
            assertThat(verified(sql).outcome()).as(sql).isEqualTo(Outcome.FAILED);
        }
        assertThat(value("SELECT nextval('numbers')")).isEqualTo("1");
    }

    /** Servers before 16 let a read-only transaction make one; rolled back it is all the same. */
    @Test
    void aLargeObjectDoesNotStay() {
        boolean refused = Integer.parseInt(value("SHOW server_version_num")) >= 160000;
        assertThat(verified("SELECT lo_create(0) > 0").outcome()).isEqualTo(refused ? Outcome.FAILED : Outcome.OK);
        assertThat(value("SELECT count(*) FROM pg_largeobject_metadata")).isEqualTo("0");
    }

    @Test
    void theTimeLimitHoldsForEachStatementWhateverTheOneBeforeSet() {
        long start = System.nanoTime();
        Check check = verified("-- confiture: statement-timeout=100ms\n"
                + "SELECT set_config('statement_timeout', '0', true) = '0';\nSELECT pg_sleep(20) IS NOT NULL;");
        assertThat(check.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(check.detail()).contains("3:1: statement 2: canceling statement due to statement timeout");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(verified("SELECT true;\nSELECT 1 AS ü, nowhere").detail())
                .contains("2:16: statement 2: column \"nowhere\" does not exist");
    }

    @Test
    void aMillionRowsAreReadInPortions() {
        assertThat(verified("SELECT true, repeat('x', 1000) <> '' FROM generate_series(1, 1000000)")
                        .detail())
                .contains("1000000 rows");
    }

    @Test
    void aRepeatableMigrationIsVerifiedToo() {
        folder.write("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT 1 AS one;")
                .write("R__v.verify.sql", "SELECT one = 2 FROM v");
        assertThat(migrator().verify().checks()).extracting(Check::what).doesNotContain("verify");
        migrator().applyAll();
        assertThat(migrator().verify().valid()).isFalse();
    }
}
