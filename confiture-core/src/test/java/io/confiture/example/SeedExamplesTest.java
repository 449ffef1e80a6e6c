package io.confiture.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.Confiture;
import io.confiture.build.SchemaBuilder;
import io.confiture.config.Config;
import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookContext;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.AsyncMigrator;
import io.confiture.migrate.MigrationResult;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the original's API page, as near to its Python as Java is. */
class SeedExamplesTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path project;

    private final List<String> printed = new ArrayList<>();

    private String migrations;

    @BeforeEach
    void migrations() throws Exception {
        Path folder = Files.createDirectories(project.resolve("db/migrations"));
        Files.writeString(folder.resolve("001_create_users.up.sql"), "CREATE TABLE users (id int PRIMARY KEY);");
        Files.writeString(folder.resolve("001_create_users.down.sql"), "DROP TABLE users;");
        migrations = folder.toString();
    }

    private void print(String line) {
        printed.add(line);
    }

    private void sources() throws Exception {
        Files.createDirectories(project.resolve("db/seeds"));
        Path folder = Files.createDirectories(project.resolve("db/schema"));
        Files.writeString(folder.resolve("users.sql"), "CREATE TABLE users (id int PRIMARY KEY);");
        Files.writeString(
                project.resolve("confiture.yaml"),
                "version: 1\nenvironments:\n  local:\n    database:\n      url: " + url()
                        + "\n    schema_dirs:\n      - db/schema\n    seed_dirs:\n      - db/seeds\n");
    }

    private String url() {
        return database.url().substring("jdbc:".length());
    }

    @Test
    void medium1BuildSchema() throws Exception {
        sources();
        // In the project's folder: SchemaBuilder.forEnvironment("local")
        SchemaBuilder builder = SchemaBuilder.of(Config.load(project, "local"));
        String schema = builder.build();

        print("Generated " + schema.length() + " bytes");
        print("Hash: " + builder.computeHash().substring(0, 12));

        assertThat(schema).contains("CREATE TABLE users", builder.computeHash());
        assertThat(printed.get(1)).matches("Hash: [0-9a-f]{12}");
        assertThat(builder.execute("local").tablesCreated()).isEqualTo(1);
        assertThat(database.value("SELECT to_regclass('users')")).isEqualTo("users");
    }

    @Test
    void quickStart() {
        // Check version
        print(Confiture.version());
        assertThat(printed).singleElement().asString().startsWith("0.1.0");

        // Initialize for a project
        Confiture conf = Confiture.forProject(project);
        conf.init(); // Creates db/ structure
        assertThat(project.resolve("db/schema")).isNotEmptyDirectory();
    }

    @Test
    void configuration() throws Exception {
        Files.copy(Path.of("src/test/resources/config/confiture.yaml"), project.resolve("confiture.yaml"));
        Config local = Confiture.forProject(project).config("local");
        assertThat(local.database()).hasToString("jdbc:postgresql://localhost/myapp_local");
        assertThat(local.seeds().dirs()).containsExactly("db/seeds/common", "db/seeds/development");
        // production has the URL of its variable, and nothing else has one
        assertThatThrownBy(() -> Confiture.forProject(project).config("production"))
                .hasMessageContaining("confiture.yaml:22:12: the environment variable DATABASE_URL is not set");
    }

    @Test
    void programmaticConfiguration() throws Exception {
        Path folder = Files.createDirectories(project.resolve("db/schema"));
        Files.writeString(folder.resolve("users.sql"), "CREATE TABLE users (id int PRIMARY KEY);");
        Files.createDirectories(project.resolve("db/seeds"));
        // programmatic-configuration
        Config config = Config.builder()
                .environment("local")
                .projectDir(project)
                .databaseUrl("postgresql://localhost/mydb")
                .schemaDirs("db/schema")
                .seedDirs("db/seeds")
                .build();

        SchemaBuilder builder = SchemaBuilder.of(config);
        // end
        assertThat(builder.build()).contains("CREATE TABLE users");
    }

    @Test
    void medium2ApplyMigration() throws Exception {
        try (var conn = DriverManager.getConnection(database.url())) {
            Migrator migrator = Migrator.builder(conn).locations(migrations).build();

            // Apply single migration
            migrator.apply("001_create_users");
            assertThat(database.value("SELECT to_regclass('users')")).isEqualTo("users");

            // Apply all pending
            migrator.applyAll();

            // Rollback
            migrator.rollback("001_create_users");
            assertThat(database.value("SELECT to_regclass('users')")).isNull();
        }
    }

    @Test
    void hooksExample() {
        class NotifyTeam implements MigrationHook {
            @Override
            public void afterExecute(HookContext context) {
                print("Migration " + context.migrationName() + " completed");
                print("Duration: " + context.duration());
            }
        }
        Migrator.builder(database.url())
                .locations(migrations)
                .hook(new NotifyTeam())
                .hook(MigrationHook.at(
                        HookPoint.AFTER_COMMIT, context -> print("committed " + context.migrationName())))
                .build()
                .applyAll();
        assertThat(printed)
                .hasSize(3)
                .startsWith("Migration create_users completed")
                .endsWith("committed create_users");
        assertThat(printed.get(1)).startsWith("Duration: PT");
    }

    private void errorHandling(Migrator migrator) {
        try {
            migrator.apply("001_create_users");
        } catch (MigrationException e) {
            print("Migration failed: " + e.getMessage());
            print("SQL: " + e.sql());
            print("Position: " + e.position());
        } catch (DatabaseConnectionException e) {
            print("Database connection failed: " + e.getMessage());
        }
    }

    @Test
    void errorHandlingExample() throws Exception {
        Files.writeString(Path.of(migrations, "001_create_users.up.sql"), "CREATE TABLE users (id nope);");
        errorHandling(Migrator.builder(database.url()).locations(migrations).build());
        assertThat(printed.get(0)).contains("type \"nope\" does not exist");
        assertThat(printed.subList(1, 3)).containsExactly("SQL: CREATE TABLE users (id nope)", "Position: 24");
        printed.clear();
        errorHandling(Migrator.builder("postgresql://127.0.0.1:1/mydb")
                .locations(migrations)
                .build());
        assertThat(printed).singleElement().asString().startsWith("Database connection failed: CONFIG_006");
    }

    @Test
    void asyncSupport() throws Exception {
        sources();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            SchemaBuilder builder = SchemaBuilder.of(Config.load(project, "local"));
            CompletableFuture<String> schema = builder.buildAsync(executor);
            assertThat(schema.join()).contains("CREATE TABLE users");

            AsyncMigrator migrator = Migrator.builder(database.url())
                    .locations(migrations)
                    .build()
                    .async(executor);
            CompletableFuture<MigrationResult> applied = migrator.apply("001_create_users");
            assertThat(applied.join().success()).isTrue();
        } finally {
            executor.shutdown();
        }
        assertThat(database.value("SELECT to_regclass('users')")).isEqualTo("users");
    }

    @Test
    void allExceptionsHaveOneBase() {
        for (String name : List.of("Configuration", "Migration", "DatabaseConnection", "Validation", "Sync")) {
            assertThatCode(() -> assertThat(ConfitureException.class)
                            .isAssignableFrom(Class.forName("io.confiture.error." + name + "Exception")))
                    .doesNotThrowAnyException();
        }
    }

    /** The function of the page, with its types. */
    private MigrationResult buildAndMigrate(String env) {
        SchemaBuilder builder = SchemaBuilder.of(Config.load(project, env));
        String schema = builder.build();
        assertThat(schema).contains("CREATE TABLE users");
        return Confiture.forProject(project).migrator(env).apply("001_create_users");
    }

    @Test
    void typesWorkThroughout() throws Exception {
        sources();
        assertThat(buildAndMigrate("local").success()).isTrue();
        assertThat(Migrator.builder(database.url())
                        .locations(migrations)
                        .build()
                        .rollback("001_create_users"))
                .isNotNull();
        Migrator migrator =
                Migrator.builder(database.url()).locations(migrations).build();
        MigrationResult result = migrator.apply("001_create_users");
        assertThat(result.success()).isTrue();
        assertThat(result.error()).isNull();
        assertThat(result.name()).isEqualTo("create_users");
    }

    @Test
    void everyClassInTheTableOfNamesExistsOrIsMarkedAsLater() throws Exception {
        Path names = Path.of("docs/names.md");
        List<String> rows = Files.readAllLines(
                        Files.exists(names) ? names : Path.of("..").resolve(names))
                .stream()
                .filter(line -> line.startsWith("| ") && line.contains("`"))
                .toList();
        assertThat(rows).hasSizeGreaterThan(25);
        Pattern type = Pattern.compile("io\\.confiture(?:\\.[a-z]+)*\\.[A-Z]\\w+");
        int here = 0;
        for (String row : rows) {
            String[] cells = row.split("\\|", -1);
            String state = cells[3].strip();
            assertThat(state).as(row).matches("here|later: .+|not needed");
            Matcher matcher = type.matcher(cells[2]);
            while (matcher.find()) {
                String name = matcher.group();
                if (state.equals("here")) {
                    assertThatCode(() -> Class.forName(name)).as(row).doesNotThrowAnyException();
                    here++;
                } else {
                    assertThat(getClass().getClassLoader().getResource(name.replace('.', '/') + ".class"))
                            .as("%s exists by now: mark it as here", name)
                            .isNull();
                }
            }
        }
        assertThat(here).isGreaterThan(9);
    }

    @Test
    void everyPythonNameOfTheApiPageIsInTheTable() throws Exception {
        Path names = Path.of("docs/names.md");
        String table =
                Files.readString(Files.exists(names) ? names : Path.of("..").resolve(names));
        assertThat(table)
                .contains(
                        "__version__",
                        "project_dir",
                        "init()",
                        "SchemaBuilder",
                        "build_async",
                        "compute_hash",
                        "Migrator",
                        "apply_all",
                        "rollback",
                        "connect_async",
                        "apply_async",
                        "MigrationResult",
                        "ProductionSyncer",
                        "SyncConfig",
                        "SyncResult",
                        "SchemaToSchemaMigrator",
                        "setup_fdw",
                        "migrate_table",
                        "verify_migration",
                        "cleanup_fdw",
                        "register_hook",
                        "HookContext",
                        "register_strategy",
                        "confiture.linting",
                        "confiture.wizard",
                        "ConfitureError",
                        "ConfigurationError",
                        "MigrationError",
                        "ConnectionError",
                        "ValidationError",
                        "SyncError",
                        "confiture.config.Config",
                        "confiture.yaml",
                        "has_rust_extension");
    }
}
