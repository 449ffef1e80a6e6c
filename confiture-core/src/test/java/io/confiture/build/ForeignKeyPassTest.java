package io.confiture.build;

import static io.confiture.build.SchemaSources.files;
import static io.confiture.build.SchemaSources.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What two-pass building does to the text. */
class ForeignKeyPassTest {

    @Test
    void whatRemainsKeepsItsLinesAndColumns() {
        String source = """
                CREATE TABLE é (
                    id int PRIMARY KEY, -- REFERENCES nothing
                    b_id int NOT NULL CONSTRAINT "to é" REFERENCES b (id) -- the b,
                        ON DELETE SET NULL (b_id) DEFERRABLE /* later */ INITIALLY DEFERRED CHECK (b_id > 0),
                    c text DEFAULT 'REFERENCES b, (' , -- c
                    CONSTRAINT two FOREIGN KEY (id, b_id)
                        REFERENCES b (x, y) MATCH FULL NOT VALID -- last
                );
                SELECT 1;
                """;
        List<SchemaFile> passed = ForeignKeyPass.over(files(source)).files();
        assertThat(text(passed.get(0)).lines().map(String::stripTrailing))
                .containsExactly(
                        "CREATE TABLE é (",
                        "    id int PRIMARY KEY, -- REFERENCES nothing",
                        "    b_id int NOT NULL                                     -- the b,",
                        "                                             /* later */                    CHECK (b_id > 0),",
                        "    c text DEFAULT 'REFERENCES b, ('   -- c",
                        "",
                        "                                                 -- last",
                        ");",
                        "SELECT 1;");
        assertThat(text(passed.get(1))).isEqualTo("""
                -- db/schema/1.sql:3:41
                ALTER TABLE "é" ADD CONSTRAINT "to é" FOREIGN KEY ("b_id")
                REFERENCES b (id) -- the b,
                        ON DELETE SET NULL (b_id) DEFERRABLE /* later */ INITIALLY DEFERRED;
                -- db/schema/1.sql:6:20
                ALTER TABLE "é" ADD CONSTRAINT "two"
                FOREIGN KEY (id, b_id)
                        REFERENCES b (x, y) MATCH FULL;
                """);
    }

    @Test
    void aPlaceInWhatIsAddedAtTheEndIsThatInTheSource() {
        SchemaFile script = ForeignKeyPass.over(files("""
                CREATE TABLE a (id int
                  REFERENCES b
                  (id));
                """)).files().get(1);
        assertThat(text(script).lines().toList().get(3)).isEqualTo("  (id);");
        assertThat(script.place(3, 12)).isEqualTo(new SchemaFile.Place("db/schema/1.sql", 2, 14));
        assertThat(script.place(4, 4)).isEqualTo(new SchemaFile.Place("db/schema/1.sql", 3, 4));
        assertThat(script.place(2, 9)).isEqualTo(new SchemaFile.Place("db/schema/1.sql", 2, 3));
    }

    @Test
    void seedsComeBehindTheForeignKeysAndStayAsTheyAre() {
        SchemaFile seed = new SchemaFile("s.sql", "s.sql", true, SchemaSources.file("s", "INSERT")::open);
        SchemaFile schema = files("CREATE TABLE a (id int REFERENCES b);").get(0);
        assertThat(ForeignKeyPass.over(List.of(schema, seed)).files())
                .extracting(SchemaFile::name)
                .containsExactly("1.sql", "foreign keys", "s.sql");
        assertThat(ForeignKeyPass.over(List.of(seed)).files()).containsExactly(seed);
    }

    private static void stays(String reason, String... sources) {
        List<SchemaFile> files = files(sources);
        ForeignKeyPass pass = ForeignKeyPass.over(files);
        assertThat(text(pass.files())).as(reason).isEqualTo(text(files));
        assertThat(pass.inPlace()).as(reason).isNotEmpty().allSatisfy(finding -> {
            assertThat(finding.message()).contains(reason);
            assertThat(finding.code()).isEqualTo(SchemaFinding.Code.FOREIGN_KEY_IN_PLACE);
        });
    }

    @Test
    void aForeignKeyThatCannotBeMovedForSureStaysAndIsTold() {
        String a = "CREATE TABLE a (id int, CONSTRAINT k FOREIGN KEY (id) REFERENCES b (id));";
        stays("not written in a way", "CREATE TABLE a (id int REFERENCES b (id) ON DELETE SOMETHING);");
        stays("not written in a way", "CREATE TABLE a (FOREIGN KEY (lower(id)) REFERENCES b (id));");
        stays("not written in a way", "CREATE TABLE a (CONSTRAINT k FOREIGN KEY (id) REFERENCES b (id) WHATEVER);");
        stays("creates more than one table", "CREATE SCHEMA s CREATE TABLE a (id int REFERENCES b (id));");
        stays("temporary", "CREATE TEMP TABLE a (id int REFERENCES b (id));");
        stays("does something else, too", "ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b, ADD c int;");
        stays("does something else, too", "ALTER TABLE a ADD COLUMN b_id int REFERENCES b (id);");
        stays("conditional", "ALTER TABLE IF EXISTS a ADD FOREIGN KEY (x) REFERENCES b;");
        stays("a is renamed further on", a, "ALTER TABLE a RENAME TO z;");
        stays("b is renamed further on", a, "CREATE TABLE b (id int PRIMARY KEY); ALTER TABLE b RENAME id TO nr;");
        stays("loses a column", a, "ALTER TABLE ONLY public.a ADD x int, DROP COLUMN y;");
        stays("a is dropped further on", a, "DROP TABLE IF EXISTS x, a CASCADE;");
        stays("another schema", a, "ALTER TABLE a SET SCHEMA other;");
        stays("becomes or ceases to be a partition", a, "ALTER TABLE p ATTACH PARTITION a DEFAULT;");
        stays("that constraint changed", a, "ALTER TABLE a VALIDATE CONSTRAINT k;");
        stays("triggers of a are disabled", a, "ALTER TABLE a DISABLE TRIGGER ALL;");
        stays("search_path is changed", a, "SET search_path = other;");
        stays("search_path is changed", "SET LOCAL search_path = other;" + a);
        stays("its name there depends on other", "CREATE TABLE IF NOT EXISTS a (id int REFERENCES b REFERENCES c);");
        stays("the role is changed", a, "SET ROLE other;");
        stays("is dropped further on", "CREATE TABLE s.a (id int REFERENCES s.b);", "DROP SCHEMA s CASCADE;");
    }

    @Test
    void whatIsDroppedAboveTheTableThatIsCreatedDoesNotMatter() {
        ForeignKeyPass pass = ForeignKeyPass.over(files("""
                DROP TABLE IF EXISTS a, b; ALTER TABLE x DISABLE TRIGGER ALL; ALTER TABLE x ENABLE TRIGGER ALL;
                CREATE TABLE a (id int REFERENCES b);
                DROP TABLE IF EXISTS b;
                CREATE TABLE b (id int PRIMARY KEY);
                """));
        assertThat(pass.inPlace()).isEmpty();
        assertThat(pass.files()).hasSize(2);
    }

    @Test
    void aForeignKeyIsAddedUnderTheSearchPathAndTheRoleItWasWrittenUnder() {
        List<SchemaFile> passed = ForeignKeyPass.over(files("""
                SET ROLE one;
                SET search_path = app;
                CREATE TABLE a (id int REFERENCES b);
                CREATE TABLE x.a (id int REFERENCES x.b);
                SELECT pg_catalog.set_config('search_path', '', false);
                """)).files();
        assertThat(text(passed.get(1)).lines().filter(line -> !line.startsWith("--")))
                .containsExactly(
                        "SET search_path = app;",
                        "ALTER TABLE \"a\" ADD CONSTRAINT \"a_id_fkey\" FOREIGN KEY (\"id\")",
                        "REFERENCES b;",
                        "ALTER TABLE \"x\".\"a\" ADD CONSTRAINT \"a_id_fkey\" FOREIGN KEY (\"id\")",
                        "REFERENCES x.b;",
                        "SELECT pg_catalog.set_config('search_path', '', false);");
    }
}
