package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.actuate.ConfitureEndpoint;
import io.confiture.boot.actuate.ConfitureHealthIndicator;
import io.confiture.migrate.Migrator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Contexts of parents and children, each with databases. */
class DatabasesOfContextsTest extends DatabasesTestCase {
    @Test
    void aChildWithItsOwnDataSourceMigratesItAndTheParentsIsNotRunTwice() {
        runner.withUserConfiguration(Heard.class).run(parent -> {
            List<String> heard = parent.getBean(Heard.class).events;
            assertThat(heard).hasSize(2);
            new ApplicationContextRunner()
                    .withParent(parent)
                    .withConfiguration(AutoConfigurations.of(ConfitureAutoConfiguration.class))
                    .withPropertyValues("confiture.migrate.locations=classpath:orders")
                    .withBean("childDataSource", DataSource.class, () -> new DriverManagerDataSource(orders.url()))
                    .run(child -> {
                        assertThat(child).hasNotFailed();
                        assertThat(has(orders, "orders")).isTrue();
                        assertThat(heard)
                                .containsExactly(
                                        "default 001_create_people",
                                        "default 002_add_email",
                                        "default 001_create_orders");
                    });
            new ApplicationContextRunner()
                    .withParent(parent)
                    .withConfiguration(AutoConfigurations.of(ConfitureAutoConfiguration.class))
                    .run(child -> {
                        assertThat(child).hasNotFailed();
                        assertThat(child.getBeanFactory().getBeanNamesForType(Migrator.class))
                                .isEmpty();
                    });
            assertThat(heard).hasSize(3);
        });
    }

    @Test
    void endpointAndHealthOfAChildShowItsOwnDatabase() {
        runner.run(parent -> new ApplicationContextRunner()
                .withParent(parent)
                .withConfiguration(AutoConfigurations.of(
                        ConfitureAutoConfiguration.class,
                        ConfitureEndpointAutoConfiguration.class,
                        ConfitureHealthAutoConfiguration.class))
                .withPropertyValues(
                        "confiture.migrate.locations=classpath:orders",
                        "management.endpoints.web.exposure.include=confiture")
                .withBean("childDataSource", DataSource.class, () -> new DriverManagerDataSource(orders.url()))
                .run(child -> {
                    assertThat(applied(child)).isEqualTo(1).isEqualTo(healthOf(child));
                    assertThat(applied(parent)).isEqualTo(2).isEqualTo(healthOf(parent));
                }));
    }

    private static @Nullable Object applied(ApplicationContext context) {
        return Objects.requireNonNull(
                        context.getBean(ConfitureEndpoint.class).databases().get("default"))
                .applied();
    }

    private static @Nullable Object healthOf(ApplicationContext context) {
        Map<?, ?> details = (Map<?, ?>) context.getBean(ConfitureHealthIndicator.class)
                .health()
                .getDetails()
                .get("default");
        return Objects.requireNonNull(details).get("applied");
    }

    @Test
    void aNamedDatabaseOfTheParentIsNotMadeAgainByItsChild() {
        runner.withPropertyValues(url(), ORDERS)
                .run(parent -> new ApplicationContextRunner()
                        .withParent(parent)
                        .withConfiguration(AutoConfigurations.of(ConfitureAutoConfiguration.class))
                        .withPropertyValues(url(), ORDERS)
                        .run(child -> {
                            assertThat(child).hasNotFailed();
                            assertThat(child.getBeanFactory().getBeanNamesForType(Migrator.class))
                                    .isEmpty();
                        }));
    }
}
