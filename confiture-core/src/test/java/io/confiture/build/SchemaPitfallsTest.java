package io.confiture.build;

import static io.confiture.build.SchemaSources.catalog;
import static io.confiture.build.SchemaSources.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Symptoms of docs/pitfalls.md that concern the checks of a schema and its foreign keys. */
class SchemaPitfallsTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void aDanglingCommaWhereAForeignKeyWasTakenOut() throws SQLException {
        List<SchemaFile> sources = files("CREATE TABLE b (id int PRIMARY KEY);", """
                CREATE TABLE a (
                    b_id int, -- of the b, that is
                    CONSTRAINT a_to_b
                        FOREIGN KEY (b_id) -- (
                        REFERENCES b (id)
                        ON DELETE CASCADE -- the last one, behind a comma
                );
                """);
        List<SchemaFile> passed = ForeignKeyPass.over(sources).files();
        assertThat(passed).hasSize(3);
        try (Connection connection = database.connect()) {
            assertThat(catalog(connection, passed)).isEqualTo(catalog(connection, sources));
        }
    }

    @Test
    void foreignKeysAcrossSchemasFailBecauseOfTheOrderOfFiles() throws SQLException {
        List<SchemaFile> sources = files(
                "CREATE SCHEMA a; CREATE SCHEMA b;",
                "CREATE TABLE a.one (id int PRIMARY KEY, two int REFERENCES b.two);",
                "CREATE TABLE b.two (id int PRIMARY KEY, one int REFERENCES a.one);");
        try (Connection connection = database.connect()) {
            assertThatThrownBy(() -> catalog(connection, sources)).hasMessageContaining("b.two");
            assertThat(catalog(connection, ForeignKeyPass.over(sources).files()))
                    .anyMatch(fact -> fact.startsWith("a.one one_two_fkey f"))
                    .anyMatch(fact -> fact.startsWith("b.two two_one_fkey f"));
        }
    }

    @Test
    void ofTwoDefinitionsOfOneFunctionTheLastWinsInSilence() {
        SchemaReport report = new SourceCheck(false)
                .check(files(
                        "CREATE OR REPLACE FUNCTION total(order_id int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
                        "CREATE OR REPLACE FUNCTION total(integer) RETURNS int LANGUAGE sql AS 'SELECT 2';"));
        assertThat(report.errors()).singleElement().satisfies(finding -> {
            assertThat(finding.file()).isEqualTo("db/schema/2.sql");
            assertThat(finding.message()).contains("function total(integer)", "db/schema/1.sql:1:1", "wins in silence");
        });
    }

    @Test
    void aCheckForCommentsTripsOverLiterals() {
        SchemaReport sound = new SourceCheck(false)
                .check(files(
                        "SELECT '/*';\n-- /*\nSELECT $$ /* $$;\nCREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''/*''';",
                        "SELECT 1; /* a /* nested */ one */"));
        assertThat(sound.findings()).isEmpty();
        SchemaReport unclosed = new SourceCheck(false).check(files("SELECT 1;\n/* a /* nested */ one\n", "SELECT 2;"));
        assertThat(unclosed.errors()).singleElement().satisfies(finding -> {
            assertThat(finding.line()).isEqualTo(2);
            assertThat(finding.message()).contains("a comment that is never closed");
        });
    }
}
