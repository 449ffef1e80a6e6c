package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.confiture.boot.fixture.Apps;
import io.confiture.error.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.PropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.TestPropertySource;

/** Whoever says what the {@code confiture.yaml} says too, and whenever: neither wins. */
class YamlAndPropertiesTest {
    private static final String PROJECT = "src/test/resources/project";
    private static final List<String> WAYS =
            List.of("confiture.config=" + PROJECT, "spring.config.import=confiture:" + PROJECT);
    private static final String OFF = "confiture.migrate.mode=off";

    /** A way to say {@code confiture.migrate.table}, and how messages call it. */
    private record Kind(String name, String told, Prepared application) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Prepared {
        /** Arguments may be added. */
        SpringApplicationBuilder with(SpringApplicationBuilder application, List<String> arguments);
    }

    private static final Map<String, Object> TABLE = Map.of("confiture.migrate.table", "elsewhere");

    private static final List<Kind> KINDS = List.of(
            new Kind("an argument", "commandLineArgs", (application, arguments) -> {
                arguments.add("--confiture.migrate.table=elsewhere");
                return application;
            }),
            new Kind("JSON", "spring.application.json", (application, arguments) -> {
                arguments.add("--spring.application.json={\"confiture\":{\"migrate\":{\"table\":\"elsewhere\"}}}");
                return application;
            }),
            new Kind(
                    "a default property",
                    "defaultProperties",
                    (application, arguments) -> application.properties("confiture.migrate.table=elsewhere")),
            new Kind(
                    "a system property",
                    "systemProperties",
                    (application, arguments) -> application.environment(process(Map.of(), TABLE))),
            new Kind(
                    "a variable",
                    "CONFITURE_MIGRATE_TABLE",
                    (application, arguments) ->
                            application.environment(process(Map.of("CONFITURE_MIGRATE_TABLE", "elsewhere"), Map.of()))),
            new Kind("the file of a profile", "application-table.yaml", (application, arguments) -> {
                arguments.add("--spring.config.location=classpath:late/");
                return application.profiles("ledger");
            }),
            new Kind("a file that is imported", "late.properties", (application, arguments) -> {
                arguments.replaceAll(argument -> argument.startsWith("--spring.config.import=")
                        ? argument + ",classpath:late/late.properties"
                        : argument);
                if (arguments.stream().noneMatch(argument -> argument.startsWith("--spring.config.import="))) {
                    arguments.add("--spring.config.import=classpath:late/late.properties");
                }
                return application;
            }),
            new Kind(
                    "a post-processor behind ours",
                    "added late",
                    (application, arguments) ->
                            application.listeners((ApplicationListener<ApplicationEnvironmentPreparedEvent>)
                                    event -> added(event.getEnvironment()))),
            new Kind(
                    "an initializer",
                    "added late",
                    (application, arguments) -> application.initializers(context -> added(context.getEnvironment()))),
            new Kind(
                    "@PropertySource",
                    "late.properties",
                    (application, arguments) -> application.sources(WithPropertySource.class)));

    private static void added(ConfigurableEnvironment environment) {
        environment.getPropertySources().addFirst(new MapPropertySource("added late", TABLE));
    }

    private static ConfigurableEnvironment process(Map<String, Object> variables, Map<String, Object> properties) {
        return new StandardEnvironment() {
            @Override
            protected void customizePropertySources(MutablePropertySources sources) {
                sources.addLast(new MapPropertySource(SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, properties));
                sources.addLast(
                        new SystemEnvironmentPropertySource(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
            }
        };
    }

    static Stream<Arguments> kinds() {
        return KINDS.stream().flatMap(kind -> WAYS.stream().map(way -> Arguments.of(way, kind)));
    }

    private static String description(Throwable failure) {
        return Objects.requireNonNull(new ConfitureFailureAnalyzer().analyze(failure))
                .getDescription();
    }

    private static String refused(String way, Prepared prepared) {
        List<String> arguments = new ArrayList<>(List.of("--" + way, "--" + OFF));
        SpringApplicationBuilder application = prepared.with(Apps.app(ConfitureYamlTest.Bare.class), arguments);
        Throwable failure = catchThrowable(
                () -> application.run(arguments.toArray(String[]::new)).close());
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(5);
        return description(failure);
    }

    @ParameterizedTest(name = "{1}, {0}")
    @MethodSource("kinds")
    void whoeverSaysItToo(String way, Kind kind) {
        assertThat(refused(way, kind.application()))
                .contains("confiture.migrate.table is said twice, in ")
                .contains(kind.told())
                .contains("confiture.yaml:39:");
    }

    /** Its name does not tell which dot was a dash. */
    @Test
    void aVariableForOnePartOfAList() {
        assertThat(refused(
                        WAYS.get(0),
                        (application, arguments) -> application.environment(
                                process(Map.of("CONFITURE_BUILD_SUPERUSER_DIRS_0", "x"), Map.of()))))
                .contains("confiture.build.superuser-dirs is said twice, in systemEnvironment")
                .contains("confiture.yaml:19:");
    }

    @ParameterizedTest
    @CsvSource({
        "confiture.environment, production, confiture.environment was not set when",
        "confiture.config, elsewhere, is 'elsewhere' now",
        "confiture.databases.orders.config, elsewhere, and nothing has read it"
    })
    void whatChoosesTheFileCannotComeLater(String property, String value, String told) {
        assertThat(refused(
                        WAYS.get(0),
                        (application, arguments) -> application.initializers(context -> context.getEnvironment()
                                .getPropertySources()
                                .addFirst(new MapPropertySource("added late", Map.of(property, value))))))
                .contains(told);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {Inlined.class, OfAnnotation.class, Dynamic.class, ImportedInlined.class, ImportedDynamic.class})
    void aTestThatSaysIt(Class<?> test) {
        Throwable failure = catchThrowable(
                () -> new TestContextManager(test).getTestContext().getApplicationContext());
        assertThat(failure).hasRootCauseInstanceOf(ConfigurationException.class);
        assertThat(description(failure))
                .contains("confiture.migrate.table is said twice, in ")
                .contains("confiture.yaml:39:");
    }

    @Configuration(proxyBeanMethods = false)
    @PropertySource("classpath:late/late.properties")
    static class WithPropertySource {}

    @Configuration(proxyBeanMethods = false)
    @Import(ConfitureYamlTest.Bare.class)
    static class App {}

    @SpringBootTest(
            classes = App.class,
            properties = {"confiture.config=" + PROJECT, OFF, "confiture.migrate.table=x"})
    static class Inlined {}

    @SpringBootTest(
            classes = App.class,
            properties = {"confiture.config=" + PROJECT, OFF})
    @TestPropertySource(properties = "confiture.migrate.table=x")
    static class OfAnnotation {}

    @SpringBootTest(
            classes = App.class,
            properties = {"confiture.config=" + PROJECT, OFF})
    static class Dynamic {
        @DynamicPropertySource
        static void properties(DynamicPropertyRegistry registry) {
            registry.add("confiture.migrate.table", () -> "x");
        }
    }

    @SpringBootTest(
            classes = App.class,
            properties = {"spring.config.import=confiture:" + PROJECT, OFF, "confiture.migrate.table=x"})
    static class ImportedInlined {}

    @SpringBootTest(
            classes = App.class,
            properties = {"spring.config.import=confiture:" + PROJECT, OFF})
    static class ImportedDynamic {
        @DynamicPropertySource
        static void properties(DynamicPropertyRegistry registry) {
            registry.add("confiture.migrate.table", () -> "x");
        }
    }
}
