package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.boot.event.MigrationCommitted;
import io.confiture.boot.fixture.Apps;
import io.confiture.hook.HookContext;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.MigrationLock;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What docs/troubleshooting.md says a failed start prints, is printed. Numbers, times and checksums may differ. */
@ExtendWith(OutputCaptureExtension.class)
class PrintedFailuresTest {
    private static final String ORDERS = "confiture.databases.orders.migrate.locations=classpath:concurrent";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    record Shown(String title, String text) {
        @Override
        public String toString() {
            return title;
        }
    }

    static List<Shown> shown() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../docs/troubleshooting.md"));
        List<Shown> shown = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).equals("```text")) {
                int end = i + lines.subList(i, lines.size()).indexOf("```");
                shown.add(new Shown(lines.get(i - 2).replace("*", ""), String.join("\n", lines.subList(i + 1, end))));
            }
        }
        return shown;
    }

    @ParameterizedTest
    @MethodSource("shown")
    void isPrinted(Shown shown, CapturedOutput output) throws Exception {
        fail(shown.title());
        String printed = output.getAll();
        int failed = printed.indexOf("APPLICATION FAILED TO START");
        assertThat(failed).as(printed).isPositive();
        String description = "Description:";
        assertThat(comparable(printed.substring(printed.indexOf(description, failed) + description.length())))
                .startsWith(comparable(shown.text()));
    }

    private static String comparable(String text) {
        return text.replaceAll("\\s+", " ")
                .replaceAll("confiture run [0-9a-f]{8}", "confiture run #")
                .replaceAll("\\b[0-9a-f]{12}…", "#…")
                .replaceAll("\\d+(\\.\\d+)?", "#")
                .replace(PrintedFailuresTest.class.getName() + "$", "com.example.")
                .strip();
    }

    /** Starts what fails as the title of the page says. */
    private void fail(String title) throws Exception {
        switch (title) {
            case "The database cannot be reached" ->
                start("confiture.connect-retries=0", "spring.datasource.url=jdbc:postgresql://127.0.0.1:1/shop");
            case "Another instance holds the lock" -> {
                try (MigrationLock lock = migrator().lock()) {
                    start("confiture.migrate.lock-wait=300ms");
                }
            }
            case "A table is locked by others" -> {
                Apps.start(database, "confiture.migrate.target=001").close();
                try (Connection other = database.connect()) {
                    other.setAutoCommit(false);
                    other.createStatement().execute("LOCK TABLE people IN ACCESS SHARE MODE");
                    start("confiture.migrate.lock-timeout=100ms", "confiture.migrate.retries=1");
                    other.rollback();
                }
            }
            case "An applied migration was changed" -> {
                Apps.start(database).close();
                start("confiture.migrate.locations=classpath:changed");
            }
            case "A migration failed" -> start("confiture.migrate.locations=classpath:failing");
            case "A location is missing" -> start("confiture.migrate.locations=classpath:nowhere");
            case "A listener and the migrations wait for each other" -> Apps.failure(database, Cyclic.class);
            case "A hook vetoed" -> Apps.failure(database, Vetoing.class);
            case "Two configurations are of one database" ->
                start("confiture.databases.orders.url=" + database.url(), ORDERS);
            case "A DataSource bean is unknown" ->
                Apps.failure(
                        database,
                        TwoDataSources.class,
                        "confiture.databases.orders.data-source=ordersDataSorce",
                        ORDERS);
            case "An application with R2DBC alone, and no JDBC URL to be had" ->
                assertThatThrownBy(() -> Apps.app(Reactive.class).run().close()).isNotNull();
            case "Two files of one version" -> start("confiture.migrate.locations=classpath:duplicate");
            case "A statement is in doubt" -> {
                // The first failure is another one and is not what the page shows.
                assertThatThrownBy(() -> Migrator.builder(database.dataSource())
                                .locations("classpath:doubtful")
                                .build()
                                .applyAll())
                        .isNotNull();
                start("confiture.migrate.locations=classpath:doubtful");
            }
            case "The role lacks a privilege" -> {
                TestServer.execute("DROP ROLE IF EXISTS shop", "CREATE ROLE shop LOGIN");
                database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC"); // PostgreSQL 14 grants it
                try {
                    start("spring.datasource.url=" + database.url("shop"));
                } finally {
                    TestServer.execute("DROP ROLE shop");
                }
            }
            case "Nobody has migrated in time" -> {
                try (MigrationLock lock = migrator().lock()) {
                    start("confiture.migrate.mode=wait", "confiture.migrate.wait-timeout=250ms");
                }
            }
            case "Flyway has migrated this database" -> {
                Flyway.configure()
                        .dataSource(database.dataSource())
                        .locations("classpath:db/migration")
                        .target("1")
                        .load()
                        .migrate();
                start("confiture.migrate.locations=classpath:db/migration", "confiture.migrate.naming=flyway");
            }
            case "A value is unknown" -> start("confiture.migrate.mode=valdate");
            case "A property is unknown" -> start("confiture.migrate.locatoins=classpath:x");
            default -> throw new AssertionError("Nothing here makes a start fail with: " + title);
        }
    }

    private void start(String... properties) {
        assertThat(Apps.failure(database, properties)).isNotNull();
    }

    private Migrator migrator() {
        return Migrator.builder(database.dataSource())
                .locations("classpath:db/migrations")
                .build();
    }

    static final class BackupHook implements MigrationHook {
        @Override
        public void afterExecute(HookContext context) {
            if ("002".equals(context.migrationVersion())) {
                throw new IllegalStateException("backup is older than a day");
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Vetoing {
        @Bean
        MigrationHook backupHook() {
            return new BackupHook();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Cyclic {
        @Bean
        CyclicListener cyclicListener(JdbcTemplate jdbc) {
            return new CyclicListener(jdbc);
        }
    }

    record CyclicListener(JdbcTemplate jdbc) implements ApplicationListener<MigrationCommitted> {
        @Override
        public void onApplicationEvent(MigrationCommitted event) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoDataSources {
        @Bean(defaultCandidate = false)
        DataSource ordersDataSource() {
            return new DriverManagerDataSource("jdbc:postgresql://orders.invalid/orders");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ConfitureAutoConfiguration.class)
    static class Reactive {
        @Bean
        ConnectionFactory connectionFactory() {
            return ConnectionFactories.get("r2dbc:postgresql://u:p@reactive.invalid/shop");
        }
    }
}
