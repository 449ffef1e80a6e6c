package io.confiture.boot.autoconfigure;

import io.confiture.boot.event.MigrationCommitted;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.test.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Two databases, and an application that may have both. */
abstract class DatabasesTestCase {
    static final String ORDERS = "confiture.databases.orders.migrate.locations=classpath:orders";

    @AutoClose
    final TestDatabase shop = TestDatabase.create();

    @AutoClose
    final TestDatabase orders = TestDatabase.create();

    /** Without the application's data source. */
    final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ConfitureAutoConfiguration.class,
                    ConfitureEndpointAutoConfiguration.class,
                    ConfitureHealthAutoConfiguration.class))
            .withPropertyValues("management.endpoints.web.exposure.include=confiture", "confiture.connect-retries=0");

    final ApplicationContextRunner runner = bare.withConfiguration(
                    AutoConfigurations.of(DataSourceAutoConfiguration.class))
            .withPropertyValues("spring.datasource.url=" + shop.url());

    static boolean has(TestDatabase database, String table) {
        return database.value("SELECT to_regclass('" + table + "')") != null;
    }

    String url() {
        return "confiture.databases.orders.url=" + orders.url();
    }

    static String rootMessage(@Nullable Throwable failure) {
        Throwable root = Objects.requireNonNull(failure);
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    @Configuration(proxyBeanMethods = false)
    static class Heard {
        final List<String> events = new ArrayList<>();
        final List<String> hooked = new ArrayList<>();

        @Bean
        ApplicationListener<MigrationCommitted> heard() {
            return event -> events.add(event.getDatabase() + " " + event.getId());
        }

        @Bean
        MigrationHook hook() {
            return MigrationHook.at(
                    HookPoint.AFTER_COMMIT,
                    context -> hooked.add(
                            context.database() + " " + context.migrationVersion() + "_" + context.migrationName()));
        }
    }
}
