package io.confiture.build;

import static io.confiture.build.SchemaSources.files;
import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.build.SchemaFinding.Code;
import io.confiture.build.SchemaFinding.Severity;
import io.confiture.build.SchemaReport.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What text alone tells. */
class SourceCheckTest {

    private static SchemaReport check(String... texts) {
        return new SourceCheck(false).check(files(texts));
    }

    private static List<String> errors(String... texts) {
        return check(texts).errors().stream()
                .map(finding -> finding.file().replace("db/schema/", "") + ":" + finding.line() + ":" + finding.column()
                        + " " + finding.code())
                .toList();
    }

    private static String message(String... texts) {
        return check(texts).errors().get(0).message();
    }

    @Test
    void noErrorInTheTextIsNoProofThatItIsRight() {
        SchemaReport report = check("CREATE TABLE a (id nonsense);");
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_CHECKED);
        assertThat(report.notChecked()).containsExactly(SchemaCheck.SYNTAX, SchemaCheck.BUILD);
        assertThat(report.findings()).isEmpty();
        assertThat(report.toString())
                .contains("NOT_CHECKED: 1 files, 1 statements, 0 errors; not checked: [SYNTAX, BUILD]");
    }

    @Test
    void whatIsNeverClosedIsFoundWhereItOpens() {
        assertThat(errors("SELECT 1;\n  /* a /* b */\nSELECT 2;")).containsExactly("1.sql:2:3 TEXT");
        assertThat(errors("SELECT\n 'a;\n")).containsExactly("1.sql:2:2 TEXT");
        assertThat(errors("SELECT $x$ $y$;\n")).containsExactly("1.sql:1:8 TEXT");
        assertThat(errors("SELECT \"a;\n")).containsExactly("1.sql:1:8 TEXT");
        assertThat(errors("COPY t FROM stdin;\n1\n")).containsExactly("1.sql:1:1 TEXT");
        SchemaReport report = check("SELECT 'a;", "SELECT 'b;", "SELECT 1;");
        assertThat(report.errors()).hasSize(2);
        assertThat(report.statements()).isEqualTo(1);
        assertThat(report.notChecked()).contains(SchemaCheck.TEXT, SchemaCheck.DEFINITIONS, SchemaCheck.ORDER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT '/*';",
                "-- /*\nSELECT 1;",
                "-- it's\nSELECT 1;",
                "/* ' \" $$ -- */ SELECT 1;",
                "/* a /* b */ c */ SELECT 1;",
                "SELECT E'\\'/*';",
                "SELECT \"/*\";",
                "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN /* ' ; RETURN '/*'; END $$;",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT '/*('; END;",
                "SELECT $a$ $$ /* ( $a$;",
                "COPY t (a) FROM stdin;\n/* ' ( \n\\.\n",
                "SELECT 1 */* nested /* twice */ */ 2;",
            })
    void commentsAndQuotesWithinLiteralsAndBodiesAreNoFindings(String text) {
        assertThat(check(text, "SELECT 2;").errors()).isEmpty();
        assertThat(check(text).checked()).contains(SchemaCheck.TEXT);
    }

    @Test
    void aStatementThatGoesOnInTheNextFileIsFoundWhereItBegins() {
        assertThat(errors("CREATE TABLE a (\n  id int CHECK (id > 0\n;\n", "CREATE TABLE b (id int);"))
                .containsExactly("1.sql:1:16 UNFINISHED_STATEMENT");
        assertThat(errors("SELECT 1;\nCREATE TABLE a", "(id int);", "x")).isEmpty();
        assertThat(errors("SELECT 1;\nINSERT INTO a", "AS b (id) VALUES (1);"))
                .containsExactly("1.sql:2:1 UNFINISHED_STATEMENT");
        SchemaReport report = check("SELECT 1", "SELECT 2");
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.code()).isEqualTo(Code.UNFINISHED_STATEMENT);
            assertThat(finding.file()).isEqualTo("db/schema/1.sql");
        });
    }

    @Test
    void whatABuildRefusesIsFoundBefore() {
        assertThat(errors("SELECT 1;\n \\connect other")).containsExactly("1.sql:2:2 TEXT");
        assertThat(message("\\i other.sql")).contains("\\i is a command of psql");
        assertThat(errors("SELECT 1; COMMIT;")).containsExactly("1.sql:1:11 REFUSED_STATEMENT");
        assertThat(errors("SET client_encoding = latin1;")).containsExactly("1.sql:1:1 REFUSED_STATEMENT");
        assertThat(errors("-- confiture: transactional=false\nSELECT 1;"))
                .containsExactly("1.sql:1:1 REFUSED_STATEMENT");
        assertThat(errors("BEGIN; SELECT 1; COMMIT;")).isEmpty();
        assertThat(check("BEGIN; SELECT 1; COMMIT;").findings()).hasSize(2);
        assertThat(check("CREATE INDEX CONCURRENTLY ON a (b);").findings())
                .extracting(SchemaFinding::code)
                .contains(Code.NOT_TRANSACTIONAL);
    }

    @Test
    void whatIsNotRecognisedIsNotCheckedAndSaysSo() {
        for (String text : List.of(
                "DO $$ BEGIN CREATE TABLE a (); END $$;",
                "CALL make_tables();",
                "CREATE AGGREGATE total (int) (SFUNC = f, STYPE = int);",
                "FLURB 1;")) {
            assertThat(check(text).findings()).as(text).singleElement().satisfies(finding -> {
                assertThat(finding.severity()).isEqualTo(Severity.NOT_CHECKED);
                assertThat(finding.code()).isEqualTo(Code.STATEMENT_NOT_CHECKED);
            });
        }
    }
}
