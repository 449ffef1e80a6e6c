package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.migrate.Migrator;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.autoconfigure.logging.ConditionEvaluationReportMessage;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.ClassUtils;

/** What {@code --debug} says about Confiture to somebody who wonders why it does, or does not, migrate. */
class ConditionReportTest {
    private static final List<String> OURS =
            ImportCandidates.load(AutoConfiguration.class, null).getCandidates().stream()
                    .filter(name -> name.startsWith("io.confiture."))
                    .toList();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(OURS.stream()
                    .map(name -> ClassUtils.resolveClassName(name, null))
                    .toArray(Class<?>[]::new)))
            .withPropertyValues("confiture.migrate.mode=off");

    private final ApplicationContextRunner withDataSource =
            runner.withBean("dataSource", DataSource.class, ConditionReportTest::unconnected);

    @Test
    void everyOutcomeHasAReason() {
        withDataSource.run(context -> {
            var outcomes =
                    ConditionEvaluationReport.get(context.getBeanFactory()).getConditionAndOutcomesBySource();
            assertThat(outcomes.keySet()).containsAll(OURS);
            outcomes.forEach((source, conditions) -> {
                if (source.startsWith("io.confiture.")) {
                    conditions.forEach(
                            condition -> assertThat(condition.getOutcome().getMessage())
                                    .as(source)
                                    .isNotBlank());
                }
            });
        });
    }

    @Test
    void saysThatItMigratesTheDefaultDatabase() {
        withDataSource.run(
                context -> assertThat(report(context)).contains("Confiture database 'default' nothing replaces it"));
    }

    @Test
    void saysThatItIsTurnedOff() {
        withDataSource
                .withPropertyValues("confiture.enabled=false")
                .run(context -> assertThat(report(context))
                        .containsPattern("confiture.enabled=?t?r?u?e?\\)? found different value"));
    }

    @Test
    void saysThatTheApplicationHasItsOwnMigrator() {
        withDataSource
                .withBean(
                        "ordersMigrator",
                        Migrator.class,
                        () -> Migrator.builder("jdbc:postgresql:x").build())
                .run(context -> assertThat(report(context))
                        .contains("the application has its own Migrator beans [ordersMigrator]"));
    }

    @Test
    void saysThatThereIsNoDatabase() {
        runner.run(context -> assertThat(report(context))
                .contains("ConfitureAutoConfiguration:")
                .contains("did not find any beans of type javax.sql.DataSource"));
    }

    /** Spring Boot asks these factories for whatever it can connect to; without the classes they need they keep silent. */
    @ParameterizedTest
    @ValueSource(strings = {"org.testcontainers", "org.springframework.boot.testcontainers"})
    void containersNeedNotBeThere(String missing) {
        FilteredClassLoader loader = new FilteredClassLoader(missing);
        assertThat(new ConnectionDetailsFactories(loader).getConnectionDetails(new Object(), false))
                .isEmpty();
        withDataSource
                .withClassLoader(loader)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Migrator.class));
    }

    private static String report(ConfigurableApplicationContext context) {
        return new ConditionEvaluationReportMessage(ConditionEvaluationReport.get(context.getBeanFactory())).toString();
    }

    private static DataSource unconnected() {
        return new SimpleDriverDataSource(new org.postgresql.Driver(), "jdbc:postgresql:x");
    }
}
