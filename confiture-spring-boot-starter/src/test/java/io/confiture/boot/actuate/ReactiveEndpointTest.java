package io.confiture.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.Http;
import io.confiture.boot.fixture.WebApp;
import io.confiture.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The endpoint in an application on WebFlux, which maps its operations by code of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReactiveEndpointTest {
    private final TestDatabase database = TestDatabase.create();
    private ConfigurableApplicationContext context;
    private Http http;

    @BeforeAll
    void start() {
        context = Apps.app(WebApp.class)
                .web(WebApplicationType.REACTIVE)
                .run(Apps.arguments(
                        database,
                        "server.port=0",
                        "confiture.migrate.mode=off",
                        "management.endpoint.confiture.access=unrestricted",
                        "management.endpoint.health.show-details=always",
                        "management.endpoints.web.exposure.include=confiture,health"));
        http = new Http(context);
    }

    @AfterAll
    void stop() {
        context.close();
        database.close();
    }

    @Test
    void readsAndChanges() {
        assertThat(context).isInstanceOf(ReactiveWebServerApplicationContext.class);
        assertThat(get("/confiture/default", 200)).contains("\"pending\":2");
        assertThat(get("/confiture/default/plan?size=1", 200)).contains("\"name\":\"create_people\"");
        assertThat(get("/health/confiture", 200)).contains("\"pending\":2");

        Http.Answer preview = http.post("/confiture/default", "{\"operation\":\"repair\"}");
        assertThat(preview.status()).as(preview.text()).isEqualTo(200);
        Http.Answer migrated = http.post("/confiture/default", "{\"operation\":\"migrate\"}");
        assertThat(migrated.status()).as(migrated.text()).isEqualTo(200);
        assertThat(migrated.json().get("migrations").size()).isEqualTo(2);

        assertThat(get("/confiture", 200)).contains("up_to_date");
        assertThat(get("/confiture/default/migrations?state=applied", 200)).contains("\"total\":2");
        assertThat(get("/confiture/default/verification", 200)).contains("\"ok\":true");
        assertThat(get("/health/confiture", 200)).contains("\"pending\":0");
        database.execute("UPDATE tb_confiture SET checksum = 'other' WHERE version = '001'");
        assertThat(get("/confiture/default/verification", 503)).contains("\"failed\":1");
        Http.Answer refused = http.post("/confiture/default", "{\"operation\":\"migrate\",\"target\":\"001\"}");
        assertThat(refused.status()).as(refused.text()).isEqualTo(409);
        assertThat(refused.text()).contains("MIGR_113");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/confiture/defautl | 404 | the nearest is 'default'",
                "/confiture/default/plam | 404 | the nearest is 'plan'",
                "/confiture/default/plan/x | 404 | There is no database",
                "/confiture/default?database=other | 400 | The database is said by the path",
                "/confiture/default?database=other&database=another | 400 | The database is said by the path",
                "/confiture/default/migrations?szie=1 | 400 | the nearest is 'size'",
                "/confiture/default/migrations?page=first | 400 | page cannot be 'first'"
            })
    void aRequestThatCannotBeMeantIsToldWhy(String path, int status, String why) {
        assertThat(get(path, status)).contains(why);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "/confiture/default | {'operation':'migrate','database':'other'}",
                "/confiture/default?database=other | {'operation':'migrate'}",
                "/confiture/default | {'operation':'migrate','taget':'001'}",
                "/confiture/default | {'operation':'migarte'}"
            })
    void aChangeThatCannotBeMeantIsRefused(String path, String body) {
        Http.Answer answer = http.post(path, body.replace('\'', '"'));
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    }

    private String get(String path, int status) {
        Http.Answer answer = http.get(path);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        return answer.text();
    }
}
