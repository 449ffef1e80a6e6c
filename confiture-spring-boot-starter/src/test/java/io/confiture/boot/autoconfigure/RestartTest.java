package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.WebApp;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.micrometer.core.instrument.Metrics;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** One process that starts its application again and again, as the developer tools do. */
class RestartTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void nothingStaysBehindOfAnApplicationThatHasEnded() {
        startAndEnd();
        Set<Thread> threads = threads();
        int meters = Metrics.globalRegistry.getMeters().size();
        List<WeakReference<Object>> ended = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ended.addAll(startAndEnd());
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(threads()).isSubsetOf(threads));
        assertThat(Metrics.globalRegistry.getMeters()).hasSize(meters);
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            System.gc();
            assertThat(ended).allMatch(reference -> reference.get() == null);
        });
    }

    private List<WeakReference<Object>> startAndEnd() {
        try (ConfigurableApplicationContext context = Apps.app(WebApp.class)
                .run(Apps.arguments(
                        database,
                        "management.info.confiture.enabled=true",
                        "management.endpoints.web.exposure.include=*"))) {
            return List.of(
                    new WeakReference<>(context.getBean(Migrator.class)),
                    new WeakReference<>(context.getBean("confitureEvents")),
                    new WeakReference<>(context.getBean("confitureDatabaseReadings")));
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .filter(thread -> thread.getName().contains("confiture")
                        || thread.getName().contains("Hikari"))
                .collect(Collectors.toSet());
    }
}
