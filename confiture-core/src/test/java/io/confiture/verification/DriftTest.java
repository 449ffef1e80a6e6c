package io.confiture.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.catalog.CatalogDifference;
import io.confiture.migrate.Migrator;
import io.confiture.postgres.ConnectionSource;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import io.confiture.verification.DriftReport.Drifted;
import io.confiture.verification.DriftReport.InSync;
import io.confiture.verification.DriftReport.NotChecked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A live database that is no longer what the files say is told, and what was not compared is never said to be in sync. */
class DriftTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose("shutdownNow")
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @TempDir
    Path temp;

    private Project project;

    @BeforeEach
    void migrated() {
        project = new Project(temp);
        project.migrator(database).build().applyAll();
    }

    private SchemaVerification verification() {
        return project.verification(database);
    }

    private List<String> differences(DriftOptions options) {
        return verification().drift(options) instanceof Drifted drifted
                ? drifted.differences().stream()
                        .map(CatalogDifference::toString)
                        .toList()
                : List.of();
    }

    @Test
    void aMigratedDatabaseIsInSyncWithSchemaMigrationsAndWrittenCatalog() {
        Path expected = temp.resolve("target/expected.json");
        verification().writeExpected(expected);
        assertThat(verification().drift()).isInstanceOf(InSync.class).hasToString("in sync with the schema's files");
        assertThat(verification().drift(DriftOptions.migrations()).inSync()).isTrue();
        assertThat(verification().driftAsync(executor).join().inSync()).isTrue();
        DriftReport shipped = SchemaVerification.of(project.migrator(database).build())
                .drift(DriftOptions.expected(expected.toString()));
        assertThat(shipped).hasToString("in sync with the expected catalog " + expected);
        assertThat(Project.scratchDatabases(database)).isEmpty();
    }

    @Test
    void whatSomebodyHasChangedByHandIsNamedFromExpectedToFound() {
        Path expected = temp.resolve("expected.json");
        verification().writeExpected(expected, DriftOptions.Against.MIGRATIONS);
        database.execute(
                "ALTER TABLE users ALTER COLUMN name DROP DEFAULT",
                "DROP INDEX users_name",
                "CREATE TABLE by_hand (id int)",
                "CREATE SCHEMA other CREATE TABLE t (id int)");
        List<String> differences = List.of(
                "schema other: added",
                "table public.by_hand: added",
                "table public.users: column name: default: ''::text → (none)",
                "table public.users: index users_name: removed");
        assertThat(differences(DriftOptions.schema())).containsExactlyInAnyOrderElementsOf(differences);
        assertThat(differences(DriftOptions.migrations())).containsExactlyInAnyOrderElementsOf(differences);
        assertThat(differences(DriftOptions.expected("file:" + expected)))
                .containsExactlyInAnyOrderElementsOf(differences);
        assertThat(verification().drift())
                .asString()
                .startsWith("drifted from the schema's files: 4 differences\n  ")
                .contains("\n  table public.by_hand: added");
        assertThat(differences(DriftOptions.schema().withSchemas("other"))).containsExactly("schema other: added");
    }

    @Test
    void theSameFilesGiveTheSameWrittenCatalog() throws IOException {
        Path first = temp.resolve("1.json");
        Path second = temp.resolve("2.json");
        verification().writeExpected(first);
        verification().writeExpected(second);
        assertThat(second).hasSameBinaryContentAs(first);
        assertThat(Files.readString(first)).doesNotContain("tb_confiture").doesNotContain("confiture_scratch");
        assertThatThrownBy(() -> verification().writeExpected(first, DriftOptions.Against.EXPECTED))
                .isInstanceOf(IllegalArgumentException.class);
        try (var files = Files.list(temp)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("1.json", "2.json", "db");
        }
    }

    @Test
    void ownersAndGrantsCountWhenAskedFor() {
        String role = Project.weakRole(database);
        database.execute("ALTER TABLE users OWNER TO " + role, "GRANT SELECT ON names TO " + role);
        assertThat(verification().drift().inSync()).isTrue();
        assertThat(differences(DriftOptions.schema().withOwners()))
                .containsExactly("table public.users: owner: postgres → " + role);
        assertThat(differences(DriftOptions.schema().withGrants()))
                .containsExactly("view public.names: grant to " + role + ": added");
        database.execute("DROP OWNED BY " + role + " CASCADE");
        TestServer.execute("DROP ROLE " + role);
    }

    @Test
    void whatAPendingMigrationMakesIsSaidToBePending() {
        project.migrations.write("004_more.up.sql", "CREATE TABLE more (id int)");
        assertThat(verification().drift(DriftOptions.migrations()))
                .isInstanceOfSatisfying(
                        Drifted.class,
                        drifted -> assertThat(drifted.notes())
                                .containsExactly("1 migrations are pending, and what they do shows as a difference:"
                                        + " 004_more"));
    }

    @Test
    void aDatabaseThatIsNotToGoFurtherIsComparedWithTheMigrationsUpToItsTarget() {
        project.migrations.write("004_more.up.sql", "CREATE TABLE more (id int)");
        DriftOptions upTo003 = DriftOptions.migrations().withTarget("003_first");
        assertThat(verification().drift(upTo003)).isInstanceOfSatisfying(Drifted.class, drifted -> {
            assertThat(drifted.differences())
                    .extracting(CatalogDifference::toString)
                    .containsExactly("view public.names: added");
            assertThat(drifted.notes()).singleElement().asString().startsWith("repeatable migrations");
        });
        database.execute("DROP VIEW names");
        assertThat(verification().drift(upTo003))
                .isInstanceOf(InSync.class)
                .hasToString("in sync with the migrations up to 003_first");
        assertThat(verification().drift(DriftOptions.migrations().withTarget("nothing")))
                .isInstanceOf(NotChecked.class);
        assertThatThrownBy(() -> DriftOptions.schema().withTarget("003")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRoleWithoutTheRightToCreateDatabasesComparesWithAWrittenCatalogOnly() {
        Path expected = temp.resolve("expected.json");
        verification().writeExpected(expected);
        String role = Project.weakRole(database);
        database.execute("GRANT SELECT ON tb_confiture, tb_confiture_run TO " + role);
        Migrator migrator = Migrator.builder(database.url(role))
                .locations(project.migrations.location())
                .build();
        SchemaVerification weak = SchemaVerification.of(project.builder(), migrator);
        assertThat(weak.drift())
                .isInstanceOfSatisfying(
                        NotChecked.class,
                        report -> assertThat(report.reasons())
                                .singleElement()
                                .asString()
                                .contains("may not create a scratch database"));
        assertThat(weak.drift().inSync()).isFalse();
        assertThat(weak.drift(DriftOptions.expected(expected.toString())).inSync())
                .isTrue();
        assertThat(weak.withScratchServer(ConnectionSource.of(TestServer.url("postgres")))
                        .drift()
                        .inSync())
                .isTrue();
        database.execute("DROP OWNED BY " + role);
        TestServer.execute("DROP ROLE " + role);
    }

    @Test
    void whatCannotBeComparedIsNotChecked() {
        assertThat(verification().drift(DriftOptions.expected("classpath:nothing.json")))
                .isInstanceOf(NotChecked.class)
                .asString()
                .startsWith("not checked against the expected catalog classpath:nothing.json: ")
                .contains("cannot be read");
        assertThat(SchemaVerification.of(project.migrator(database).build()).drift())
                .isInstanceOf(NotChecked.class);
        project.schema.write("20_names.sql", "CREATE VIEW names AS SELECT nothing FROM users;");
        assertThat(verification().drift())
                .isInstanceOf(NotChecked.class)
                .asString()
                .contains("20_names.sql:1:");
        SchemaVerification gone = SchemaVerification.of(Migrator.builder(TestServer.url("gone"))
                .locations(project.migrations.location())
                .build());
        assertThat(gone.drift(DriftOptions.migrations())).isInstanceOf(NotChecked.class);
    }

    @Test
    void whatIsNotModelledIsNeverInSync() {
        String create = "CREATE TEXT SEARCH CONFIGURATION german2 (COPY = german)";
        database.execute(create);
        project.schema.write("30_german.sql", create);
        assertThat(verification().drift())
                .isInstanceOf(NotChecked.class)
                .asString()
                .contains("text search configuration public.german2");
    }
}
