package io.confiture.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ConfigurationException;
import io.confiture.postgres.DatabaseUrl;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the settings of an environment come from, and what they become. */
class ConfigTest {
    /** The file of the original's page. */
    private static final String TWO = ofThePage();

    private static String ofThePage() {
        try {
            return Files.readString(Path.of("src/test/resources/config/confiture.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TempDir
    private Path folder;

    private ConfigProject project;

    @BeforeEach
    void project() {
        project = new ConfigProject(folder);
    }

    private Config explicit(String environment, Map<String, String> variables) {
        return project.load(folder, environment, variables);
    }

    @Test
    void theFileOfTheOriginalsPageIsRead() {
        project.write("confiture.yaml", TWO);
        Config local = explicit("local", Map.of());
        assertThat(local.database())
                .isEqualTo(DatabaseUrl.parse("postgresql://postgres:postgres@localhost:5432/myapp_local"));
        assertThat(local.build().includeDirs()).containsExactly(IncludeDir.of("db/schema"));
        assertThat(local.seeds().dirs()).containsExactly("db/seeds/common", "db/seeds/development");
        assertThat(local.projectDir()).isEqualTo(folder);
        assertThat(local.isProtected()).isFalse();
        assertThat(local)
                .hasToString("Config[environment=local, projectDir=" + folder
                        + ", database=jdbc:postgresql://localhost/myapp_local]");

        Config production = explicit("production", Map.of("DATABASE_URL", "postgres://me:x@db.example/shop"));
        assertThat(production.database()).isEqualTo(DatabaseUrl.parse("postgresql://me:x@db.example/shop"));
        assertThat(production.isProtected()).isTrue();
    }

    @Test
    void builderAndFileSayTheSame() {
        project.local("""
                database:
                  url: postgresql://localhost/mydb
                schema_dirs: [db/schema]
                seed_dirs: [db/seeds]
                """);
        assertThat(project.load())
                .usingRecursiveComparison()
                .ignoringFields("origins")
                .isEqualTo(Config.builder()
                        .environment("local")
                        .projectDir(folder)
                        .databaseUrl("postgresql://localhost/mydb")
                        .schemaDirs("db/schema")
                        .seedDirs("db/seeds")
                        .build());
    }

    @Test
    void everySettingIsReadAndTheBuilderHasEach() {
        project.local("""
                database_url: postgresql://localhost/mydb
                protected: true
                include_dirs:
                  - db/types
                  - path: db/tables
                    recursive: false
                    exclude: ["*_old.sql"]
                    order: -1
                  - path: db/extra
                    include: ["**/*.ddl"]
                    auto_discover: true
                exclude_dirs: [db/attic]
                superuser_dirs: [db/roles]
                superuser_post_dirs: [db/after]
                build:
                  sort_mode: natural
                  separators: {style: custom, custom_template: "-- {file_path}"}
                  two_pass: true
                  hash_seeds: true
                seed:
                  execution_mode: sequential
                  continue_on_error: true
                  transaction_mode: transaction
                  profile: small
                  profiles:
                    small: {include: ["common/*.sql"], exclude: ["**/big_*.sql"]}
                    all: {}
                migration:
                  tracking_table: ops.ledger
                  locking: {timeout_ms: 1500}
                """);
        Config built = Config.builder()
                .projectDir(folder)
                .databaseUrl("jdbc:postgresql:mydb")
                .protectedDatabase(true)
                .includeDirs(List.of(
                        IncludeDir.of("db/types"),
                        new IncludeDir("db/tables", false, List.of("*.sql"), List.of("*_old.sql"), -1, false),
                        new IncludeDir("db/extra", true, List.of("**/*.ddl"), List.of(), 0, true)))
                .excludeDirs("db/attic")
                .superuserDirs("db/roles")
                .superuserPostDirs("db/after")
                .sortMode(SortMode.NATURAL)
                .separators(new Separators(Separators.Style.CUSTOM, "-- {file_path}"))
                .twoPass(true)
                .hashSeeds(true)
                .seeds(new SeedConfig(
                        List.of(),
                        SeedConfig.ExecutionMode.SEQUENTIAL,
                        true,
                        SeedConfig.TransactionMode.TRANSACTION,
                        Map.of(
                                "small",
                                new SeedConfig.Profile(List.of("common/*.sql"), List.of("**/big_*.sql")),
                                "all",
                                new SeedConfig.Profile(List.of("**/*.sql"), List.of())),
                        "small"))
                .migration(new MigrationConfig("ops.ledger", Duration.ofMillis(1500)))
                .build();
        assertThat(project.load())
                .usingRecursiveComparison()
                .ignoringFields("origins")
                .isEqualTo(built);
        assertThat(built.migration().schema()).isEqualTo("ops");
        assertThat(built.migration().table()).isEqualTo("ledger");
    }

    @Test
    void aBuilderThatGoesOnChangesNothingThatWasBuilt() {
        Config.Builder builder = Config.builder();
        Config built = builder.build();
        builder.environment("production").twoPass(true).seedDirs("x").databaseUrl("postgresql://h/db");
        assertThat(built.environment()).isEqualTo("local");
        assertThat(built.build().twoPass()).isFalse();
        assertThat(built.seeds().dirs()).isEmpty();
        assertThat(built.database()).isNull();
        assertThat(built.migration()).isEqualTo(new MigrationConfig("tb_confiture", null));
        assertThat(built.origins()).isEmpty();
    }

    @Test
    void theFormOfOneFileForEachEnvironmentIsReadToo() {
        project.write("db/environments/test.yaml", """
                name: test
                database_url: postgresql://localhost/app_test
                include_dirs:
                  - db/schema
                  - path: db/seeds/test
                    order: 10
                exclude_dirs: []
                auto_backup: false
                require_confirmation: false
                """);
        Config config = explicit("test", Map.of());
        assertThat(config.database()).hasToString("jdbc:postgresql://localhost/app_test");
        assertThat(config.build().includeDirs())
                .extracting(IncludeDir::path)
                .containsExactly("db/schema", "db/seeds/test");
        assertThat(config.origins())
                .containsEntry("database.url", "db/environments/test.yaml:2:1")
                .containsEntry("include_dirs", "db/environments/test.yaml:3:1");
    }

    @Test
    void eachSettingKnowsWhereItWasSaid() {
        project.write("confiture.yaml", TWO);
        assertThat(explicit("local", Map.of()).origins())
                .containsOnly(
                        Map.entry("database.host", "confiture.yaml:7:7"),
                        Map.entry("database.port", "confiture.yaml:8:7"),
                        Map.entry("database.database", "confiture.yaml:9:7"),
                        Map.entry("database.user", "confiture.yaml:10:7"),
                        Map.entry("database.password", "confiture.yaml:11:7"),
                        Map.entry("include_dirs", "confiture.yaml:13:5"),
                        Map.entry("seed_dirs", "confiture.yaml:16:5"));
    }

    @Test
    void anEnvironmentInBothFormsIsAnErrorThatNamesBoth() {
        project.write("confiture.yaml", TWO).write("db/environments/local.yaml", "database_url: postgresql://h/other");
        assertThatThrownBy(() -> explicit("local", Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "confiture.yaml:6:5: the environment local is said here and in db/environments/local.yaml");
        assertThat(explicit("production", Map.of("DATABASE_URL", "postgresql://h/p"))
                        .database())
                .hasToString("jdbc:postgresql://h/p");
    }

    @Test
    void anEnvironmentThatDoesNotExistIsAnErrorWithTheNearest() {
        project.write("confiture.yaml", TWO).write("db/environments/staging.yaml", "");
        assertThatThrownBy(() -> explicit("prodution", Map.of()))
                .hasMessageContaining("There is no environment prodution: neither in confiture.yaml nor as"
                        + " db/environments/prodution.yaml in " + folder)
                .hasMessageContaining("Did you mean production?");
        assertThatThrownBy(() -> explicit("stagin", Map.of())).hasMessageContaining("Did you mean staging?");
        assertThatThrownBy(() -> explicit("../staging", Map.of())).hasMessageContaining("is no name of an environment");
    }

    @Test
    void aProjectWithoutConfigurationSaysHowToGetOne(@TempDir Path empty) {
        assertThatThrownBy(() -> new ConfigProject(empty).load()).hasMessageContaining("init()");
        assertThatThrownBy(() ->
                        new ConfigProject(empty).write("confiture.yml", "").load())
                .hasMessageContaining("name it confiture.yaml");
    }

    @Test
    void variablesOfTheProcessNameProjectAndEnvironment() {
        project.write("confiture.yaml", TWO);
        Map<String, String> variables = Map.of(
                "CONFITURE_PROJECT_DIR", folder.toString(),
                "CONFITURE_ENV", "production",
                "DATABASE_URL", "postgresql://h/p");
        assertThat(project.load(null, null, variables).environment()).isEqualTo("production");
        assertThat(project.load(null, null, variables).projectDir()).isEqualTo(folder);
        assertThat(project.load(null, "local", variables).environment()).isEqualTo("local");
        assertThat(project.load(null, null, Map.of("CONFITURE_PROJECT_DIR", folder.toString(), "CONFITURE_ENV", ""))
                        .environment())
                .isEqualTo("local");
    }

    @Test
    void anAmbientDatabaseUrlSelectsNoDatabase() {
        project.local("schema_dirs: [db/schema]");
        assertThat(project.load(Map.of("DATABASE_URL", "postgresql://h/production"))
                        .database())
                .isNull();
    }

    @Test
    void theUrlOfTheProcessAndThatOfANamedConfigurationAreAnError() {
        project.write("confiture.yaml", TWO);
        Map<String, String> variables = Map.of("CONFITURE_DATABASE_URL", "postgresql://me:CANARY@h/other");
        for (String environment : List.of("local", "production")) {
            assertThatThrownBy(() -> explicit(environment, variables))
                    .hasMessageContaining(
                            "the database is said here and in the environment variable CONFITURE_DATABASE_URL")
                    .hasMessageNotContaining("CANARY");
        }
    }

    @Test
    void theUrlOfTheProcessIsTakenWhereNothingElseIsSaidAndBeforeAConfigurationThatNobodyNamed() {
        project.local("schema_dirs: [db/schema]");
        Map<String, String> variables = Map.of(
                "CONFITURE_PROJECT_DIR", folder.toString(), "CONFITURE_DATABASE_URL", "postgresql://me:x@h/other");
        assertThat(project.load(variables).database()).hasToString("jdbc:postgresql://h/other");
        assertThat(project.load(variables).origins())
                .containsEntry("database.url", "environment variable CONFITURE_DATABASE_URL");

        project.local("database: {url: \"${NOT_SET}\"}");
        assertThat(project.load(null, null, variables).database()).hasToString("jdbc:postgresql://h/other");
        assertThat(project.load(null, null, variables).origins())
                .containsOnly(Map.entry("database.url", "environment variable CONFITURE_DATABASE_URL"));
    }

    @Test
    void aUrlOfTheProcessThatLeadsNowhereIsNamed() {
        project.local("schema_dirs: [db/schema]");
        assertThatThrownBy(() -> project.load(Map.of("CONFITURE_DATABASE_URL", "mysql://me:CANARY@h/other")))
                .hasMessageContaining("CONFITURE_DATABASE_URL leads to no database: Not a PostgreSQL URL")
                .hasMessageNotContaining("CANARY");
    }

    @Test
    void aFileAnywhereIsReadInEitherForm() {
        project.write("etc/all.yaml", TWO).write("etc/test.yaml", "database_url: postgresql://h/t");
        Config local = Config.loadFile(folder.resolve("etc/all.yaml"), "local");
        assertThat(local.projectDir()).isEqualTo(folder.resolve("etc"));
        assertThat(local.origins()).containsEntry("seed_dirs", folder.resolve("etc/all.yaml") + ":16:5");
        assertThat(Config.loadFile(folder.resolve("etc/test.yaml"), null).environment())
                .isEqualTo("test");
        Config resource = Config.read(
                "classpath:confiture.yaml",
                new ByteArrayInputStream(TWO.getBytes(StandardCharsets.UTF_8)),
                folder,
                "local");
        assertThat(resource.origins()).containsEntry("seed_dirs", "classpath:confiture.yaml:16:5");
        assertThatThrownBy(() -> Config.loadFile(folder.resolve("etc/all.yaml"), "loal"))
                .hasMessageContaining("Did you mean local?");
        assertThatThrownBy(() -> Config.loadFile(folder.resolve("nowhere.yaml"), null))
                .hasMessageContaining("nowhere.yaml cannot be read");
    }
}
