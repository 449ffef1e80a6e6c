package io.confiture.build;

import static io.confiture.build.SchemaSources.files;
import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.build.SchemaFinding.Code;
import io.confiture.build.SchemaFinding.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionsAndOrderTest {

    private static List<SchemaFinding> findings(String... texts) {
        return new SourceCheck(false).check(files(texts)).findings();
    }

    private static void oneError(Code code, String... texts) {
        assertThat(findings(texts)).as(String.join("\n", texts)).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.code()).isEqualTo(code);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE TABLE a (id int) | CREATE UNLOGGED TABLE \"a\" (x int)",
                "CREATE TABLE app.a (id int) | CREATE VIEW App.A AS SELECT 1",
                "CREATE TABLE a (id int) | CREATE TABLE IF NOT EXISTS a (id bigint)",
                "CREATE VIEW a AS SELECT 1 | CREATE OR REPLACE VIEW a AS SELECT 2",
                "CREATE MATERIALIZED VIEW a AS SELECT 1 | CREATE SEQUENCE a",
                "CREATE TYPE t AS ENUM ('a') | CREATE DOMAIN t AS int",
                "CREATE INDEX i ON app.a (x) | CREATE UNIQUE INDEX i ON app.b (x)",
                "CREATE INDEX i ON a (x) | CREATE INDEX IF NOT EXISTS i ON a (y)",
                "CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f() | CREATE TRIGGER t AFTER UPDATE ON a EXECUTE FUNCTION f()",
                "CREATE POLICY p ON a USING (true) | CREATE POLICY p ON a USING (false)",
                "CREATE FUNCTION f() RETURNS int AS 'x' | CREATE OR REPLACE FUNCTION f() RETURNS int AS 'y'",
                "CREATE OR REPLACE FUNCTION f(int) RETURNS int AS 'x' | CREATE OR REPLACE FUNCTION f(a integer) RETURNS int AS 'y'",
                "CREATE FUNCTION f(a varchar(10), b int = 3) RETURNS int AS 'x' | CREATE FUNCTION f(character varying, IN int4) RETURNS int AS 'y'",
                "CREATE FUNCTION f(a timestamptz, OUT x int) AS 'x' | CREATE FUNCTION f(timestamp with time zone) RETURNS int AS 'y'",
                "CREATE FUNCTION f(double precision[]) RETURNS int AS 'x' | CREATE FUNCTION f(d float8[] DEFAULT '{}') RETURNS int AS 'y'",
                "CREATE PROCEDURE p(a text) AS 'x' | CREATE FUNCTION p(text) RETURNS int AS 'y'",
            })
    void anObjectThatIsDefinedTwiceIsAnError(String one, String other) {
        oneError(Code.DUPLICATE_DEFINITION, one + ";", other + ";");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE TABLE a (id int) | CREATE TABLE app.a (id int)",
                "CREATE TABLE a (id int) | CREATE TABLE \"A\" (id int)",
                "CREATE TABLE a (id int); DROP TABLE a | CREATE TABLE a (id int)",
                "CREATE TABLE a (id int); ALTER TABLE a RENAME TO b | CREATE TABLE a (id int)",
                "CREATE TABLE a (id int); SET search_path = app | CREATE TABLE a (id int)",
                "CREATE TABLE app.a (id int) | DROP SCHEMA app CASCADE; CREATE SCHEMA app; CREATE TABLE app.a (id int)",
                "CREATE SCHEMA IF NOT EXISTS app | CREATE SCHEMA IF NOT EXISTS app; CREATE EXTENSION IF NOT EXISTS citext",
                "CREATE INDEX ON a (x) | CREATE INDEX ON a (x)",
                "CREATE INDEX i ON app.a (x) | CREATE INDEX i ON web.a (x)",
                "CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f() | CREATE TRIGGER t AFTER INSERT ON b EXECUTE FUNCTION f()",
                "CREATE FUNCTION f(int) RETURNS int AS 'x' | CREATE FUNCTION f(bigint) RETURNS int AS 'y'",
                "CREATE FUNCTION f(a int, b int) RETURNS int AS 'x' | CREATE FUNCTION f(int) RETURNS int AS 'y'",
                "CREATE FUNCTION f(app.t) RETURNS int AS 'x' | CREATE FUNCTION f(t) RETURNS int AS 'y'",
                "CREATE FUNCTION f(\"char\") RETURNS int AS 'x' | CREATE FUNCTION f(char) RETURNS int AS 'y'",
                "CREATE FUNCTION f(int) RETURNS int AS 'x'; DROP FUNCTION f(int) | CREATE FUNCTION f(int) RETURNS int AS 'y'",
            })
    void whatMayBeTwoObjectsIsNoError(String one, String other) {
        assertThat(new SourceCheck(false).check(files(one + ";", other + ";")).errors())
                .isEmpty();
    }

    @Test
    void theSecondOfTwoDefinitionsNamesTheFirst() {
        SchemaFinding finding = findings(
                        "-- first\nCREATE FUNCTION app.f(int) RETURNS int AS 'x';",
                        "\n  CREATE OR REPLACE FUNCTION app.f(x int) RETURNS int AS 'y';")
                .get(0);
        assertThat(finding)
                .hasToString(
                        "db/schema/2.sql:2:3: ERROR DUPLICATE_DEFINITION: function app.f(integer) is defined"
                                + " at db/schema/1.sql:2:1 already, and because of OR REPLACE this one wins in silence; keep one of them");
    }

    @Test
    void theSameWordsTwiceAndACompletedViewAreWarnings() {
        assertThat(findings("CREATE TABLE IF NOT EXISTS a (id int);", "CREATE TABLE IF NOT EXISTS a (id int);"))
                .extracting(SchemaFinding::severity)
                .containsExactly(Severity.WARNING);
        assertThat(findings("CREATE VIEW a AS SELECT NULL::int AS id; CREATE OR REPLACE VIEW a AS SELECT 1 AS id;"))
                .extracting(SchemaFinding::severity)
                .containsExactly(Severity.WARNING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE b (a_id int REFERENCES a)",
                "CREATE TABLE b (a_id int, FOREIGN KEY (a_id) REFERENCES a (id))",
                "CREATE TABLE b (x int) INHERITS (a)",
                "CREATE TABLE b (LIKE a INCLUDING ALL)",
                "CREATE TABLE b PARTITION OF a DEFAULT",
                "ALTER TABLE ONLY a ADD x int",
                "CREATE UNIQUE INDEX i ON ONLY a (id)",
                "CREATE INDEX ON a (id)",
                "CREATE POLICY p ON a USING (true)",
                "CREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION f()",
                "COMMENT ON TABLE a IS 'x'",
                "COMMENT ON COLUMN a.id IS 'x'",
                "COMMENT ON CONSTRAINT c ON a IS 'x'",
            })
    void aTableThatIsUsedAboveTheFileThatCreatesItIsAnError(String use) {
        oneError(Code.ORDER, use + ";", "CREATE TABLE a (id int PRIMARY KEY);");
        oneError(Code.ORDER, use.replaceAll("\\ba\\b", "app.a") + ";", "CREATE TABLE app.a (id int PRIMARY KEY);");
        assertThat(findings("CREATE TABLE a (id int PRIMARY KEY);", use + ";")).isEmpty();
        assertThat(findings(use + ";", "CREATE TABLE app.a (id int);")).isEmpty();
        assertThat(findings(use + ";", "SET search_path = app; CREATE TABLE a (id int);"))
                .isEmpty();
    }

    @Test
    void theFindingIsAtTheNameAndSaysWhereTheTableIsCreated() {
        SchemaFinding finding = findings("CREATE TABLE b (\n  a_id int REFERENCES a\n);", "\nCREATE TABLE a (id int);")
                .get(0);
        assertThat(finding)
                .hasToString("db/schema/1.sql:2:23: ERROR ORDER: REFERENCES names a, which is created further on,"
                        + " at db/schema/2.sql:2:1; move that file up, or this one down, or build with two_pass");
    }

    @Test
    void whatIsConditionalOrCreatedElsewhereIsNoOrderProblem() {
        assertThat(findings("ALTER TABLE IF EXISTS a ADD x int;", "CREATE TABLE a (id int);"))
                .isEmpty();
        assertThat(findings("CREATE TABLE b (a_id int REFERENCES elsewhere);")).isEmpty();
        assertThat(findings("CREATE TABLE a (id int PRIMARY KEY, parent int REFERENCES a);"))
                .isEmpty();
    }

    @Test
    void withTwoPassesTheOrderOfForeignKeysIsNoProblem() {
        String[] texts = {
            "CREATE TABLE b (a_id int REFERENCES a);",
            "CREATE TABLE a (id int PRIMARY KEY);",
            "CREATE INDEX ON c (id);",
            "CREATE TEMP TABLE t (id int REFERENCES c);",
            "CREATE TABLE c (id int PRIMARY KEY);"
        };
        assertThat(new SourceCheck(true).check(files(texts)).findings())
                .extracting(SchemaFinding::code)
                .containsExactly(Code.ORDER, Code.FOREIGN_KEY_IN_PLACE, Code.ORDER);
    }
}
