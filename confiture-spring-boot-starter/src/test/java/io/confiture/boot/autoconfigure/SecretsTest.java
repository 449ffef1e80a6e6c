package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.event.MigrationRunFailed;
import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.Http;
import io.confiture.boot.fixture.WebApp;
import io.confiture.test.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Passwords of the configuration, of which nothing that we log, throw, tell or show may have a trace. */
@ExtendWith(OutputCaptureExtension.class)
class SecretsTest {
    private static final String SECRET = "hunter2";
    private static final String ALL_OF_OURS = "logging.level.io.confiture=debug";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "confiture.url=jdbc:postgresql://127.0.0.1:1/x?user=app&password=hunter2",
                "confiture.url=jdbc:postgresql://app:hunter2@127.0.0.1:1/x",
                "confiture.url=jdbc:postgresql://127.0.0.1:nonsense/x?password=hunter2",
                "confiture.url=postgresql://app:hunter2@127.0.0.1:1/x",
                "confiture.url=postgresql://app:hunter2/@127.0.0.1:1/x",
                "confiture.url=postgresql://app:hunter2@127.0.0.1:1/x?pasword=hunter2",
                "confiture.databases.orders.url=postgres://app:hunter2%@127.0.0.1:1/x",
                "confiture.url=jdbc:postgres://127.0.0.1:1/x?password=hunter2",
                "confiture.url=jdbc:postgresql://${NOT_SET}/x?user=app&password=hunter2",
                "confiture.databases.orders.url=jdbc:postgresql://${NOT_SET}/x?user=app&password=hunter2",
                "confiture.databases.orders.url=jdbc:postgresql://127.0.0.1:1/x?sslpassword=hunter2&password=hunter2",
                "confiture.databases.orders.url=jdbc:postgresql://app:hunter2@127.0.0.1:1/x",
                "confiture.init-sql=SELECT set_config('app.key', 'hunter2', false), no_such_function('hunter2')",
                "confiture.init-sql=SET app.key = 'hunter2'; SET no_such_parameter_at_all TO 'hunter2'",
                "confiture.pasword=hunter2",
                "confiture.migrate.placeholder.key=hunter2",
                "confiture.databases.orders.pasword=hunter2",
            })
    void aStartThatFailsDoesNotTellThem(String property, CapturedOutput output) {
        Throwable failure = Apps.failure(
                database,
                Listening.class,
                property,
                "confiture.connect-retries=0",
                "confiture.databases.orders.connect-retries=0",
                "confiture.databases.orders.migrate.locations=classpath:orders",
                property.contains("orders.url")
                        ? "confiture.enabled=true"
                        : "confiture.databases.orders.url=" + database.url(),
                ALL_OF_OURS);
        assertThat(failure).isNotNull();
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain(SECRET);
        assertThat(output.getAll()).contains("FAILED TO START").doesNotContain(SECRET);
        assertThat(Listening.heard.toString()).doesNotContain(SECRET);
    }

    @Test
    @SuppressWarnings("ObjectToString") // as a log would
    void anApplicationThatRunsDoesNotShowThem(CapturedOutput output) {
        try (TestDatabase orders = TestDatabase.create();
                ConfigurableApplicationContext context = Apps.app(WebApp.class)
                        .web(WebApplicationType.SERVLET)
                        .run(Apps.arguments(
                                database,
                                "server.port=0",
                                "confiture.url=" + database.url() + "&password=" + SECRET,
                                "confiture.init-sql=SELECT set_config('app.key', 'hunter2', false)",
                                "confiture.migrate.placeholders.key=" + SECRET,
                                "confiture.databases.orders.url=" + orders.url() + "&password=" + SECRET,
                                "confiture.databases.orders.password=" + SECRET,
                                "confiture.databases.orders.migrate.locations=classpath:orders",
                                "management.info.confiture.enabled=true",
                                "management.endpoint.health.show-details=always",
                                "management.endpoints.web.exposure.include=*",
                                ALL_OF_OURS))) {
            Http http = new Http(context);
            for (String path : List.of(
                    "/confiture",
                    "/confiture/default/migrations",
                    "/confiture/default/verification",
                    "/confiture/default/plan",
                    "/confiture/default/hooks",
                    "/health",
                    "/info",
                    "/env",
                    "/configprops",
                    "/metrics/confiture.migrations")) {
                Http.Answer answer = http.get(path);
                assertThat(answer.status()).as(path + answer.text()).isEqualTo(200);
                assertThat(answer.text()).as(path).doesNotContain(SECRET);
            }
            assertThat(context.getBean(ConfitureProperties.class).toString()).doesNotContain(SECRET);
        }
        assertThat(output.getAll()).doesNotContain(SECRET);
    }

    @Configuration(proxyBeanMethods = false)
    static class Listening {
        static final List<Object> heard = new ArrayList<>();

        @Bean
        ApplicationListener<MigrationRunFailed> listener() {
            return event -> heard.add(event + " " + event.getError());
        }
    }
}
