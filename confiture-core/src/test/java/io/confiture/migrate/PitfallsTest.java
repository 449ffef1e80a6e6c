package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.migrate.ValidationReport.Outcome;
import io.confiture.test.DatabaseContents;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What went wrong in practice with the original and its like, each test named after the symptom that must not come. */
class PitfallsTest extends MigratorTestCase {

    @Test
    void savepointDoesNotExistBecauseTheFileIsWrappedInBeginAndCommit() {
        folder.write("1_a.up.sql", "BEGIN;\nCREATE TABLE a ();\nCOMMIT;\n");
        MigrationResult result = migrator().applyAll().get(0);
        assertThat(result.warnings()).singleElement().asString().contains("BEGIN");
        assertThat(ledger()).containsExactly("1");
        assertThat(exists("a")).isTrue();
    }

    @Test
    void beginAndCommitLinesRemovedFromABody() {
        // Within a DO, the query that the server is executing is the block as it was sent.
        String block = "DO $$\nBEGIN\n  INSERT INTO sent SELECT current_query();\n  /*\nCOMMIT;\n*/\nEND;\n$$";
        String body = "\nBEGIN\n  -- COMMIT;\n  PERFORM 'BEGIN;\nCOMMIT;\n';\nEND;\n";
        folder.write(
                "1_a.up.sql",
                "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $tag$" + body + "$tag$;\n"
                        + "CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql\nBEGIN ATOMIC\n  SELECT x + 1;\n"
                        + "  SELECT CASE WHEN x > 1 THEN 2 ELSE 3 END;\nEND;\nCREATE TABLE sent (query text);\n" + block
                        + ";\nCREATE TABLE behind ();\n");
        migrator().applyAll();
        assertThat(value("SELECT query FROM sent")).isEqualTo(block);
        assertThat(value("SELECT prosrc FROM pg_proc WHERE proname = 'f'")).isEqualTo(body);
        assertThat(value("SELECT g(5)")).isEqualTo("2");
        assertThat(exists("behind")).isTrue();
    }

    @Test
    void halfAMigrationPersistedWithoutAnError() {
        folder.write("1_a.up.sql", "CREATE TABLE a (); SELECT 1; COMMIT; CREATE TABLE b ();");
        refused(
                MigrationException.class,
                ErrorCode.TRANSACTION_CONTROL,
                () -> migrator().applyAll());
    }

    @Test
    void thePlanOfARunHasPersistedSomething() {
        folder.three().write("004_fails.up.sql", "SELECT 1/0;");
        List<String> before = DatabaseContents.of(database);
        assertThat(migrator().plan().steps()).hasSize(4);
        migrator().status();
        migrator().validate();
        migrator().lockHolder();
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE INDEX CONCURRENTLY i ON a (id);",
                "CREATE TABLE b ();\nCREATE INDEX CONCURRENTLY i ON a (id);",
                "CREATE INDEX CONCURRENTLY i ON a (id);\nCREATE TABLE b ();",
                "CREATE INDEX /* odd */ CONCURRENTLY -- so\n IF NOT EXISTS i ON a (id); VACUUM a; VACUUM a",
            })
    void createIndexConcurrentlyCannotRunInsideATransactionBlock(String sql) {
        folder.write("1_a.up.sql", "CREATE TABLE a (id int);").write("2_b.up.sql", sql);
        assertThat(migrator().applyAll()).hasSize(2);
        assertThat(value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
                .isEqualTo("t");
        assertThat(migrator().plan().steps()).isEmpty();
    }

    @Test
    void aCommentOrLiteralNamingConcurrentlySplitsTheTransaction() {
        folder.write(
                "1_a.up.sql",
                "CREATE TABLE a (id int);\n-- CREATE INDEX CONCURRENTLY\nSELECT 'VACUUM; COMMIT; CREATE INDEX CONCURRENTLY';\n"
                        + "SELECT 1/0;");
        migrator().initialize();
        refused(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
    }

    @Test
    void aFailedConcurrentIndexLeavesAnInvalidOneAndTheNextRunFails() {
        folder.write("1_a.up.sql", "CREATE TABLE a (id int); INSERT INTO a VALUES (1), (1);")
                .write("2_b.up.sql", "CREATE UNIQUE INDEX CONCURRENTLY i ON a (id);");
        fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(migrator().status().migrations().get(1).state()).isEqualTo(MigrationState.PARTIAL);
        database.execute("DELETE FROM a WHERE ctid = (SELECT min(ctid) FROM a)");
        assertThat(migrator().applyAll()).hasSize(1);
        assertThat(value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
                .isEqualTo("t");
    }

    @Test
    void theFirstRowOfCopyDataIsReadAsSql() {
        folder.write(
                "1_a.up.sql",
                "CREATE TABLE t (id int, v text);\nCOPY t (id, v) FROM stdin;\n1\tit's; \"quoted\" -- no comment\n"
                        + "2\t\\\\.\n3\t$$ /* ä🍓\n4\t\\N\n\\.\nCREATE TABLE behind ();\n");
        assertThat(migrator().applyAll().get(0).rowsAffected()).isEqualTo(4);
        assertThat(database.values("SELECT v FROM t ORDER BY id"))
                .containsExactly("it's; \"quoted\" -- no comment", "\\.", "$$ /* ä🍓", null);
        assertThat(exists("behind")).isTrue();
    }

    @Test
    void copyLookingTextInALiteralIsReadAsData() {
        folder.write(
                "1_a.up.sql",
                "CREATE TABLE t AS SELECT 'COPY x FROM stdin;\n1\n\\.\n'::text AS v;\n"
                        + "DO $$ BEGIN\n-- COPY x FROM stdin;\nNULL; END $$;\nSELECT 1;");
        migrator().applyAll();
        assertThat(value("SELECT v FROM t")).startsWith("COPY x FROM stdin;");
    }

    @Test
    void commentsAndCopyRowsHideTheStatementsBehindThem() {
        folder.write(
                "1_a.up.sql",
                "-- Written by a build; COPY x FROM stdin;\n/* CREATE TABLE no (); /* ; */ */\n-- CREATE\n"
                        + "CREATE /* which */ TABLE t (id int); -- the table\nCOPY t FROM stdin;\n1\n2\n\\.\n"
                        + "-- VACUUM;\nCREATE INDEX -- without blocking\n CONCURRENTLY i ON t (id);\n/* last */ CREATE TABLE probe ();");
        assertThat(migrator().plan().steps().get(0).statements()).isEqualTo(4);
        assertThat(migrator().applyAll().get(0).rowsAffected()).isEqualTo(2);
        assertThat(value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
                .isEqualTo("t");
        assertThat(exists("probe")).isTrue();
        assertThat(exists("no")).isFalse();
    }

    @Test
    void aLargeScriptExceedsALimitOfTheParser() {
        StringBuilder sql = new StringBuilder("CREATE TABLE t (id int, v text);\n");
        for (int i = 0; i < 40_000; i += 20) {
            sql.append("INSERT INTO t VALUES ");
            for (int j = 0; j < 20; j++) {
                sql.append(j == 0 ? "" : ", ")
                        .append('(')
                        .append(i + j)
                        .append(", '")
                        .append("x".repeat(120))
                        .append("')");
            }
            sql.append(";\n");
        }
        assertThat(sql.length()).isGreaterThan(5_000_000);
        folder.write("1_a.up.sql", sql.toString());
        assertThat(migrator().applyAll().get(0).rowsAffected()).isEqualTo(40_000);
    }

    @Test
    void percentQuestionMarkOrBracesAreTakenForPlaceholders() {
        folder.write(
                "1_a.up.sql",
                "CREATE TABLE t AS SELECT '{\"a\": 1}'::jsonb AS j, '100 % ? {ts} %s :x ${y}'::text AS v,\n"
                        + " $${fn now()} {ts '2026-01-01'} ?$$::text AS braces;\n"
                        + "CREATE INDEX ON t (v) WHERE v LIKE '%a%';\n"
                        + "CREATE VIEW w AS SELECT j ? 'a' AS a, j ?| array['b'] AS b, j ?& array['a'] AS c FROM t;");
        migrator().applyAll();
        assertThat(value("SELECT v FROM t")).isEqualTo("100 % ? {ts} %s :x ${y}");
        assertThat(value("SELECT braces FROM t")).isEqualTo("{fn now()} {ts '2026-01-01'} ?");
        assertThat(value("SELECT a AND NOT b AND c FROM w")).isEqualTo("t");
    }

    @Test
    void aSyntaxErrorBetweenTwoFilesWithoutFinalSemicolon() {
        folder.write("1_a.up.sql", "CREATE TABLE a ()").write("2_b.up.sql", "CREATE TABLE b () -- end");
        assertThat(migrator().applyAll()).hasSize(2);
    }

    @Test
    void theWordCommitInDataIsRefused() {
        folder.write("1_a.up.sql", "CREATE TABLE t AS SELECT 'a; COMMIT; b'::text AS v, 'BEGIN'::text AS commit;");
        migrator().applyAll();
        assertThat(value("SELECT v FROM t")).isEqualTo("a; COMMIT; b");
    }

    @Test
    void theErrorIsMaskedByCurrentTransactionIsAborted() {
        folder.write("1_a.up.sql", "SELECT 1;\nSELECT nope;\nSELECT 2;");
        MigrationException e = fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(e.sqlState()).isEqualTo("42703");
        assertThat(e).hasMessageContaining("column \"nope\" does not exist");
    }

    @Test
    void anErrorAtTheCommitLeavesTheLedgerRow() {
        database.execute("CREATE TABLE p (id int PRIMARY KEY)");
        folder.write(
                "1_a.up.sql",
                "CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED); INSERT INTO c VALUES (7);");
        migrator().initialize();
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(e.sqlState()).isEqualTo("23503");
        assertThat(e.migration()).isEqualTo("1_a");
    }

    @Test
    void theFlagSaysVerifiedAndNothingWasCompared() {
        folder.three();
        migrator().applyAll();
        ValidationReport report = migrator().validate();
        assertThat(report.count(Outcome.OK))
                .isEqualTo(3)
                .isEqualTo(report.checks().size());
        folder.delete("003_seed.up.sql");
        folder.delete("003_seed.down.sql");
        assertThat(migrator().validate().valid()).isFalse();
        assertThat(migrator().validate().count(Outcome.OK)).isEqualTo(2);
    }

    @Test
    void aCheckoutOnWindowsIsAChecksumMismatch() {
        folder.write("1_a.up.sql", "CREATE TABLE a (\n  id int\n);\n");
        migrator().applyAll();
        for (String mark : List.of("", "\uFEFF")) {
            for (String end : List.of("\n", "\r\n")) {
                folder.write("1_a.up.sql", mark + "CREATE TABLE a (" + end + "  id int" + end + ");" + end);
                assertThat(migrator().validate().valid()).isTrue();
            }
        }
        folder.write("1_a.up.sql", "CREATE TABLE a (\n  id  int\n);\n");
        assertThat(migrator().validate().valid()).isFalse();
    }

    @Test
    void localTimeInSlugsAndTimestampsOffByTheZone() {
        TimeZone zone = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
        try {
            folder.three();
            Instant before = Instant.now().minusSeconds(60);
            migrator().applyAll();
            AppliedMigration last = migrator().status().lastApplied();
            assertThat(last).isNotNull();
            assertThat(last.appliedAt()).isBetween(before, Instant.now().plusSeconds(60));
            assertThat(value("SELECT abs(extract(epoch FROM to_timestamp(right(slug, 15) || '+00',"
                            + " 'YYYYMMDD_HH24MISSTZH') - now())) < 120 FROM tb_confiture LIMIT 1"))
                    .isEqualTo("t");
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void threeDigitsAndTimestampsDoNotSortTogether() {
        folder.write("999_a.up.sql", "CREATE TABLE a ()")
                .write("1000_b.up.sql", "ALTER TABLE a RENAME TO b")
                .write("20260101120000_c.up.sql", "ALTER TABLE b RENAME TO c");
        assertThat(migrator().applyAll()).hasSize(3);
        assertThat(ledger()).containsExactly("999", "1000", "20260101120000");
    }

    @Test
    void anUpFileWithoutDownFileStopsTheBatch() {
        folder.write("1_a.up.sql", "")
                .write("2_b.up.sql", "")
                .write("2_b.down.sql", "")
                .write("3_c.up.sql", "");
        assertThat(migrator().applyAll()).hasSize(3);
        assertThat(migrator().status().migrations())
                .extracting(MigrationInfo::reversible)
                .containsExactly(false, true, false);
    }
}
