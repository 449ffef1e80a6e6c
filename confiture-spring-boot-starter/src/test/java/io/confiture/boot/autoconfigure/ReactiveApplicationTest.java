package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.r2dbc.autoconfigure.DataR2dbcAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcConnectionDetails;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcInitializationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.r2dbc.core.R2dbcEntityTemplate;
import org.springframework.r2dbc.core.DatabaseClient;

/** Applications that reach their database by R2DBC alone. */
class ReactiveApplicationTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    R2dbcAutoConfiguration.class,
                    DataR2dbcAutoConfiguration.class,
                    R2dbcInitializationAutoConfiguration.class,
                    DataSourceAutoConfiguration.class,
                    ConfitureAutoConfiguration.class))
            .withPropertyValues("confiture.connect-retries=0");

    private String r2dbcUrl() {
        return "r2dbc:postgresql://postgres@127.0.0.1:" + TestServer.port() + "/" + database.name();
    }

    private @Nullable Long people(DatabaseClient client) {
        return client.sql("SELECT count(*) FROM people")
                .map(row -> Objects.requireNonNull(row.get(0, Long.class)))
                .one()
                .block();
    }

    @Test
    void theDatabaseOfTheReactiveUrlIsMigrated() {
        runner.withPropertyValues("spring.r2dbc.url=" + r2dbcUrl()).run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(Migrator.class);
            assertThat(people(context.getBean(DatabaseClient.class))).isEqualTo(2);
        });
    }

    @Test
    void soItIsWithAPool() {
        runner.withPropertyValues("spring.r2dbc.url=" + r2dbcUrl().replace("r2dbc:", "r2dbc:pool:"))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
                });
    }

    @Test
    void anOwnUrlGoesBeforeIt() {
        try (TestDatabase own = TestDatabase.create()) {
            runner.withPropertyValues("spring.r2dbc.url=" + r2dbcUrl(), "confiture.url=" + own.url())
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        assertThat(own.value("SELECT count(*) FROM people")).isEqualTo("2");
                        assertThat(database.value("SELECT to_regclass('people')"))
                                .isNull();
                    });
        }
    }

    @Test
    void whoUsesTheConnectionSeesTheMigratedSchema() {
        runner.withPropertyValues("spring.r2dbc.url=" + r2dbcUrl())
                .withUserConfiguration(Early.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean("early")).isEqualTo(2L);
                    assertThat(context.getBeanFactory()
                                    .getBeanDefinition("r2dbcEntityTemplate")
                                    .getDependsOn())
                            .contains("confitureMigrationInitializer");
                    assertThat(context.getBean(R2dbcEntityTemplate.class)).isNotNull();
                });
    }

    /** Named so as to be created first. */
    @Configuration(proxyBeanMethods = false)
    static class Early {
        @Bean
        @Nullable
        Long early(ConnectionFactory connections) {
            return DatabaseClient.create(connections)
                    .sql("SELECT count(*) FROM people")
                    .map(row -> Objects.requireNonNull(row.get(0, Long.class)))
                    .one()
                    .block();
        }
    }

    /** Spring Boot puts them before other tools, unlike its scripts for JDBC. */
    @Test
    void sqlScriptsForR2dbcAndMigrationsDoNotWaitForEachOther() {
        runner.withPropertyValues(
                        "spring.r2dbc.url=" + r2dbcUrl(),
                        "spring.sql.init.mode=always",
                        "spring.sql.init.schema-locations=classpath:beside/script.sql")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(people(context.getBean(DatabaseClient.class))).isEqualTo(2);
                    assertThat(database.value("SELECT to_regclass('by_script')"))
                            .isEqualTo("by_script");
                });
    }

    @Test
    void aConnectionThatSpringBootDoesNotKnowFailsTheStartInsteadOfMigratingNothing() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ConfitureAutoConfiguration.class))
                .withBean(ConnectionFactory.class, () -> ConnectionFactories.get(r2dbcUrl()))
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(context.getStartupFailure())
                            .rootCause()
                            .hasMessageContaining("CONFIG_001")
                            .hasMessageContaining("by R2DBC alone")
                            .hasMessageContaining("confiture.url");
                    assertThat(PropertiesTest.exitCode(context.getStartupFailure()))
                            .isEqualTo(5);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "r2dbc:postgresql://u:p@h:7/db, jdbc:postgresql://h:7/db",
        "r2dbc:pool:postgresql://u:p@h/db?maxSize=3, jdbc:postgresql://h/db",
        "r2dbcs:postgresql://u:p@h/db, jdbc:postgresql://h/db?sslmode=verify-full",
        "r2dbc:postgresql://u:p@h/db?sslMode=require&schema=app, jdbc:postgresql://h/db?sslmode=require&currentSchema=app",
    })
    void theJdbcUrlSaysTheSame(String reactive, String jdbc) {
        JdbcConnectionDetails details = ReactiveConnection.asJdbc(beans(reactive));
        assertThat(details).isNotNull();
        assertThat(details.getJdbcUrl()).isEqualTo(jdbc);
        assertThat(details.getUsername()).isEqualTo("u");
        assertThat(details.getPassword()).isEqualTo("p");
        assertThat(details.toString()).doesNotContain("p@");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r2dbc:postgresql:failover://u:p@h,i/db",
                "r2dbc:h2:mem:///db",
                "r2dbc:postgresql://u:p@h/db?sslMode=tunnel",
                "r2dbc:postgresql://u:p@h/db?options=search_path%3Dapp",
                "r2dbc:postgresql://u:p@h/db?sslCert=x",
                "r2dbc:postgresql://u:p@h"
            })
    void whatAJdbcUrlCannotSayIsAnError(String reactive) {
        DefaultListableBeanFactory beans = beans(reactive);
        assertThatThrownBy(() -> ReactiveConnection.asJdbc(beans))
                .hasMessageContaining("cannot be derived")
                .hasMessageContaining("confiture.url")
                .hasMessageNotContaining("u:p");
    }

    private static DefaultListableBeanFactory beans(String url) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        R2dbcConnectionDetails details = () -> ConnectionFactoryOptions.parse(url);
        beans.registerSingleton("details", details);
        beans.registerSingleton("connections", ConnectionFactories.get("r2dbc:postgresql://u@localhost/x"));
        return beans;
    }
}
