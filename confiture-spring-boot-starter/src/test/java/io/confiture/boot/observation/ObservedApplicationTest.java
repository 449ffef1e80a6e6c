package io.confiture.boot.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.JdbcApp;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a whole application measures of its start, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObservedApplicationTest {
    private final TestDatabase database = TestDatabase.create();
    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();
    private ConfigurableApplicationContext context;
    private int port;

    @BeforeAll
    void start() {
        context = start(
                database, "management.endpoints.web.exposure.include=*", "management.info.confiture.enabled=true");
        port = Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer())
                .getPort();
    }

    @AfterAll
    void stop() {
        context.close();
        database.close();
    }

    private static ConfigurableApplicationContext start(TestDatabase database, String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("server.port=0");
        return Apps.app(JdbcApp.class, Whole.class)
                .web(WebApplicationType.SERVLET)
                .run(Apps.arguments(database, all.toArray(String[]::new)));
    }

    @Test
    void theRunOfTheStartIsAMetric() {
        assertThat(count("confiture.migrate?tag=database:default&tag=operation:apply&tag=outcome:success"))
                .isEqualTo(1);
    }

    @Test
    void soAreItsMigrations() {
        assertThat(count("confiture.migration?tag=direction:up&tag=kind:sql&tag=outcome:success&tag=error:none"))
                .isEqualTo(2);
        assertThat(tags("confiture.migration")).doesNotContain("migration.version", "migration.name", "run.id");
    }

    @Test
    void soAreItsHooks() {
        assertThat(count("confiture.hook?tag=point:after_execute&tag=hook:grants"))
                .isEqualTo(2);
        assertThat(tags("confiture.hook")).containsExactlyInAnyOrder("database", "point", "hook");
    }

    @Test
    void soIsTheWaitForTheLock() {
        assertThat(count("confiture.lock.wait?tag=outcome:acquired")).isEqualTo(1);
    }

    @Test
    void migrationsAreCountedByState() {
        assertThat(value("confiture.migrations?tag=database:default&tag=state:applied"))
                .isEqualTo(2);
        assertThat(value("confiture.migrations?tag=database:default&tag=state:pending"))
                .isZero();
    }

    @Test
    void infoSaysHowFarTheDatabasesAre() {
        JsonNode info = get("/actuator/info").get("confiture").get("default");
        assertThat(info.get("version").asString()).isEqualTo("002");
        assertThat(info.get("applied").asInt()).isEqualTo(2);
        assertThat(info.get("pending").asInt()).isZero();
    }

    @Test
    void theHooksAreListed() {
        JsonNode hooks = get("/actuator/confiture/default/hooks").get("hooks");
        assertThat(hooks.valueStream().map(JsonNode::asString))
                .containsExactly("grants", "Confiture events of database default");
        assertThat(context.getBean(Migrator.class).hooks()).hasSize(2);
    }

    @Test
    void aPropertySilencesTheObservations() {
        try (ConfigurableApplicationContext silent =
                start(database, "management.observations.enable.confiture=false")) {
            MeterRegistry registry = silent.getBean(MeterRegistry.class);
            assertThat(registry.find("confiture.migrate").meter()).isNull();
            assertThat(registry.find("confiture.hook").meter()).isNotNull();
        }
        try (ConfigurableApplicationContext silent = start(
                database,
                "management.observations.enable.confiture=false",
                "management.metrics.enable.confiture=false")) {
            MeterRegistry registry = silent.getBean(MeterRegistry.class);
            assertThat(registry.getMeters())
                    .noneMatch(meter -> meter.getId().getName().startsWith("confiture"));
        }
    }

    @Test
    void aConventionBeanReplacesOurs() {
        try (ConfigurableApplicationContext own =
                Apps.app(JdbcApp.class, Whole.class, OwnConvention.class).run(Apps.arguments(database))) {
            MeterRegistry registry = own.getBean(MeterRegistry.class);
            assertThat(registry.get("confiture.migrate")
                            .tag("team", "shop")
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void aDatabaseWithANameHasItsOwn() {
        try (TestDatabase orders = TestDatabase.create();
                ConfigurableApplicationContext two = Apps.app(JdbcApp.class, Whole.class)
                        .run(Apps.arguments(
                                database,
                                "confiture.databases.orders.url=" + orders.url(),
                                "confiture.databases.orders.migrate.locations=classpath:qualified"))) {
            MeterRegistry registry = two.getBean(MeterRegistry.class);
            for (String name : List.of("default", "orders")) {
                assertThat(registry.get("confiture.migrate")
                                .tag("database", name)
                                .timer()
                                .count())
                        .isEqualTo(1);
                assertThat(registry.get("confiture.migrations")
                                .tags("database", name, "state", "pending")
                                .gauge()
                                .value())
                        .isZero();
            }
        }
    }

    private double count(String metric) {
        return measurement(metric, "COUNT");
    }

    private double value(String metric) {
        return measurement(metric, "VALUE");
    }

    private double measurement(String metric, String statistic) {
        return get("/actuator/metrics/" + metric)
                .get("measurements")
                .valueStream()
                .filter(measurement -> measurement.get("statistic").asString().equals(statistic))
                .findFirst()
                .orElseThrow()
                .get("value")
                .asDouble();
    }

    private List<String> tags(String metric) {
        return get("/actuator/metrics/" + metric)
                .get("availableTags")
                .valueStream()
                .map(tag -> tag.get("tag").asString())
                .toList();
    }

    private JsonNode get(String path) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            return json.readTree(response.body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            exclude = {HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class})
    static class Whole {
        @Bean
        MigrationHook grants() {
            return new MigrationHook() {
                @Override
                public String name() {
                    return "grants";
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnConvention {
        @Bean
        RunObservationConvention teams() {
            return new DefaultRunObservationConvention() {
                @Override
                public KeyValues getLowCardinalityKeyValues(RunObservationContext context) {
                    return super.getLowCardinalityKeyValues(context).and("team", "shop");
                }
            };
        }
    }
}
