package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Databases that are configured so that the start must fail. */
@ExtendWith(OutputCaptureExtension.class)
class DatabasesRefusedTest extends DatabasesTestCase {
    @Test
    void anUnknownDataSourceBeanIsAnErrorThatNamesTheNearest() {
        runner.withPropertyValues("confiture.databases.orders.data-source=ordersDataSorce", ORDERS)
                .withBean(
                        "ordersDataSource",
                        DataSource.class,
                        () -> new DriverManagerDataSource(orders.url()),
                        definition -> ((org.springframework.beans.factory.support.AbstractBeanDefinition) definition)
                                .setDefaultCandidate(false))
                .run(context -> {
                    assertThat(rootMessage(context.getStartupFailure()))
                            .contains("'ordersDataSorce'", "Did you mean 'ordersDataSource'?");
                    assertThat(PropertiesTest.exitCode(context.getStartupFailure()))
                            .isEqualTo(5);
                });
        assertThat(has(shop, "people")).isFalse();
    }

    @Test
    void withoutUrlAndDataSourceIsAnErrorThatSaysSo() {
        runner.withPropertyValues(ORDERS)
                .run(context -> assertThat(rootMessage(context.getStartupFailure()))
                        .contains(
                                "How to connect to database 'orders'",
                                "confiture.databases.orders.url",
                                "data-source"));
    }

    @Test
    void aNamedDatabaseSaysWhereItsMigrationsAre() {
        runner.withPropertyValues(url())
                .run(context -> assertThat(rootMessage(context.getStartupFailure()))
                        .contains("database 'orders'", "confiture.databases.orders.migrate.locations"));
    }

    @Test
    void aLocationBelowTheDefaultOneWouldBeAppliedTwice() {
        runner.withPropertyValues(url(), "confiture.databases.orders.migrate.locations=classpath:db/migrations/orders")
                .run(context -> assertThat(rootMessage(context.getStartupFailure()))
                        .contains("classpath:db/migrations/orders", "lies in classpath:db/migrations"));
        assertThat(has(shop, "people")).isFalse();
    }

    @Test
    void defaultIsNoNameForAnother() {
        for (String name : new String[] {"default", "confiture"}) {
            runner.withPropertyValues("confiture.databases." + name + ".url=jdbc:postgresql:x")
                    .run(context -> assertThat(rootMessage(context.getStartupFailure()))
                            .contains("cannot be named '" + name + "'"));
        }
    }

    @Test
    void twoConfigurationsOfOneUrlStopTheStartBeforeAnythingIsApplied(CapturedOutput output) {
        Throwable failure = Apps.failure(shop, "confiture.databases.orders.url=" + shop.url(), ORDERS);
        assertThat(failure).isNotNull();
        assertThat(output.getAll())
                .contains("Two databases of this application are one:")
                .contains("CONFIG_008")
                .contains("'default' and 'orders'")
                .contains("give each a ledger of its own");
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(5);
        assertThat(has(shop, "people")).isFalse();
    }

    @Test
    void twoWaysToOneDatabaseStopTheSecondBeforeItChangesAnything() {
        String otherWay = shop.url().replace("127.0.0.1", "localhost");
        assertThat(otherWay).isNotEqualTo(shop.url());
        runner.withPropertyValues("confiture.databases.orders.url=" + otherWay, ORDERS)
                .run(context -> {
                    assertThat(rootMessage(context.getStartupFailure()))
                            .contains("CONFIG_008", "public.tb_confiture of database " + shop.name());
                    assertThat(has(shop, "orders")).isFalse();
                });
        runner.withPropertyValues(
                        "confiture.databases.orders.url=" + otherWay,
                        ORDERS,
                        "confiture.databases.orders.migrate.table=tb_orders")
                .run(context -> {
                    assertThat(context).as("a ledger of its own").hasNotFailed();
                    assertThat(has(shop, "orders")).isTrue();
                });
    }
}
