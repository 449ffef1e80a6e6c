package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** Who gives the same settings to Confiture and to Flyway gets the same connection: what Flyway does is asked, not known. */
class DerivedDataSourceTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class, ConfitureAutoConfiguration.class))
            .withBean(FlywayMigrationStrategy.class, () -> flyway -> {})
            .withPropertyValues("confiture.migrate.mode=off", "spring.flyway.enabled=true");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "com.zaxxer.hikari.HikariDataSource, -, owner, secret",
                "com.zaxxer.hikari.HikariDataSource, -, owner, -",
                "org.springframework.jdbc.datasource.SimpleDriverDataSource, -, owner, secret",
                "org.springframework.jdbc.datasource.SimpleDriverDataSource, -, owner, -",
                "com.zaxxer.hikari.HikariDataSource, jdbc:postgresql://own.invalid/own, owner, secret",
                "com.zaxxer.hikari.HikariDataSource, jdbc:postgresql://own.invalid/own, -, -"
            })
    void isTheSameAsFlyways(String pool, String url, String user, String password) {
        var configured = runner.withPropertyValues(
                "spring.datasource.type=" + pool,
                "spring.datasource.url=jdbc:postgresql://app.invalid/app?ApplicationName=app",
                "spring.datasource.username=app",
                "spring.datasource.password=of-the-application");
        configured = with(configured, "confiture.url", "spring.flyway.url", url);
        configured = with(configured, "confiture.username", "spring.flyway.user", user);
        configured = with(configured, "confiture.password", "spring.flyway.password", password);
        configured.run(context -> {
            assertThat(context).hasNotFailed();
            SimpleDriverDataSource flyways = (SimpleDriverDataSource)
                    context.getBean(Flyway.class).getConfiguration().getDataSource();
            SimpleDriverDataSource ours = (SimpleDriverDataSource)
                    context.getBean(MigrationDataSource.class).dataSource();
            assertThat(ours.getUrl()).isEqualTo(flyways.getUrl());
            assertThat(ours.getUsername()).isEqualTo(flyways.getUsername());
            assertThat(ours.getPassword()).isEqualTo(flyways.getPassword());
            assertThat(String.valueOf(ours.getDriver())).startsWith("org.postgresql.Driver");
        });
    }

    private static ApplicationContextRunner with(
            ApplicationContextRunner runner, String ours, String flyways, String value) {
        return value == null ? runner : runner.withPropertyValues(ours + "=" + value, flyways + "=" + value);
    }
}
