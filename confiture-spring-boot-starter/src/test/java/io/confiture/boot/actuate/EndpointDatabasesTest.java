package io.confiture.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.Http;
import io.confiture.boot.fixture.WebApp;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.JavaMigration;
import io.confiture.migrate.MigrationContext;
import io.confiture.migrate.MigrationFolder;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** Changes over HTTP, on a port of the actuator's own, in an application with two databases. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointDatabasesTest {
    private final TestDatabase shop = TestDatabase.create();
    private final TestDatabase orders = TestDatabase.create();
    private ConfigurableApplicationContext context;
    private Http http;

    @BeforeAll
    void start(@TempDir Path temp) {
        new MigrationFolder(temp).three();
        context = Apps.app(WebApp.class, Beans.class)
                .web(WebApplicationType.SERVLET)
                .run(Apps.arguments(
                        shop,
                        "server.port=0",
                        "management.server.port=0",
                        "confiture.migrate.mode=off",
                        "confiture.migrate.locations=file:" + temp,
                        "confiture.databases.orders.url=" + orders.url(),
                        "confiture.databases.orders.migrate.locations=classpath:orders",
                        "management.endpoint.confiture.access=unrestricted",
                        "management.endpoint.health.show-details=always",
                        "management.endpoints.web.exposure.include=confiture,health"));
        http = Http.management(context);
    }

    @AfterAll
    void stop() {
        context.close();
        shop.close();
        orders.close();
    }

    @BeforeEach
    void empty() {
        shop.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
        orders.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "/confiture/default | {'operation':'migrate','database':'orders'}",
                "/confiture/default?database=orders | {'operation':'migrate'}",
                "/confiture/default?path=orders | {'operation':'migrate'}",
                "/confiture/default?path=orders&path=orders | {'operation':'migrate'}",
                "/confiture/default | {'operation':'migrate','path':'orders'}"
            })
    void theDatabaseIsThatOfThePathAndNoOtherCanBePutInItsPlace(String path, String body) {
        Http.Answer answer = http.post(path, body.replace('\'', '"'));
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(tables(shop) + tables(orders)).isEqualTo("00");
    }

    @Test
    void twoDatabasesAreChangedAtTheSameTime() {
        CompletableFuture<Http.Answer> one =
                http.posted("/confiture/default", "{\"operation\":\"migrate\",\"target\":\"003\"}");
        CompletableFuture<Http.Answer> other =
                http.posted("/confiture/orders", "{\"operation\":\"migrate\",\"target\":\"001\"}");
        assertThat(one.join().status()).as(one.join().text()).isEqualTo(200);
        assertThat(other.join().status()).as(other.join().text()).isEqualTo(200);
        assertThat(orders.values("SELECT version FROM tb_confiture")).containsExactly("001");
    }

    @Test
    void whatCannotBeRolledBackIsRefusedAndNothingIsDone() {
        http.post("/confiture/orders", "{\"operation\":\"migrate\",\"target\":\"001\"}");
        Http.Answer refused = http.post("/confiture/orders", "{\"operation\":\"rollback\",\"migration\":\"001\"}");
        assertThat(refused.status()).as(refused.text()).isEqualTo(409);
        assertThat(orders.values("SELECT version FROM tb_confiture")).containsExactly("001");
    }

    @Test
    void healthKnowsOfARepairAtOnce() {
        http.post("/confiture/default", "{\"operation\":\"migrate\"}");
        shop.execute("UPDATE tb_confiture SET checksum = repeat('a', 64) WHERE version = '001'");
        http.post("/confiture/orders", "{\"operation\":\"migrate\",\"target\":\"001\"}");
        assertThat(health().get("problems").asInt()).isEqualTo(1);
        http.post("/confiture/default", "{\"operation\":\"repair\",\"checksums\":true,\"preview\":false}");
        assertThat(health().get("problems").asInt()).isZero();
    }

    private JsonNode health() {
        return http.get("/health")
                .json()
                .get("components")
                .get("confiture")
                .get("details")
                .get("default");
    }

    @Test
    void whatJavaMigrationsAndHooksSayOfTheirStatementsAndRowsIsNotShown() {
        Http.Answer migration = http.post("/confiture/orders", "{\"operation\":\"migrate\",\"target\":\"002\"}");
        assertThat(migration.status()).as(migration.text()).isEqualTo(500);
        assertThat(migration.text()).contains("23505").doesNotContain("INSERT").doesNotContain("secret@mail");
        Http.Answer hook = http.post("/confiture/default", "{\"operation\":\"migrate\"}");
        assertThat(hook.status()).as(hook.text()).isEqualTo(200);
        Http.Answer vetoed = http.post("/confiture/default", "{\"operation\":\"rollback\",\"migration\":\"003\"}");
        assertThat(vetoed.text()).contains("HOOK_1100").doesNotContain("INSERT").doesNotContain("secret@mail");
    }

    @Test
    void aLongNameCostsNothingAndIsNotRepeated() {
        String name = "x".repeat(1_000_000);
        Http.Answer answer = http.post("/confiture/default", "{\"operation\":\"migrate\",\"target\":\"" + name + "\"}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).hasSizeLessThan(1_000);
        answer = http.post("/confiture/default", "{\"operation\":\"repair\",\"preview\":\"" + name + "\"}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).hasSizeLessThan(1_000);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {"{", "[]", "[1]", "null", "7", "{'operation':['migrate']}", "{'operation':{'a':1}}", "``"})
    void garbageIsABadRequest(String body) {
        Http.Answer answer = http.post("/confiture/default", body.replace('\'', '"'));
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(tables(shop)).isEqualTo("0");
    }

    @Test
    void otherPathsAreNotFoundOrNotAllowed() {
        assertThat(http.post("/confiture/default/plan", "{\"operation\":\"migrate\"}")
                        .status())
                .isIn(404, 405);
        assertThat(http.post("/confiture", "{\"operation\":\"migrate\"}").status())
                .isIn(404, 405);
        assertThat(tables(shop) + tables(orders)).isEqualTo("00");
    }

    private static String tables(TestDatabase database) {
        return String.valueOf(database.value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        @Qualifier("orders")
        JavaMigration failing() {
            return new JavaMigration() {
                @Override
                public String version() {
                    return "002";
                }

                @Override
                public String name() {
                    return "failing";
                }

                @Override
                public void up(MigrationContext context) {
                    context.jdbc()
                            .sql("CREATE TABLE mails (mail text PRIMARY KEY)")
                            .update();
                    context.jdbc()
                            .sql("INSERT INTO mails VALUES ('secret@mail'), ('secret@mail')")
                            .update();
                }
            };
        }

        @Bean
        MigrationHook vetoing() {
            return MigrationHook.at(
                    HookPoint.BEFORE_ROLLBACK,
                    context -> context.jdbc()
                            .sql("INSERT INTO users VALUES (7, 'secret@mail'), (7, 'secret@mail')")
                            .update());
        }
    }
}
