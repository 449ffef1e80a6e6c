package io.confiture.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.JdbcApp;
import io.confiture.migrate.MigrationLock;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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

/** Real HTTP against one application with three databases: migrated, empty, and not there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointTest {
    private final TestDatabase migrated = TestDatabase.create();
    private final TestDatabase empty = TestDatabase.create();
    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();
    private ConfigurableApplicationContext context;
    private int port;

    @BeforeAll
    void start() {
        // Applied by one build, shown by one that has another first file.
        try (ConfigurableApplicationContext other = Apps.start(migrated)) {
            assertThat(other.isActive()).isTrue();
        }
        context = Apps.app(JdbcApp.class, Databases.class)
                .web(WebApplicationType.SERVLET)
                .run(Apps.arguments(
                        migrated,
                        "server.port=0",
                        "confiture.migrate.mode=off",
                        "empty.url=" + empty.url(),
                        "management.endpoints.web.exposure.include=*",
                        "management.endpoint.health.show-details=always"));
        port = Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer())
                .getPort();
    }

    @AfterAll
    void stop() {
        context.close();
        migrated.close();
        empty.close();
    }

    @Test
    void showsAllDatabases() {
        JsonNode all = get("/confiture", 200);
        assertThat(all.propertyNames()).containsExactlyInAnyOrder("default", "empty", "gone", "changed");
        JsonNode main = all.get("default");
        assertThat(main.get("state").asString()).isEqualTo("up_to_date");
        assertThat(main.get("ledger").asString()).isEqualTo("public.tb_confiture");
        assertThat(main.get("applied").asInt()).isEqualTo(2);
        assertThat(main.get("pending").asInt()).isZero();
        assertThat(main.get("problems").asInt()).isZero();
        assertThat(main.get("lastApplied").get("version").asString()).isEqualTo("002");
        assertThat(main.get("lastApplied").get("name").asString()).isEqualTo("add_email");
        assertThat(main.get("lastApplied").get("appliedAt").asString()).matches("\\d{4}-.*Z");
        assertThat(main.has("next")).isFalse();
        assertThat(main.has("attention")).isFalse();
        assertThat(main.has("lockHolder")).isFalse();
        assertThat(main.has("error")).isFalse();
        assertThat(all.get("empty").get("state").asString()).isEqualTo("pending");
        assertThat(all.get("empty").get("pending").asInt()).isEqualTo(2);
        assertThat(all.get("changed").get("state").asString()).isEqualTo("problems");
        assertThat(all.get("empty").get("next").get(0).asString()).isEqualTo("001_create_people");
        assertThat(all.get("changed").get("problems").asInt()).isEqualTo(1);
        JsonNode problem = all.get("changed").get("attention").get(0);
        assertThat(problem.get("state").asString()).isEqualTo("changed");
        assertThat(problem.get("name").asString()).isEqualTo("create_people");
        assertThat(all.get("gone").get("state").asString()).isEqualTo("unreachable");
        assertThat(all.get("gone").get("error").asString())
                .contains("CONFIG_006")
                .doesNotContain("127.0.0.1");
    }

    @Test
    void showsOneDatabase() {
        assertThat(get("/confiture/default", 200).get("state").asString()).isEqualTo("up_to_date");
        assertThat(get("/confiture/gone", 200).get("state").asString()).isEqualTo("unreachable");
    }

    @Test
    void showsWhoMigrates() {
        try (MigrationLock lock =
                context.getBean("confitureMigrator", Migrator.class).lock()) {
            JsonNode holder = get("/confiture/default", 200).get("lockHolder");
            assertThat(holder.get("pid").asInt()).isPositive();
            assertThat(holder.get("applicationName").asString()).isNotEmpty();
        }
    }

    @Test
    void showsEveryMigration() {
        JsonNode migrations = get("/confiture/default/migrations", 200).get("migrations");
        assertThat(migrations.size()).isEqualTo(2);
        JsonNode first = migrations.get(0);
        assertThat(first.get("state").asString()).isEqualTo("applied");
        assertThat(first.get("version").asString()).isEqualTo("001");
        assertThat(first.get("name").asString()).isEqualTo("create_people");
        assertThat(first.get("file").asString()).endsWith("db/migrations/001_create_people.up.sql");
        assertThat(first.get("appliedAt").asString()).isNotEmpty();
        assertThat(first.get("executionTimeMs").asInt()).isNotNegative();
        assertThat(first.get("reversible").asBoolean()).isTrue();
        assertThat(get("/confiture/changed/migrations", 200)
                        .get("migrations")
                        .get(0)
                        .get("detail")
                        .asString())
                .isNotEmpty();
    }

    @Test
    void verificationIsACheck() {
        JsonNode good = get("/confiture/default/verification", 200);
        assertThat(good.get("ok").asBoolean()).isTrue();
        assertThat(good.get("passed").asInt()).isEqualTo(2);
        assertThat(good.get("checks").size()).isZero();
        JsonNode passed = get("/confiture/default/verification?state=ok", 200).get("checks");
        assertThat(passed.size()).isEqualTo(2);
        assertThat(passed.get(0).get("outcome").asString()).isEqualTo("ok");
        JsonNode bad = get("/confiture/changed/verification", 503);
        assertThat(bad.get("ok").asBoolean()).isFalse();
        assertThat(bad.get("checks").get(0).get("outcome").asString()).isEqualTo("failed");
        JsonNode waiting = get("/confiture/empty/verification", 200);
        assertThat(waiting.get("pending").asInt()).isEqualTo(2);
    }

    @Test
    void whatWasNotCheckedIsNotOk() {
        migrated.execute("INSERT INTO tb_confiture (id, slug, version, name, checksum)"
                + " VALUES (gen_random_uuid(), 'newer', '999', 'newer', repeat('a', 64))");
        try {
            JsonNode report = get("/confiture/default/verification", 503);
            assertThat(report.get("checks").get(0).get("outcome").asString()).isEqualTo("not_checked");
            assertThat(get("/confiture/default", 200).get("state").asString()).isEqualTo("ahead");
        } finally {
            migrated.execute("DELETE FROM tb_confiture WHERE version = '999'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"verification", "migrations", "plan"})
    void aDatabaseThatCannotBeReadIsNotOk(String section) {
        JsonNode unreadable = get("/confiture/gone/" + section, 503);
        assertThat(unreadable.get("state").asString()).isEqualTo("unreachable");
        assertThat(unreadable.get("ok").asBoolean()).isFalse();
    }

    @Test
    void showsThePlan() {
        JsonNode plan = get("/confiture/empty/plan", 200);
        assertThat(plan.get("steps").size()).isEqualTo(2);
        JsonNode step = plan.get("steps").get(0);
        assertThat(step.get("version").asString()).isEqualTo("001");
        assertThat(step.get("statements").asInt()).isEqualTo(2);
        assertThat(step.get("transactional").asBoolean()).isTrue();
        assertThat(get("/confiture/changed/plan", 200).get("blockers").get(0).asString())
                .contains("MIGR_113");
    }

    @ParameterizedTest
    @CsvSource({
        "/confiture/defualt, default",
        "/confiture/defualt/plan, default",
        "/confiture/default/migration, migrations"
    })
    void whatDoesNotExistIsNotFoundAndTheNearestIsNamed(String path, String nearest) {
        assertThat(get(path, 404).get("message").asString()).contains("the nearest is '" + nearest + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "/confiture/default?database=gone, The database is said by the path",
        "/confiture/default?database=gone&database=empty, The database is said by the path",
        "/confiture/default/plan?database=gone, The database is said by the path",
        "/confiture/default/plan?section=hooks, There is no parameter 'section'",
        "/confiture/default?state=applied, Only a section"
    })
    void theQueryPutsNoOtherDatabaseInThePlaceOfThatOfThePath(String path, String why) {
        assertThat(get(path, 400).get("message").asString()).startsWith(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/confiture/default/plan/x", "/confiture/", "/confiture/default%2Fplan"})
    void aPathThatLeadsNowhereIsNotFound(String path) {
        assertThat(send("GET", path).statusCode()).isIn(400, 404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "page=-1 | page must be 0 or more, but is -1",
                "size=0 | size must be between 1 and 1000, but is 0",
                "size=1001 | size must be between 1 and 1000, but is 1001",
                "page=first | page cannot be 'first'",
                "state=aplied | There is no state 'aplied'; the nearest is 'applied'",
                "szie=1 | There is no parameter 'szie'; the nearest is 'size'"
            })
    void aPageThatCannotBeMeantIsABadRequestThatSaysWhy(String query, String why) {
        JsonNode refusal = get("/confiture/default/migrations?" + query, 400);
        assertThat(refusal.get("message").asString()).startsWith(why);
        assertThat(refusal.get("ok").asBoolean()).isFalse();
    }

    @Test
    void aListIsShownPageByPageAndByState() {
        JsonNode second = get("/confiture/default/migrations?page=1&size=1", 200);
        assertThat(second.get("total").asInt()).isEqualTo(2);
        assertThat(second.get("migrations").findValuesAsString("version")).containsExactly("002");
        assertThat(get("/confiture/default/migrations?page=2&size=1", 200)
                        .get("migrations")
                        .size())
                .isZero();
        JsonNode changed = get("/confiture/changed/migrations?state=changed", 200);
        assertThat(changed.get("migrations").findValuesAsString("version")).containsExactly("001");
        assertThat(get("/confiture/empty/plan?size=1", 200).get("steps").size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/confiture", "/confiture/default", "/confiture/default/plan"})
    void nothingCanBeWritten(String path) {
        assertThat(send("POST", path).statusCode()).isEqualTo(405);
        assertThat(send("DELETE", path).statusCode()).isEqualTo(405);
    }

    @Test
    void secretsAndSqlAreNotShown() {
        String everything = send("GET", "/confiture").body()
                + send("GET", "/confiture/gone/plan").body()
                + send("GET", "/confiture/changed/plan").body()
                + send("GET", "/confiture/default/migrations").body()
                + send("GET", "/health").body();
        assertThat(everything)
                .doesNotContain("hunter2")
                .doesNotContain("jdbc:")
                .doesNotContain("CREATE TABLE")
                .doesNotContain("INSERT INTO");
    }

    @Test
    void healthIsPartOfTheApplicationsHealth() {
        JsonNode health = get("/health/confiture", 503);
        assertThat(health.get("status").asString()).isEqualTo("OUT_OF_SERVICE");
        assertThat(health.get("details").get("default").get("state").asString()).isEqualTo("up_to_date");
        assertThat(health.get("details").get("gone").get("state").asString()).isEqualTo("unreachable");
        assertThat(health.get("details").get("empty").get("pending").asInt()).isEqualTo(2);
    }

    private JsonNode get(String path, int status) {
        HttpResponse<String> response = send("GET", path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return json.readTree(response.body());
    }

    private HttpResponse<String> send(String method, String path) {
        URI uri = URI.create("http://127.0.0.1:" + port + "/actuator" + path);
        try {
            return http.send(
                    HttpRequest.newBuilder(uri)
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            exclude = {HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class})
    static class Databases {
        @Bean
        Migrator confitureMigrator(javax.sql.DataSource dataSource) {
            return Migrator.builder(dataSource)
                    .locations("classpath:db/migrations")
                    .build();
        }

        @Bean
        Migrator changedMigrator(javax.sql.DataSource dataSource) {
            return Migrator.builder(dataSource).locations("classpath:changed").build();
        }

        @Bean
        Migrator emptyMigrator(org.springframework.core.env.Environment environment) {
            return Migrator.builder(environment.getRequiredProperty("empty.url"))
                    .locations("classpath:db/migrations")
                    .build();
        }

        @Bean
        Migrator goneMigrator() {
            return Migrator.builder("jdbc:postgresql://127.0.0.1:1/gone?user=u&password=hunter2")
                    .locations("classpath:db/migrations")
                    .build();
        }
    }
}
