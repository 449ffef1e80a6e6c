package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.actuate.DatabaseDrift;
import io.confiture.boot.fixture.Apps;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import io.confiture.verification.DriftOptions;
import io.confiture.verification.SchemaVerification;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A catalog that is on the application's class path, and a role that may not create databases. */
class ShippedCatalogTest {
    private static final String CATALOG = "confiture-expected.json";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final String role = "reader_of_" + database.name();

    @TempDir
    private Path classes;

    @BeforeEach
    void migratedAndWritten() {
        Migrator migrator = Migrator.builder(database.dataSource())
                .locations("classpath:db/migrations")
                .build();
        migrator.applyAll();
        SchemaVerification.of(migrator).writeExpected(classes.resolve(CATALOG), DriftOptions.Against.MIGRATIONS);
        database.execute("CREATE ROLE " + role + " LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role);
    }

    @AfterEach
    void roleIsDropped() {
        database.execute("DROP OWNED BY " + role);
        TestServer.execute("DROP ROLE " + role);
    }

    @Test
    void driftIsTakenFromTheCatalogInTheApplication() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            try (ConfigurableApplicationContext context = Apps.start(
                    database,
                    EndpointApp.class,
                    "spring.datasource.url=" + database.url(role),
                    "management.endpoints.web.exposure.include=confiture",
                    "confiture.migrate.mode=validate",
                    "confiture.drift.expected=classpath:" + CATALOG)) {
                DatabaseDrift drift = context.getBean(DatabaseDrift.class);
                assertThat(drift.check("default").inSync())
                        .as(drift.check("default").toString())
                        .isTrue();
                database.execute("ALTER TABLE people ADD COLUMN by_hand int");
                assertThat(drift.check("default")).asString().contains("table public.people: column by_hand: added");
            }
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ConfitureEndpointAutoConfiguration.class)
    static class EndpointApp {}
}
