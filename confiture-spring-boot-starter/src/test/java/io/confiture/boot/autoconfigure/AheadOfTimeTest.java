package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.actuate.ConfitureEndpoint;
import io.confiture.boot.actuate.ConfitureEndpointWebExtension;
import io.confiture.boot.actuate.DatabaseDescriptor;
import io.confiture.boot.actuate.OperationDescriptor;
import io.confiture.boot.actuate.SectionDescriptor;
import io.confiture.boot.fixture.JdbcApp;
import io.confiture.test.TestDatabase;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.aot.AotDetector;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.SpringProperties;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;
import org.springframework.jdbc.core.JdbcTemplate;

/** What is decided when an application is built ahead of time, for a faster start or a native image. */
class AheadOfTimeTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose
    private final TestDatabase orders = TestDatabase.create();

    @Test
    @CompileWithForkedClassLoader
    void aContextGeneratedAtBuildTimeMigratesBeforeWhatNeedsTheDatabaseIsCreated() {
        TestGenerationContext generation = new TestGenerationContext();
        ClassName initializer = generate(
                generation,
                "spring.datasource.url=jdbc:postgresql://127.0.0.1:1/at_build_time",
                "confiture.databases.orders.url=jdbc:postgresql://127.0.0.1:1/at_build_time_too",
                "confiture.databases.orders.migrate.locations=classpath:orders");
        generation.writeGeneratedContent();
        TestCompiler.forSystem().with(generation).compile(compiled -> {
            @SuppressWarnings("unchecked")
            ApplicationContextInitializer<GenericApplicationContext> generated =
                    compiled.getInstance(ApplicationContextInitializer.class, initializer.toString());
            SpringProperties.setProperty(AotDetector.AOT_ENABLED, "true");
            try (GenericApplicationContext context = context(
                    "spring.datasource.url=" + database.url(),
                    "confiture.databases.orders.url=" + orders.url(),
                    "confiture.databases.orders.migrate.locations=classpath:orders")) {
                generated.initialize(context);
                assertThat(context.getBeanDefinition("jdbcTemplate").getDependsOn())
                        .contains("confitureSingleRun", "confitureMigrationInitializer");
                context.refresh();
                assertThat(context.getBean("needy")).isEqualTo("0 people");
                assertThat(database.values("SELECT version FROM tb_confiture ORDER BY 1"))
                        .containsExactly("001", "002");
                assertThat(orders.values("SELECT version FROM tb_confiture")).containsExactly("001");
                assertThat(Objects.requireNonNull(context.getBean(ConfitureEndpoint.class)
                                        .databases()
                                        .get("default"))
                                .state())
                        .isEqualTo("up_to_date");
            } finally {
                SpringProperties.setProperty(AotDetector.AOT_ENABLED, "false");
            }
        });
    }

    @Test
    void whatConfitureReadsOfItselfIsPartOfAnImage() {
        RuntimeHints hints = hints();
        assertThat(List.of("version.properties", "project/confiture.yaml", "project/db/README.md"))
                .allSatisfy(file -> assertThat(RuntimeHintsPredicates.resource().forResource("io/confiture/" + file))
                        .accepts(hints));
    }

    @Test
    void migrationsOfTheDefaultLocationArePartOfAnImage() {
        RuntimeHints hints = hints();
        assertThat(RuntimeHintsPredicates.resource().forResource("db/migrations/001_create_people.up.sql"))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.resource().forResource("db/migrations/deep/er/003_x.verify.sql"))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.resource().forResource("elsewhere/001_x.sql"))
                .rejects(hints);
    }

    @Test
    void migrationsOfConfiguredLocationsAre() {
        RuntimeHints hints = hints(
                "confiture.migrate.locations=classpath:changed,classpath*:/qualified/,file:/srv/migrations",
                "confiture.databases.orders.url=jdbc:postgresql://127.0.0.1:1/orders",
                "confiture.databases.orders.migrate.locations=classpath:concurrent");
        for (String file : List.of(
                "changed/001_create_people.up.sql", "qualified/001_qualified.up.sql", "concurrent/001_step_1.up.sql")) {
            assertThat(RuntimeHintsPredicates.resource().forResource(file)).accepts(hints);
        }
        assertThat(RuntimeHintsPredicates.resource().forResource("db/migrations/001_create_people.up.sql"))
                .rejects(hints);
    }

    @Test
    void filesOfSchemasAndSeedsAndExpectedCatalogsAre() {
        RuntimeHints hints = hints(
                "confiture.build.include=classpath:schema/people",
                "confiture.build.seeds.dirs=classpath:schema/seeds",
                "confiture.drift.expected=classpath:expected/catalog.json",
                "confiture.databases.orders.url=jdbc:postgresql://127.0.0.1:1/orders",
                "confiture.databases.orders.migrate.locations=classpath:orders",
                "confiture.databases.orders.build.include[0].path=classpath:schema/orders");
        for (String file : List.of(
                "schema/people/010_people.sql",
                "schema/seeds/010_people.sql",
                "schema/orders/010_orders.sql",
                "expected/catalog.json")) {
            assertThat(RuntimeHintsPredicates.resource().forResource(file))
                    .as(file)
                    .accepts(hints);
        }
        assertThat(RuntimeHintsPredicates.resource().forResource("db/schema/010_x.sql"))
                .rejects(hints);
        assertThat(RuntimeHintsPredicates.resource().forResource("db/schema/010_x.sql"))
                .accepts(hints());
    }

    @Test
    void databasesMayBeNamedAsPropertiesAllow() {
        RuntimeHints hints = hints(
                "confiture.databases.Orders.url=jdbc:postgresql://127.0.0.1:1/orders",
                "confiture.databases.Orders.migrate.locations=classpath:concurrent",
                "confiture.databases.my_db.url=jdbc:postgresql://127.0.0.1:1/mine",
                "confiture.databases.my_db.migrate.locations[0]=classpath:changed",
                "confiture.databases[a.b].url=jdbc:postgresql://127.0.0.1:1/ab",
                "confiture.databases[a.b].migrate.locations=classpath:orders");
        for (String file : List.of(
                "concurrent/001_step_1.up.sql",
                "changed/001_create_people.up.sql",
                "orders/001_create_orders.up.sql")) {
            assertThat(RuntimeHintsPredicates.resource().forResource(file)).accepts(hints);
        }
    }

    @Test
    void propertiesAreBoundAndTheEndpointsOperationsCalledByReflection() {
        RuntimeHints hints = hints();
        for (Class<?> properties : List.of(
                ConfitureProperties.class,
                ConfitureProperties.NamedDatabase.class,
                MigrateProperties.class,
                BuildProperties.class,
                BuildProperties.Include.class,
                BuildProperties.SeparatorProperties.class,
                SeedProperties.class,
                SeedProperties.Profile.class,
                DriftProperties.class,
                VerifyProperties.class,
                RepairProperties.class)) {
            for (Method method : properties.getDeclaredMethods()) {
                if (method.getName().startsWith("set")) {
                    assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method))
                            .as(method.toString())
                            .accepts(hints);
                }
            }
        }
        for (Class<?> endpoint : List.of(ConfitureEndpoint.class, ConfitureEndpointWebExtension.class)) {
            for (Method operation : endpoint.getDeclaredMethods()) {
                if (operation.getAnnotations().length > 0) {
                    assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(operation))
                            .as(operation.toString())
                            .accepts(hints);
                }
            }
        }
    }

    @Test
    void everythingThatTheEndpointAnswersCanBeWrittenAsJson() {
        RuntimeHints hints = hints();
        List<Class<?>> bodies = new ArrayList<>(List.of(DatabaseDescriptor.class));
        bodies.addAll(List.of(SectionDescriptor.class.getPermittedSubclasses()));
        bodies.addAll(List.of(OperationDescriptor.class.getPermittedSubclasses()));
        bodies.addAll(bodies.stream()
                .flatMap(body -> Arrays.stream(body.getDeclaredClasses()))
                .toList());
        assertThat(bodies).hasSizeGreaterThan(12).allSatisfy(body -> {
            for (var component : body.getRecordComponents()) {
                assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(component.getAccessor()))
                        .as(component.toString())
                        .accepts(hints);
            }
        });
    }

    private static RuntimeHints hints(String... properties) {
        TestGenerationContext generation = new TestGenerationContext();
        generate(generation, properties);
        return generation.getRuntimeHints();
    }

    private static ClassName generate(TestGenerationContext generation, String... properties) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            prepare(context, properties);
            context.register(Application.class);
            return new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        }
    }

    private static GenericApplicationContext context(String... properties) {
        GenericApplicationContext context = new GenericApplicationContext();
        prepare(context, properties);
        return context;
    }

    private static void prepare(GenericApplicationContext context, String... properties) {
        TestPropertyValues.of("management.endpoints.web.exposure.include=*")
                .and(properties)
                .applyTo(context);
        ConfigurationPropertySources.attach(context.getEnvironment());
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        EndpointAutoConfiguration.class,
        HealthContributorAutoConfiguration.class,
        ConfitureEndpointAutoConfiguration.class,
        ConfitureHealthAutoConfiguration.class
    })
    @Import(JdbcApp.class)
    static class Application {
        @Bean
        String needy(JdbcTemplate jdbc) {
            return jdbc.queryForObject("SELECT count(email) FROM people", Integer.class) + " people";
        }
    }
}
