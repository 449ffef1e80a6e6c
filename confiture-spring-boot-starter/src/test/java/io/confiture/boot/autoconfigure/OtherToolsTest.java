package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.event.MigrationRunStarted;
import io.confiture.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.jdbc.core.JdbcTemplate;

/** Flyway or Liquibase in the same application. */
@ExtendWith(OutputCaptureExtension.class)
class OtherToolsTest {
    private static final String TABLES = "SELECT relname FROM pg_class WHERE relname IN ('by_flyway', 'by_liquibase')";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    /** What was there when Confiture's run began. */
    private final java.util.List<String> before = new java.util.ArrayList<>();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    ConfitureAutoConfiguration.class))
            .withBean("listener", Listener.class, () -> new Listener(before, database))
            .withPropertyValues("spring.datasource.url=" + database.url());

    private record Listener(java.util.List<String> seen, TestDatabase database)
            implements ApplicationListener<MigrationRunStarted> {
        @Override
        public void onApplicationEvent(MigrationRunStarted event) {
            database.values(TABLES).forEach(table -> seen.add(String.valueOf(table)));
        }
    }

    @Test
    void flywayRunsFirstAndBothAreNamed(CapturedOutput output) {
        runner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
                .withPropertyValues("spring.flyway.locations=classpath:beside/flyway", "confiture.migrate.adopt=none")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(before).containsExactly("by_flyway");
                    assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
                    assertThat(context.getBean(JdbcTemplate.class)
                                    .queryForObject("SELECT count(*) FROM by_flyway", Long.class))
                            .isZero();
                });
        assertThat(output)
                .contains("Flyway migrates at the start of this application too (bean 'flywayInitializer'):"
                        + " Flyway runs first, then Confiture");
    }

    @Test
    void liquibaseRunsFirstAndBothAreNamed(CapturedOutput output) {
        runner.withConfiguration(AutoConfigurations.of(LiquibaseAutoConfiguration.class))
                .withPropertyValues(
                        "spring.liquibase.change-log=classpath:beside/liquibase/changelog.sql",
                        "spring.liquibase.analytics-enabled=false",
                        "confiture.migrate.adopt=none")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(before).containsExactly("by_liquibase");
                    assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
                });
        assertThat(output).contains("Liquibase migrates at the start of this application too (bean 'liquibase')");
    }

    @Test
    void withoutASayInItConfitureRefusesTheTablesOfAnother() {
        runner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
                .withPropertyValues("spring.flyway.locations=classpath:beside/flyway")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("MIGR_140")
                        .hasMessageContaining("confiture.migrate.adopt=none"));
    }

    @Test
    void whatIsOnlyOnTheClassPathIsNoTool(CapturedOutput output) {
        runner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class, LiquibaseAutoConfiguration.class))
                .withPropertyValues("spring.flyway.enabled=false", "spring.liquibase.enabled=false")
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain("migrates at the start of this application too");
    }
}
