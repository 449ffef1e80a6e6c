package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchJdbcAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.quartz.autoconfigure.QuartzAutoConfiguration;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;

/** What Spring Boot itself keeps in the database may have its tables in a migration, so it has to wait for them. */
class InitializedBeansTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    TransactionAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    ConfitureAutoConfiguration.class))
            .withPropertyValues("spring.datasource.url=" + database.url());

    @ParameterizedTest
    @CsvSource({"batch, jobRepository", "session, sessionRepository", "quartz, quartzScheduler"})
    void waitsForTheMigrations(String which, String bean) {
        with(which).run(context -> {
            assertThat(context).hasNotFailed().hasBean(bean);
            assertThat(dependencies(context, bean)).contains("confitureMigrationInitializer");
            assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
        });
    }

    @Test
    void withoutConfitureItWaitsForNobodyOfOurs() {
        with("session")
                .withPropertyValues("confiture.enabled=false")
                .run(context -> assertThat(dependencies(context, "sessionRepository"))
                        .doesNotContain("confitureMigrationInitializer"));
    }

    private WebApplicationContextRunner with(String which) {
        return switch (which) {
            case "batch" ->
                runner.withConfiguration(AutoConfigurations.of(BatchJdbcAutoConfiguration.class))
                        .withPropertyValues(
                                "spring.batch.jdbc.initialize-schema=always", "spring.batch.job.enabled=false");
            case "session" ->
                runner.withConfiguration(AutoConfigurations.of(
                                SessionAutoConfiguration.class, JdbcSessionAutoConfiguration.class))
                        .withPropertyValues(
                                "spring.session.jdbc.initialize-schema=always", "spring.session.jdbc.cleanup-cron=-");
            default ->
                runner.withConfiguration(AutoConfigurations.of(QuartzAutoConfiguration.class))
                        .withPropertyValues(
                                "spring.quartz.job-store-type=jdbc",
                                "spring.quartz.jdbc.initialize-schema=always",
                                "spring.quartz.auto-startup=false",
                                "spring.quartz.properties.org.quartz.jobStore.driverDelegateClass="
                                        + "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
        };
    }

    private static String[] dependencies(AssertableWebApplicationContext context, String bean) {
        BeanDefinition definition =
                context.getSourceApplicationContext().getBeanFactory().getBeanDefinition(bean);
        return definition.getDependsOn() == null ? new String[0] : definition.getDependsOn();
    }
}
