package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.actuate.ConfitureEndpoint;
import io.confiture.boot.actuate.ConfitureHealthIndicator;
import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.JdbcApp;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.MigratorBuilder;
import io.confiture.test.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.SchemaManagement;
import org.springframework.boot.jdbc.SchemaManagementProvider;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Several databases in one application, by {@code confiture.databases.<name>.*}. */
class DatabasesTest extends DatabasesTestCase {
    @Test
    void eachGetsItsOwnMigrationsWithEventsEndpointAndHealthByItsName() {
        runner.withPropertyValues(url(), ORDERS)
                .withUserConfiguration(Heard.class)
                .run(context -> {
                    assertThat(context)
                            .hasNotFailed()
                            .hasBean("confitureMigrator")
                            .hasBean("ordersMigrator");
                    assertThat(List.of(has(shop, "people"), has(shop, "orders")))
                            .containsExactly(true, false);
                    assertThat(List.of(has(orders, "people"), has(orders, "orders")))
                            .containsExactly(false, true);
                    assertThat(context.getBean(Heard.class).events)
                            .containsExactly(
                                    "default 001_create_people", "default 002_add_email", "orders 001_create_orders")
                            .isEqualTo(context.getBean(Heard.class).hooked);
                    assertThat(context.getBean(ConfitureEndpoint.class).databases())
                            .containsOnlyKeys("default", "orders");
                    var health = context.getBean(ConfitureHealthIndicator.class).health();
                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(health.getDetails()).containsOnlyKeys("default", "orders");
                    assertThat(context.getBean(Migrator.class))
                            .as("the one to inject")
                            .isSameAs(context.getBean("confitureMigrator"));
                });
    }

    /** The example of the guide. */
    @Test
    void itIsWrittenInYamlAsTheGuideShows() {
        TestServer.execute(
                "DROP DATABASE IF EXISTS shop",
                "DROP DATABASE IF EXISTS orders",
                "DROP ROLE IF EXISTS orders_owner",
                "CREATE ROLE orders_owner LOGIN",
                "CREATE DATABASE shop",
                "CREATE DATABASE orders OWNER orders_owner");
        Throwable failure = org.assertj.core.api.Assertions.catchThrowable(() -> Apps.app(JdbcApp.class, Stock.class)
                .run(
                        "--spring.config.location=classpath:databases.yaml",
                        "--spring.datasource.username=postgres",
                        "--spring.autoconfigure.exclude=",
                        "--DB=127.0.0.1:" + TestServer.port(),
                        "--ORDERS_PASSWORD=unused",
                        "--stock.url=" + shop.url()));
        assertThat(rootMessage(failure)).contains("Database 'stock' is behind this application");
        JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(TestServer.url("orders")));
        assertThat(jdbc.sql("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'orders'")
                        .query(String.class)
                        .single())
                .isEqualTo("orders_owner");
        TestServer.execute(
                "DROP DATABASE shop WITH (FORCE)", "DROP DATABASE orders WITH (FORCE)", "DROP ROLE orders_owner");
    }

    @Configuration(proxyBeanMethods = false)
    static class Stock {
        @Bean(defaultCandidate = false)
        DataSource stockDataSource(@Value("${stock.url}") String url) {
            return new DriverManagerDataSource(url);
        }
    }

    @Test
    void itIsWrittenAsVariablesOfTheEnvironment() {
        bare.withInitializer(environment(Map.of(
                        "CONFITURE_DATABASES_ORDERS_URL",
                        orders.url(),
                        "CONFITURE_DATABASES_ORDERS_MIGRATE_LOCATIONS_0_",
                        "classpath:orders")))
                .run(context -> {
                    assertThat(context).hasNotFailed().hasBean("ordersMigrator");
                    assertThat(has(orders, "orders")).isTrue();
                });
    }

    @Test
    void aVariableOfTheEnvironmentCannotSayADash() {
        bare.withInitializer(environment(Map.of("CONFITURE_DATABASES_ORDERITEMS_URL", orders.url())))
                .withPropertyValues(
                        "confiture.databases.order-items.url=jdbc:postgresql://127.0.0.1:1/unused",
                        "confiture.databases.order-items.migrate.locations=classpath:orders")
                .run(context -> assertThat(rootMessage(context.getStartupFailure()))
                        .contains("The databases 'order-items' and 'orderitems' are probably one"));
    }

    private static ApplicationContextInitializer<ConfigurableApplicationContext> environment(
            Map<String, Object> variables) {
        return context -> context.getEnvironment()
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables));
    }

    @Test
    void aNamedDatabaseMayBeTheOnlyOne() {
        bare.withPropertyValues(url(), ORDERS).run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean("confitureMigrator")
                    .hasBean("ordersMigrator");
            assertThat(has(orders, "orders")).isTrue();
        });
    }

    @Test
    void modeAndTargetAreThoseOfEachDatabase() {
        runner.withPropertyValues(
                        url(), ORDERS, "confiture.migrate.target=001", "confiture.databases.orders.migrate.mode=off")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(shop.values("SELECT version FROM tb_confiture")).containsExactly("001");
                    assertThat(has(orders, "orders")).isFalse();
                    assertThat(context.getBean(ConfitureHealthIndicator.class)
                                    .health()
                                    .getStatus())
                            .as("off does not care, and what is beyond a target does not count")
                            .isEqualTo(Status.UP);
                });
        runner.withPropertyValues(url(), ORDERS, "confiture.migrate.mode=validate", "confiture.migrate.target=001")
                .run(context -> {
                    assertThat(context)
                            .as("orders validates, as the application does")
                            .hasFailed();
                    assertThat(rootMessage(context.getStartupFailure())).contains("Database 'orders' is behind");
                });
    }

    @Test
    void itsConnectionMayBeADataSourceBean() {
        runner.withPropertyValues("confiture.databases.orders.data-source=ordersDataSource", ORDERS)
                .withBean(
                        "ordersDataSource",
                        DataSource.class,
                        () -> new DriverManagerDataSource(orders.url()),
                        definition -> ((org.springframework.beans.factory.support.AbstractBeanDefinition) definition)
                                .setDefaultCandidate(false))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(has(orders, "orders")).isTrue();
                    assertThat(context.getBean(SchemaManagementProvider.class)
                                    .getSchemaManagement(context.getBean("ordersDataSource", DataSource.class)))
                            .isEqualTo(SchemaManagement.MANAGED);
                });
    }

    @Test
    void whereNamedDatabasesTakeAllDataSourcesThereIsNoDefault() {
        bare.withBean("ordersDataSource", DataSource.class, () -> new DriverManagerDataSource(orders.url()))
                .withBean("stockDataSource", DataSource.class, () -> new DriverManagerDataSource(shop.url()))
                .withPropertyValues(
                        "confiture.databases.orders.data-source=ordersDataSource",
                        ORDERS,
                        "confiture.databases.stock.data-source=stockDataSource",
                        "confiture.databases.stock.migrate.locations=classpath:stock")
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean("confitureMigrator");
                    assertThat(has(orders, "orders")).isTrue();
                    assertThat(has(shop, "stock")).isTrue();
                });
    }

    @Test
    void whereANamedDatabaseTakesTheOnlyDataSourceThereIsNoDefault() {
        runner.withPropertyValues("confiture.databases.orders.data-source=dataSource", ORDERS)
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean("confitureMigrator");
                    assertThat(List.of(has(shop, "people"), has(shop, "orders")))
                            .containsExactly(false, true);
                });
    }

    @Test
    void theWrongDatabaseIsMigratedBecauseOneOfTwoSourcesWins() {
        runner.withPropertyValues(ORDERS, url(), "confiture.databases.orders.data-source=dataSource")
                .run(context -> {
                    assertThat(rootMessage(context.getStartupFailure()))
                            .contains("Database 'orders'", "the DataSource bean 'dataSource'", "Remove");
                    assertThat(PropertiesTest.exitCode(context.getStartupFailure()))
                            .isEqualTo(5);
                });
    }

    @Test
    void aBeanOfTheApplicationReplacesTheNamedDatabaseAndNoOther() {
        runner.withPropertyValues(url(), ORDERS)
                .withBean(
                        "ordersMigrator",
                        Migrator.class,
                        () -> Migrator.builder(orders.dataSource())
                                .locations("classpath:stock")
                                .build())
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(has(orders, "stock")).isTrue();
                    assertThat(has(orders, "orders")).isFalse();
                    assertThat(has(shop, "people")).isTrue();
                });
    }

    @Test
    void customizersAreToldTheDatabase() {
        runner.withPropertyValues(url(), ORDERS)
                .withBean(ConfitureMigratorCustomizer.class, () -> new ConfitureMigratorCustomizer() {
                    @Override
                    public void customize(MigratorBuilder builder) {
                        throw new AssertionError("the other one is asked");
                    }

                    @Override
                    public void customize(MigratorBuilder builder, String database) {
                        builder.table("tb_" + database);
                    }
                })
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(has(shop, "tb_default")).isTrue();
                    assertThat(has(orders, "tb_orders")).isTrue();
                });
    }

    @Test
    void migrateAndExitOfOneEndsTheProcessAfterAll() {
        List<String> exits = new ArrayList<>();
        runner.withPropertyValues(url(), ORDERS, "confiture.databases.orders.migrate.mode=migrate-and-exit")
                .withBean(ProcessExit.class, () -> context -> exits.add("exit"))
                .run(context -> {
                    assertThat(exits).hasSize(1);
                    assertThat(has(shop, "people")).isTrue();
                    assertThat(has(orders, "orders")).isTrue();
                });
    }

    @Test
    void aNameMayBeInCamelCase() {
        Apps.start(
                        shop,
                        "confiture.databases.ordersEu.url=" + orders.url(),
                        "confiture.databases.ordersEu.migrate.locations=classpath:orders")
                .close();
        assertThat(has(orders, "orders")).isTrue();
    }
}
