package io.confiture.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Mistakes of tools that compare texts, each under the symptom it is known by. */
class CatalogPitfallsTest {
    private static final List<String> APP = List.of("app");

    private static TestDatabase database;

    @BeforeAll
    static void create() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    private static Catalog made(String script) {
        CatalogGround.run(database, List.of("DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app", script));
        return CatalogGround.read(database, APP);
    }

    private static List<String> differences(String expected, String actual) {
        Catalog wanted = made(expected);
        return made(actual).compareTo(wanted).differences().stream()
                .map(CatalogDifference::toString)
                .toList();
    }

    @Test
    void anArrayInASignatureIsReadAsItsElement() {
        String body = " LANGUAGE sql AS 'SELECT 1'";
        assertThat(differences(
                        "CREATE FUNCTION app.f(a text[], b numeric(9, 2)[]) RETURNS int" + body,
                        "CREATE FUNCTION app.f(a text, b numeric(9, 2)[]) RETURNS int" + body))
                .containsExactly(
                        "function app.f(text, numeric[]): added", "function app.f(text[], numeric[]): removed");
        assertThat(differences(
                        "CREATE FUNCTION app.f(a text[], VARIADIC b int[]) RETURNS int" + body,
                        "CREATE FUNCTION app.f(a  _text,  VARIADIC b integer ARRAY) RETURNS int4" + body))
                .isEmpty();
    }

    @Test
    void aViewIsSaidToDifferBecauseItsTextIsWrittenOtherwise() {
        String table = "CREATE TABLE app.t (a int, b text);";
        assertThat(
                        differences(
                                table + "CREATE VIEW app.v AS SELECT a,b FROM app.t WHERE a IN (1,2)",
                                table
                                        + "SET search_path = app; CREATE VIEW v AS select t.a, T.B -- columns\n from t where (a in (1, 2))"))
                .isEmpty();
        assertThat(differences(
                        table + "CREATE VIEW app.v AS SELECT a, b FROM app.t WHERE a > 1",
                        table + "CREATE VIEW app.v AS SELECT a, b FROM app.t WHERE a > 2"))
                .singleElement()
                .asString()
                .startsWith("view app.v: definition: line ");
    }

    @Test
    void whatADoBlockCreatesIsNotSeen() {
        String parent = "CREATE TABLE app.t (y int) PARTITION BY LIST (y);";
        assertThat(
                        differences(
                                parent + "CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES IN (1)",
                                parent + "DO $$ BEGIN FOR y IN 1..2 LOOP EXECUTE format("
                                        + "'CREATE TABLE app.t_%1$s PARTITION OF app.t FOR VALUES IN (%1$s)', y); END LOOP; END $$"))
                .containsExactly("table app.t_2: added");
    }

    @Test
    void aMixedCaseNameBreaksTheCheckOfPrivileges() {
        String objects = "CREATE TABLE app.\"User Data\" (\"Id\" int, \"select\" text); CREATE SEQUENCE app.\"Seq\";"
                + " CREATE FUNCTION app.\"Do It\"(\"My Arg\" int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
                + " CREATE TYPE app.\"Mood\" AS ENUM ('a');";
        assertThat(differences(
                        objects,
                        objects + "GRANT SELECT (\"select\") ON app.\"User Data\" TO \"Catalog Writer\";"
                                + " GRANT USAGE ON SEQUENCE app.\"Seq\" TO \"Catalog Writer\";"
                                + " REVOKE ALL ON FUNCTION app.\"Do It\"(int) FROM PUBLIC;"
                                + " REVOKE ALL ON TYPE app.\"Mood\" FROM PUBLIC"))
                .containsExactly(
                        "table app.\"User Data\": column select: grant to \"Catalog Writer\": added",
                        "sequence app.\"Seq\": grant to \"Catalog Writer\": added",
                        "function app.\"Do It\"(integer): grant to public: removed",
                        "enum app.\"Mood\": grant to public: removed");
    }

    @Test
    void publicInheritedRolesAndPartitionsGiveFalseFindings() {
        String objects = "CREATE TABLE app.t (id int) PARTITION BY RANGE (id);"
                + " CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES FROM (1) TO (2);"
                + " CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT SELECT ON app.t TO catalog_reader;";
        TestServer.execute("DROP ROLE IF EXISTS catalog_member", "CREATE ROLE catalog_member");
        // What everybody or the owner may do anyway, said again; a member of a role; the partition of a granted table.
        assertThat(differences(
                        objects,
                        objects + "GRANT EXECUTE ON FUNCTION app.f() TO PUBLIC; GRANT ALL ON app.t TO postgres;"
                                + " GRANT ALL ON FUNCTION app.f() TO postgres; GRANT ALL ON SCHEMA app TO postgres;"
                                + " GRANT catalog_reader TO catalog_member"))
                .isEmpty();
        assertThat(differences(objects, objects + "REVOKE DELETE ON app.t FROM postgres"))
                .containsExactly("table app.t: grant to its owner: added");
        assertThat(differences(objects, objects + "GRANT SELECT ON app.t_1 TO catalog_reader"))
                .containsExactly("table app.t_1: grant to catalog_reader: added");
        TestServer.execute("DROP ROLE catalog_member");
    }

    @Test
    void theOrderOfColumnsAndStatementsAndWhatWasDroppedAreNoDifference() {
        assertThat(differences(
                        "CREATE TABLE app.t (a int PRIMARY KEY, b text, c int, CHECK (c > a)); CREATE INDEX i ON app.t (b, c);"
                                + " CREATE STATISTICS app.s ON b, c FROM app.t; CREATE TABLE app.u (a int REFERENCES app.t)",
                        "CREATE TABLE app.t (x int, c int, a int, b text); ALTER TABLE app.t DROP COLUMN x;"
                                + " ALTER TABLE app.t ADD CHECK (c > a); CREATE STATISTICS app.s ON c, b FROM app.t;"
                                + " CREATE INDEX i ON app.t (b, c); ALTER TABLE app.t ADD PRIMARY KEY (a);"
                                + " CREATE TABLE app.u (); ALTER TABLE app.u ADD a int REFERENCES app.t"))
                .isEmpty();
        assertThat(differences("CREATE TYPE app.t AS (a int, b int)", "CREATE TYPE app.t AS (b int, a int)"))
                .containsExactly(
                        "composite type app.t: column a: position: 1 → 2",
                        "composite type app.t: column b: position: 2 → 1");
    }
}
