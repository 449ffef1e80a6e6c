package io.confiture.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.confiture.catalog.CatalogDifference;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.SchemaException;
import io.confiture.migrate.InitialBuild;
import io.confiture.migrate.JavaMigration;
import io.confiture.migrate.MigrationContext;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.SchemaOrigin;
import io.confiture.test.DatabaseContents;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the schema makes and what the migrations make is compared, on databases that are gone afterwards. */
class EquivalenceTest {
    private static final JavaMigration ADDS_AGE = new JavaMigration() {
        @Override
        public String version() {
            return "004";
        }

        @Override
        public String name() {
            return "add_age";
        }

        @Override
        public void up(MigrationContext context) {
            context.jdbc().sql("ALTER TABLE users ADD COLUMN age int").update();
        }
    };

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose("shutdownNow")
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @TempDir
    Path temp;

    private Project project;

    @BeforeEach
    void project() {
        project = new Project(temp);
    }

    @AfterEach
    void noScratchDatabaseIsLeft() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(Project.scratchDatabases(database)).isEmpty());
    }

    private EquivalenceReport verify() {
        return project.verification(database).verifyEquivalence();
    }

    private List<String> differences() {
        return verify().differences().stream().map(CatalogDifference::toString).toList();
    }

    @Test
    void aSchemaThatMakesWhatTheMigrationsMakeIsProvenEquivalent() {
        List<String> before = DatabaseContents.of(database);
        EquivalenceReport report = verify();
        assertThat(report)
                .hasToString("schema " + project.builder().computeHash() + " and 4 migrations make the same catalog");
        assertThat(report.proven()).isTrue();
        assertThat(report.migrations()).containsExactly("001_create_users", "002_add_name", "003_first", "R_names");
        assertThat(report.recorded()).isFalse();
        assertThat(report.filledByMigrationsOnly()).isEmpty();
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
    }

    @Test
    void whateverDiffersIsNamedFromMigrationsToSchema() {
        project.migrations
                .write("002_add_name.up.sql", "ALTER TABLE users ADD COLUMN name varchar(9);")
                .write("004_more.up.sql", "CREATE TABLE more (id int);");
        assertThat(differences())
                .contains(
                        "table public.more: removed",
                        "table public.users: column name: type: character varying(9) → text",
                        "table public.users: index users_name: added");
        EquivalenceReport report = verify();
        assertThat(report.proven()).isFalse();
        assertThat(report.toString())
                .contains(" and 5 migrations make different catalogs; ")
                .contains("\n  table public.more: removed");
    }

    @Test
    void repeatableMigrationsAndThoseInJavaCount() {
        project.schema.write("20_names.sql", "SELECT 1;");
        EquivalenceReport report = SchemaVerification.of(
                        project.builder(),
                        project.migrator(database).javaMigration(ADDS_AGE).build())
                .verifyEquivalence();
        assertThat(report.migrations()).contains("004_add_age");
        assertThat(report.differences())
                .extracting(CatalogDifference::toString)
                .containsExactlyInAnyOrder("view public.names: removed", "table public.users: column age: removed");
    }

    @Test
    void aTableThatOnlyTheMigrationsFillIsNamed() {
        project.seeds.write("users.sql", "SELECT 1;");
        EquivalenceReport report = verify();
        assertThat(report.proven()).isTrue();
        assertThat(report.filledByMigrationsOnly()).containsExactly("public.users");
        assertThat(report.toString()).endsWith("\n  note: the migrations fill public.users, and no seed does");
    }

    @Test
    void aSchemaForTheLedgerAloneIsNoDifference() {
        Migrator migrator = project.migrator(database).schema("audit").build();
        assertThat(SchemaVerification.of(project.builder(), migrator)
                        .verifyEquivalence()
                        .proven())
                .isTrue();
        project.schema.write("00_audit.sql", "CREATE SCHEMA audit;");
        assertThat(SchemaVerification.of(project.builder(), migrator)
                        .verifyEquivalence()
                        .differences())
                .isEmpty();
    }

    @Test
    void whatIsNotModelledProvesNothing() {
        project.schema.write("30_german.sql", "CREATE TEXT SEARCH CONFIGURATION german2 (COPY = german);");
        project.migrations.write("004_german.up.sql", "CREATE TEXT SEARCH CONFIGURATION german2 (COPY = german);");
        EquivalenceReport report = verify();
        assertThat(report.differences()).isEmpty();
        assertThat(report.proven()).isFalse();
        assertThat(report.toString())
                .contains("show no difference, which proves nothing")
                .contains("\n  not certain: text search configuration public.german2");
    }

    @Test
    void theProofIsRecordedWhereADatabaseWasBuiltFromThisSchema() {
        SchemaVerification verification = project.verification(database);
        assertThat(verification.startFromSchema().built()).isTrue();
        Migrator migrator = project.migrator(database).build();
        assertThat(migrator.applyAll()).hasSize(1);
        SchemaOrigin before = Objects.requireNonNull(migrator.status().origin());
        assertThat(before.hash()).isEqualTo(project.builder().computeHash());
        assertThat(before)
                .hasToString("built from schema " + before.hash().substring(0, 12) + "…; equivalence not checked");
        assertThat(verification.verifyEquivalence().recorded()).isTrue();
        assertThat(Objects.requireNonNull(migrator.status().origin()).equivalenceProven())
                .isTrue();
    }

    @Test
    void differentCatalogsAreNeverRecordedAsEquivalent() {
        project.schema.write("30_more.sql", "CREATE TABLE more (id int);");
        SchemaVerification verification = project.verification(database);
        verification.startFromSchema();
        assertThat(verification.verifyEquivalence().recorded()).isFalse();
        assertThat(Objects.requireNonNull(
                                project.migrator(database).build().status().origin())
                        .equivalenceProven())
                .isFalse();
    }

    @Test
    void aRunBuildsAnEmptyDatabaseFromTheFiles() {
        Migrator migrator = project.migrator(database)
                .initialSchema(SchemaVerification.initialSchema(project.builder()))
                .build();
        assertThat(migrator.applyAll()).hasSize(4);
        assertThat(database.value("SELECT name FROM names")).isEqualTo("a");
        assertThat(migrator.applyAll()).isEmpty();
    }

    @Test
    void aSeedOrAFileThatSaysSoCoversWhatAMigrationDoesToData() {
        project.migrations.write("004_fill.up.sql", "DO $$ BEGIN UPDATE users SET name = 'b'; END $$;");
        assertThat(project.verification(database).startFromSchema())
                .isInstanceOf(InitialBuild.Refused.class)
                .asString()
                .contains("004_fill.up.sql:1: its text does not tell what DO does to data");
        project.seeds.write("names.sql", "-- confiture: covers=004\nUPDATE users SET name = 'b';");
        assertThat(project.verification(database).startFromSchema().built()).isTrue();
    }

    @Test
    void aSchemaThatFailsIsToldByFileAndLine() {
        project.schema.write("30_bad.sql", "CREATE TABLE more (id int);\nCREATE TABLE bad (id nothing);");
        SchemaException e = catchThrowableOfType(SchemaException.class, this::verify);
        assertThat(e).hasMessageContaining("30_bad.sql:2:").hasMessageContaining("nothing");
        SchemaException start = catchThrowableOfType(
                SchemaException.class, () -> project.verification(database).startFromSchema());
        assertThat(start).hasMessageContaining("30_bad.sql:2:");
        assertThat(database.value("SELECT to_regclass('users')")).isNull();
    }

    @Test
    void aSchemaThatWouldChangeTheWholeServerIsNeitherBuiltNorComparedAsEqual() {
        project.schema.write("30_server.sql", "ALTER SYSTEM SET work_mem = '5MB';");
        SchemaException e = catchThrowableOfType(SchemaException.class, this::verify);
        assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_STATEMENT_REFUSED);
        assertThat(project.verification(database).drift()).isInstanceOf(DriftReport.NotChecked.class);
        String role = "by_schema_" + database.name();
        project.schema.write("30_server.sql", "\nCREATE ROLE " + role + " PASSWORD 'secret';");
        SchemaException roles = catchThrowableOfType(SchemaException.class, this::verify);
        assertThat(roles)
                .hasMessageContaining("30_server.sql:2:1: CREATE ROLE " + role)
                .hasMessageContaining("Nothing was run")
                .hasMessageNotContaining("secret");
        assertThat(database.values("SELECT 1 FROM pg_roles WHERE rolname = '" + role + "'"))
                .isEmpty();
    }

    @Test
    void migrationsThatWouldChangeTheServerAroundTheScratchDatabaseAreNotRun() {
        String role = "by_migration_" + database.name();
        project.migrations
                .write("004_fine.up.sql", "GRANT SELECT ON users TO pg_monitor;")
                .write("005_role.up.sql", "SELECT 1;\nCREATE ROLE " + role + " PASSWORD 'secret';");
        MigrationException e = catchThrowableOfType(MigrationException.class, this::verify);
        assertThat(e.code()).isEqualTo(ErrorCode.BEYOND_DATABASE);
        assertThat(e)
                .hasMessageContaining("Migration 005_role was not run")
                .hasMessageContaining("005_role.up.sql:2:1: CREATE ROLE " + role)
                .hasMessageNotContaining("secret");
        assertThat(project.verification(database).drift(DriftOptions.migrations()))
                .isInstanceOfSatisfying(
                        DriftReport.NotChecked.class,
                        report -> assertThat(report.reasons())
                                .singleElement()
                                .asString()
                                .contains("005_role.up.sql:2:1: CREATE ROLE"));
        project.migrations
                .write("005_role.up.sql", "SELECT 1;")
                .write("beforeMigrate.sql", "COMMENT ON ROLE pg_monitor IS 'by a callback';");
        assertThat(catchThrowableOfType(MigrationException.class, this::verify))
                .hasMessageContaining("beforeMigrate.sql:1:1: COMMENT ON ROLE pg_monitor");
        assertThat(database.values("SELECT 1 FROM pg_roles WHERE rolname = '" + role + "'"))
                .isEmpty();
    }

    @Test
    void migrationsThatFailOnAnEmptyDatabaseAreTold() {
        project.migrations.write("004_bad.up.sql", "ALTER TABLE nothing ADD COLUMN a int;");
        MigrationException e = catchThrowableOfType(MigrationException.class, this::verify);
        assertThat(e).hasMessageContaining("004_bad");
    }

    @Test
    void aRoleThatMayCreateNoDatabaseIsTold() {
        String role = Project.weakRole(database);
        Migrator migrator = Migrator.builder(database.url(role))
                .locations(project.migrations.location())
                .build();
        SchemaException e = catchThrowableOfType(
                SchemaException.class,
                () -> SchemaVerification.of(project.builder(), migrator).verifyEquivalence());
        assertThat(e.code()).isEqualTo(ErrorCode.INSUFFICIENT_PRIVILEGE);
    }

    @Test
    void withoutFilesOfASchemaThereIsNothingToBeEquivalentTo() {
        ConfigurationException e = catchThrowableOfType(
                ConfigurationException.class,
                () -> SchemaVerification.of(project.migrator(database).build()).verifyEquivalence());
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
    }

    @Test
    void cancellingEndsTheMigrationsAndDropsTheScratchDatabases() {
        project.migrations.write("004_slow.up.sql", "SELECT pg_sleep(600);");
        CompletableFuture<EquivalenceReport> future =
                project.verification(database).verifyEquivalenceAsync(executor);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !database.values("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                        .isEmpty());
        future.cancel(true);
        assertThat(future).isCancelled();
    }
}
