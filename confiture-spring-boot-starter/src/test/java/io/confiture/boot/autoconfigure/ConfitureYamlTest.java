package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.confiture.boot.fixture.Apps;
import io.confiture.build.SchemaBuilder;
import io.confiture.config.Config;
import io.confiture.config.SeedConfig;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.config.ConfigDataResourceNotFoundException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** {@code confiture.config} and {@code spring.config.import=confiture:…}. Nothing connects unless it is said. */
@ExtendWith(OutputCaptureExtension.class)
class ConfitureYamlTest {
    private static final String PROJECT = "src/test/resources/project";
    private static final String CONFIG = "confiture.config=" + PROJECT;
    private static final String OFF = "confiture.migrate.mode=off";

    private static ConfigurableApplicationContext start(Class<?> application, String... properties) {
        return Apps.app(application)
                .run(Stream.of(properties).map(property -> "--" + property).toArray(String[]::new));
    }

    private static ConfigurableApplicationContext start(String... properties) {
        return start(Bare.class, properties);
    }

    private static String description(Throwable failure) {
        return Objects.requireNonNull(new ConfitureFailureAnalyzer().analyze(failure))
                .getDescription();
    }

    private static String refused(String... properties) {
        Throwable failure = catchThrowable(() -> start(properties).close());
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(5);
        return description(failure);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CONFIG,
                "confiture.config=" + PROJECT + "/confiture.yaml",
                "confiture.config=file:" + PROJECT + "/confiture.yaml",
                "spring.config.import=confiture:" + PROJECT,
                "spring.config.import=optional:confiture:" + PROJECT + "/confiture.yaml"
            })
    void everySettingCountsAsIfPropertiesHadSaidIt(String way) {
        try (ConfigurableApplicationContext context = start(way, OFF)) {
            Config said = Config.load(Path.of(PROJECT), "local");
            Config used = context.getBean(SchemaBuilder.class).config();
            assertThat(used.build()).isEqualTo(said.build());
            assertThat(used.seeds()).isEqualTo(said.seeds());
            assertThat(used.environment()).isEqualTo("local");
            assertThat(used.isProtected()).isTrue();
            assertThat(used.projectDir()).isEqualTo(Path.of(PROJECT).toAbsolutePath());
            ConfitureProperties properties = context.getBean(ConfitureProperties.class);
            assertThat(properties.getUrl())
                    .isEqualTo(Objects.requireNonNull(said.database()).jdbc());
            assertThat(properties.getMigrate().getTable()).isEqualTo("history");
            assertThat(properties.getMigrate().getSchema()).isEqualTo("app");
            assertThat(properties.getMigrate().getLockWait()).hasMinutes(1);
        }
    }

    @Test
    void whatIsNotSaidStaysAsItIs() {
        try (ConfigurableApplicationContext context =
                start(CONFIG, OFF, "confiture.environment=ci", "confiture.url=jdbc:postgresql://elsewhere.invalid/x")) {
            ConfitureProperties properties = context.getBean(ConfitureProperties.class);
            assertThat(properties.getMigrate().getTable()).isEqualTo("tb_confiture");
            assertThat(properties.getUrl()).isEqualTo("jdbc:postgresql://elsewhere.invalid/x");
            assertThat(context.getBean(SchemaBuilder.class).findSqlFiles()).hasSize(2);
        }
    }

    @Test
    void theEnvironmentIsChosenByItsProperty() {
        try (ConfigurableApplicationContext context = start(CONFIG, OFF, "confiture.environment=production")) {
            assertThat(context.getBean(Migrator.class)).isNotNull();
            assertThat(context.getBean(SchemaBuilder.class).config().isProtected())
                    .isTrue();
            assertThat(context.getBean(ConfitureProperties.class).getUrl()).contains("db.invalid/shop");
        }
        assertThat(refused(CONFIG, OFF, "confiture.environment=prodution")).contains("prodution");
    }

    @Test
    void aProfileChoosesTheEnvironmentAlsoWhereAnotherFileImports() {
        try (ConfigurableApplicationContext context =
                start(OFF, "spring.config.location=classpath:importing/", "spring.profiles.active=release")) {
            assertThat(context.getBean(SchemaBuilder.class).config().environment())
                    .isEqualTo("production");
        }
    }

    @Test
    void aFileOnTheClassPathHasItsFoldersThere() {
        try (ConfigurableApplicationContext context = start(
                "confiture.config=classpath:project/confiture.yaml",
                OFF,
                "confiture.environment=ci",
                "confiture.url=jdbc:postgresql://elsewhere.invalid/x")) {
            assertThat(context.getBean(SchemaBuilder.class).config().build().includeDirs())
                    .extracting(entry -> entry.path())
                    .containsExactly("classpath:project/db/schema");
            assertThat(context.getBean(SchemaBuilder.class).findSqlFiles()).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "confiture.migrate.table=t, confiture.migrate.table, 39",
        "confiture.migrate.schema=s, confiture.migrate.schema, 39",
        "confiture.migrate.lock-wait=1s, confiture.migrate.lock-wait, 41",
        "confiture.url=jdbc:postgresql://a.invalid/b, confiture.url, 8",
        "confiture.username=grace, confiture.username, 9",
        "confiture.password=hunter3, confiture.password, 10",
        "confiture.build.include=db/other, confiture.build.include, 11",
        "confiture.build.include[0].path=db/other, confiture.build.include[0].path, 11",
        "confiture.build.separators.style=line-comment, confiture.build.separators.style, 25",
        "confiture.build.seeds.dirs=x, confiture.build.seeds.dirs, 18",
        "confiture.build.seeds.profiles.demo.include=x, confiture.build.seeds.profiles.demo.include, 36",
        "confiture.protected=false, confiture.protected, 21"
    })
    void whatBothSayIsAnErrorThatNamesBothPlaces(String property, String name, int line) {
        String told = refused(CONFIG, OFF, property);
        assertThat(told)
                .contains(name + " is said twice, in ")
                .contains("\"" + name + "\" from property source \"commandLineArgs\"")
                .contains("confiture.yaml:" + line + ":")
                .doesNotContain("hunter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"username", "password"})
    void aUrlHasUserAndPasswordToo(String key) {
        assertThat(refused(CONFIG, OFF, "confiture.environment=production", "confiture." + key + "=grace"))
                .contains("confiture." + key + " is said twice")
                .doesNotContain("hunter2");
    }

    @Test
    void anImportAndThePropertyAreTwo() {
        assertThat(refused(CONFIG, OFF, "spring.config.import=confiture:" + PROJECT + "/confiture.yaml"))
                .contains("confiture.config is said twice")
                .contains("import of confiture:" + PROJECT + "/confiture.yaml");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(refused("confiture.config=nowhere/confiture.yaml", OFF))
                .contains("There is no configuration nowhere/confiture.yaml, which confiture.config names");
        assertThat(catchThrowable(() ->
                        start("spring.config.import=confiture:nowhere", OFF).close()))
                .isInstanceOf(ConfigDataResourceNotFoundException.class)
                .hasMessageContaining("nowhere");
        start("spring.config.import=optional:confiture:nowhere", OFF).close();
    }

    @Test
    void aNamedDatabaseHasItsOwnFile() {
        try (ConfigurableApplicationContext context = start(
                OFF,
                "confiture.databases.orders.config=" + PROJECT,
                "confiture.databases.orders.migrate.locations=classpath:orders")) {
            ConfitureProperties.NamedDatabase orders = Objects.requireNonNull(
                    context.getBean(ConfitureProperties.class).getDatabases().get("orders"));
            assertThat(orders.getMigrate().getTable()).isEqualTo("history");
            assertThat(context.getBean("ordersSchemaBuilder", SchemaBuilder.class)
                            .config()
                            .seeds()
                            .profiles())
                    .isEqualTo(Map.of("demo", new SeedConfig.Profile(List.of("**/*.sql"), List.of("**/big*.sql"))));
        }
    }

    /** A runner of tests reads no files: what the property names would be passed over. */
    @Test
    void whatNobodyHasReadIsAnError() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ConfitureAutoConfiguration.class))
                .withPropertyValues(CONFIG, OFF, "confiture.url=jdbc:postgresql://localhost/x")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("confiture.config names " + PROJECT + ", and nothing has read it"));
    }

    @Test
    void aDatabaseIsBuiltFromWhatTheFileSays(CapturedOutput output) {
        try (TestDatabase database = TestDatabase.create();
                ConfigurableApplicationContext context = Apps.start(
                        database, CONFIG, "confiture.environment=ci", "confiture.build.on-startup=when-empty")) {
            assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
            assertThat(context.getBean(Migrator.class).status().origin()).isNotNull();
        }
        assertThat(output.getAll()
                        .lines()
                        .filter(line -> line.contains("hunter2"))
                        .toList())
                .isEmpty();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ConfitureAutoConfiguration.class)
    static class Bare {
        @Bean
        ProcessExit exit() {
            return context -> {};
        }
    }
}
