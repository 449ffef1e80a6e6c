package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.JdbcApp;
import io.confiture.test.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.metrics.buffering.BufferingApplicationStartup;
import org.springframework.context.ConfigurableApplicationContext;

class StartupStepTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final BufferingApplicationStartup startup = new BufferingApplicationStartup(10_000);

    private List<Map<String, String>> steps(String... properties) {
        try (ConfigurableApplicationContext context = start(properties)) {
            assertThat(context.isActive()).isTrue();
        }
        return drain();
    }

    private ConfigurableApplicationContext start(String... properties) {
        return Apps.app(JdbcApp.class).applicationStartup(startup).run(Apps.arguments(database, properties));
    }

    /** The steps that have ended. */
    private List<Map<String, String>> drain() {
        return startup.drainBufferedTimeline().getEvents().stream()
                .map(event -> event.getStartupStep())
                .filter(step -> step.getName().equals("confiture.migrate"))
                .map(step -> {
                    Map<String, String> tags = new TreeMap<>();
                    step.getTags().forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
                    return tags;
                })
                .toList();
    }

    @Test
    void theMigrationsOfADatabaseAreAStepOfTheStart() {
        assertThat(steps()).containsExactly(Map.of("database", "default", "mode", "migrate", "applied", "2"));
        assertThat(steps("confiture.migrate.mode=validate"))
                .containsExactly(Map.of("database", "default", "mode", "validate", "applied", "0"));
        assertThat(steps("confiture.migrate.mode=off")).isEmpty();
    }

    @Test
    void aStartThatFailsHasTheStepToo() {
        assertThatThrownBy(() -> start("confiture.migrate.locations=classpath:failing"));
        assertThat(drain()).containsExactly(Map.of("database", "default", "mode", "migrate"));
    }
}
