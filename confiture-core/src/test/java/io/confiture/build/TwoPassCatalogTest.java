package io.confiture.build;

import static io.confiture.build.SchemaSources.catalog;
import static io.confiture.build.SchemaSources.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two-pass building gives the catalog that the sources give as they are. */
class TwoPassCatalogTest {
    private static final String B = """
            CREATE TABLE b (id int PRIMARY KEY, x int, y int, UNIQUE (x, y));
            CREATE TABLE "Big Table" (id int PRIMARY KEY);
            """;

    private static TestDatabase database;
    private static Connection connection;

    @BeforeAll
    static void connect() throws SQLException {
        database = TestDatabase.create();
        connection = database.connect();
    }

    @AfterAll
    static void disconnect() throws SQLException {
        connection.close();
        database.close();
    }

    private static void sameCatalog(List<SchemaFile> sources) throws SQLException {
        ForeignKeyPass pass = ForeignKeyPass.over(sources);
        assertThat(pass.inPlace()).isEmpty();
        assertThat(pass.files().size()).as("a foreign key has moved").isGreaterThan(sources.size());
        List<String> direct = catalog(connection, sources);
        assertThat(direct).anyMatch(fact -> fact.contains(" f "));
        assertThat(catalog(connection, pass.files())).isEqualTo(direct);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE a (b_id int REFERENCES b)",
                "CREATE TABLE a (b_id int DEFAULT 1 REFERENCES b(id) NOT NULL)",
                "CREATE TABLE a (b_id int\n-- to b\nREFERENCES b -- comment, with comma\n, c int)",
                "CREATE TABLE a (c int, -- keep,\n FOREIGN KEY (c) REFERENCES b -- last\n)",
                "CREATE TABLE a (FOREIGN KEY (c) REFERENCES b, c int, FOREIGN KEY (c) REFERENCES b ON DELETE CASCADE)",
                "CREATE TABLE a (FOREIGN KEY (c) REFERENCES b,\n/* x */ FOREIGN KEY (c) REFERENCES b, c int)",
                "CREATE TABLE a (c int, CONSTRAINT k\n FOREIGN KEY\n (c)\n REFERENCES\n b\n (id)\n ON UPDATE\n CASCADE)",
                "CREATE TABLE a (c int CONSTRAINT one REFERENCES b CONSTRAINT two REFERENCES b (id) CHECK (c > 0))",
                "CREATE TABLE a (x int, y int, FOREIGN KEY (x, y) REFERENCES b (x, y) MATCH FULL ON DELETE SET NULL)",
                "CREATE TABLE a (c int REFERENCES b ON DELETE SET DEFAULT ON UPDATE NO ACTION NOT DEFERRABLE NOT NULL)",
                "CREATE TABLE a (c int REFERENCES b DEFERRABLE INITIALLY DEFERRED UNIQUE)",
                "CREATE TABLE a (c int, FOREIGN KEY (c) REFERENCES b NOT VALID)",
                "CREATE TABLE a (c int, FOREIGN KEY (c) REFERENCES b NOT VALID DEFERRABLE)",
                "CREATE TABLE a (c int, FOREIGN KEY (c) REFERENCES b -- it is\nNOT -- yet\nVALID -- )\n)",
                "CREATE TABLE a (c int, FOREIGN KEY (c) REFERENCES b -- it is\nNOT -- yet\nVALID -- )\nDEFERRABLE)",
                "CREATE TABLE a (c int); ALTER TABLE ONLY a ADD CONSTRAINT n FOREIGN KEY (c) REFERENCES b NOT VALID;",
                "CREATE TABLE a (c int); ALTER TABLE a ADD FOREIGN KEY (c) REFERENCES b, ADD FOREIGN KEY (c) REFERENCES b",
                "CREATE UNLOGGED TABLE a (c int REFERENCES u); ",
                "CREATE TABLE IF NOT EXISTS a (c int REFERENCES b, \"D'\" int CONSTRAINT \"k'\" REFERENCES b)",
                "CREATE TABLE \"A b\" (\"C \"\"d\" int REFERENCES \"Big Table\" (\"id\"))",
                "CREATE TABLE U&\"d!0061t\" UESCAPE '!' (U&\"!0063\" UESCAPE '!' int REFERENCES b)",
                "CREATE TABLE a (c int[] DEFAULT ARRAY[1, 2], d int REFERENCES b)",
                "CREATE TABLE a (c numeric(10, 2) DEFAULT (1 + 2), d int REFERENCES b, CHECK (c IN (1, 2)))",
                "CREATE TABLE a (id int PRIMARY KEY, parent int REFERENCES a)",
                "CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY REFERENCES b, s serial REFERENCES b)",
                "CREATE TABLE a (LIKE b INCLUDING ALL, c int REFERENCES b)",
                "CREATE TABLE a (c int REFERENCES b) INHERITS (b)",
                "CREATE TABLE a (FOREIGN KEY (x) REFERENCES b (id)) INHERITS (b)",
                "CREATE TYPE t AS (c int); CREATE TABLE a OF t (c WITH OPTIONS REFERENCES b)",
                "CREATE TYPE t AS (c int); CREATE TABLE a OF t (FOREIGN KEY (c) REFERENCES b)",
                "CREATE TABLE a (c int REFERENCES b) WITH (fillfactor = 70) TABLESPACE pg_default",
                "CREATE TABLE a (c int REFERENCES b, d int) PARTITION BY LIST (d); CREATE TABLE a1 PARTITION OF a DEFAULT;",
                "CREATE TABLE a (c int, d int) PARTITION BY LIST (d);"
                        + " CREATE TABLE a1 PARTITION OF a (FOREIGN KEY (c) REFERENCES b) DEFAULT",
                "CREATE TABLE a (c int, d int) PARTITION BY LIST (d); CREATE TABLE a1 PARTITION OF a (c REFERENCES b) DEFAULT",
                "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p DEFAULT;"
                        + " CREATE TABLE a (c int REFERENCES p)",
                "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p DEFAULT;"
                        + " CREATE TABLE a (c int REFERENCES p REFERENCES b, FOREIGN KEY (c) REFERENCES p)",
                "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p DEFAULT;"
                        + " CREATE TABLE a (c int CONSTRAINT k REFERENCES p REFERENCES b)",
                "CREATE TABLE a (c int REFERENCES b); COMMENT ON CONSTRAINT a_c_fkey ON a IS 'it''s';",
                "CREATE TABLE a (c int); ALTER TABLE a ADD FOREIGN KEY (c) REFERENCES b",
                "CREATE SCHEMA s; CREATE TABLE s.a (c int REFERENCES public.b); CREATE TABLE a (c int REFERENCES b)",
            })
    void aTableIsTheSameHoweverItsForeignKeyIsWritten(String table) throws SQLException {
        sameCatalog(files(B + "CREATE UNLOGGED TABLE u (id int PRIMARY KEY);", table));
    }

    @Test
    void theColumnsThatADeletionSetsToNullStay() throws SQLException {
        List<SchemaFile> sources = files(
                B, "CREATE TABLE a (x int, y int, FOREIGN KEY (x, y) REFERENCES b (x, y) ON DELETE SET NULL (y))");
        if (connection.getMetaData().getDatabaseMajorVersion() >= 15) {
            sameCatalog(sources);
        } else {
            assertThatThrownBy(() ->
                            catalog(connection, ForeignKeyPass.over(sources).files()))
                    .hasMessageContaining("syntax error at or near \"(\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE a_b (c int REFERENCES b); CREATE TABLE a (b_c int REFERENCES b);"
                        + " CREATE TABLE a_b_ (c int REFERENCES b)",
                "CREATE TABLE a (c int REFERENCES b REFERENCES b (id), FOREIGN KEY (c) REFERENCES b)",
                "CREATE TABLE z (c int CONSTRAINT a_c_fkey CHECK (c > 0)); CREATE TABLE a (c int REFERENCES b)",
                "CREATE TABLE a (c int REFERENCES b); CREATE TABLE z (c int CONSTRAINT a_c_fkey CHECK (c > 0))",
                "CREATE DOMAIN d int CONSTRAINT a_c_fkey CHECK (VALUE > 0); CREATE TABLE a (c int REFERENCES b)",
                "CREATE TABLE a_name_that_is_far_too_long_to_be_kept_with_that_of_its_column ("
                        + "and_a_column_whose_name_is_just_as_long_as_that_of_the_table int REFERENCES b,"
                        + "and_a_column_whose_name_is_just_as_long_as_that_of_the_tables int REFERENCES b)",
                "CREATE TABLE a (one_column_with_a_long_name int, another_column_with_a_long_name int,"
                        + " FOREIGN KEY (one_column_with_a_long_name, another_column_with_a_long_name) REFERENCES b (x, y))",
                "CREATE TABLE tällänen_pitkä_nimi_joka_on_äärimmäisen_pitkä (sarake_jolla_on_pitkä_nimi_äääääääää int"
                        + " REFERENCES b)",
                "CREATE TABLE \"A\" (\"Ünï\" int REFERENCES b); CREATE TABLE a (\"Ünï\" int REFERENCES b)",
            })
    void aForeignKeyWithoutNameGetsTheOneThatTheServerWouldChoose(String tables) throws SQLException {
        sameCatalog(files(B, tables));
    }

    @Test
    void tablesOfTwoSchemasThatReferToEachOtherAreBuiltInAnyOrder() throws SQLException {
        List<SchemaFile> sources = files("""
                CREATE TABLE one.a (id int PRIMARY KEY, b_id int REFERENCES two.b);
                """, """
                CREATE TABLE two.b (id int PRIMARY KEY, a_id int, CONSTRAINT back FOREIGN KEY (a_id) REFERENCES one.a);
                """);
        List<SchemaFile> schemas = files("CREATE SCHEMA one; CREATE SCHEMA two;");
        List<SchemaFile> forwards = List.of(schemas.get(0), sources.get(0), sources.get(1));
        List<SchemaFile> backwards = List.of(schemas.get(0), sources.get(1), sources.get(0));
        List<String> built = catalog(connection, ForeignKeyPass.over(forwards).files());
        assertThat(built).anyMatch(fact -> fact.contains("REFERENCES one.a"));
        assertThat(catalog(connection, ForeignKeyPass.over(backwards).files())).isEqualTo(built);
    }

    @Test
    void aTableThatExistsAlreadyKeepsItsForeignKey() throws SQLException {
        List<SchemaFile> sources = files(B.replace("TABLE", "TABLE IF NOT EXISTS"), """
                CREATE TABLE IF NOT EXISTS a (c int REFERENCES b, "D'" int CONSTRAINT "k'" REFERENCES b);
                """);
        List<SchemaFile> twice =
                new java.util.ArrayList<>(ForeignKeyPass.over(sources).files());
        twice.addAll(ForeignKeyPass.over(sources).files());
        assertThat(catalog(connection, twice)).isEqualTo(catalog(connection, sources));
    }
}
