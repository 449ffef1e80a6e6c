package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.confiture.boot.event.MigrationRunCompleted;
import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.JdbcApp;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.error.ValidationException;
import io.confiture.migrate.DryRunOptions;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

class ModesTest {
    private static final String VALIDATE = "confiture.migrate.mode=validate";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void migratesByDefault() {
        try (ConfigurableApplicationContext context = Apps.start(database)) {
            assertThat(applied()).containsExactly("001", "002");
        }
    }

    @Test
    void offLeavesTheDatabaseAlone() {
        try (ConfigurableApplicationContext context = Apps.start(database, "confiture.migrate.mode=off")) {
            assertThat(context.isActive()).isTrue();
            assertThat(tables()).isEmpty();
        }
    }

    @Test
    void aProtectedDatabaseRefusesADryRun() {
        try (ConfigurableApplicationContext context =
                Apps.start(database, "confiture.migrate.mode=off", "confiture.protected=true")) {
            Migrator migrator = context.getBean(Migrator.class);
            assertThat(catchThrowableOfType(ConfigurationException.class, migrator::dryRun)
                            .code())
                    .isEqualTo(ErrorCode.PROTECTED_DATABASE);
            assertThat(migrator.dryRun(DryRunOptions.defaults().allowProtected(true))
                            .wouldSucceed())
                    .isTrue();
            assertThat(tables()).isEmpty();
        }
    }

    @Test
    void validateAcceptsAMigratedDatabase() {
        Apps.start(database).close();
        try (ConfigurableApplicationContext context = Apps.start(database, VALIDATE)) {
            assertThat(context.isActive()).isTrue();
        }
    }

    @Test
    void validateRefusesWhatIsPendingAndNamesIt() {
        Apps.start(database, "confiture.migrate.target=001").close();
        ConfitureException failure = failure(VALIDATE);
        assertThat(failure).isInstanceOf(ValidationException.class).hasMessageContaining("pending: 002_add_email");
        assertThat(failure.code()).isEqualTo(ErrorCode.PENDING_MIGRATIONS);
        assertThat(applied()).containsExactly("001");
    }

    @Test
    void validateExpectsNothingBeyondTheTarget() {
        Apps.start(database, "confiture.migrate.target=001").close();
        Apps.start(database, VALIDATE, "confiture.migrate.target=001").close();
        assertThat(applied()).containsExactly("001");
    }

    @Test
    void validateRefusesAnEmptyDatabaseAndLeavesItEmpty() {
        assertThat(failure(VALIDATE).code()).isEqualTo(ErrorCode.PENDING_MIGRATIONS);
        assertThat(tables()).isEmpty();
    }

    @Test
    void validateRefusesWhatHasChangedAndNamesIt() {
        Apps.start(database).close();
        ConfitureException failure = failure(VALIDATE, "confiture.migrate.locations=classpath:changed");
        assertThat(failure)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("001_create_people: checksum failed");
        assertThat(failure.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
    }

    @Test
    void validateRefusesWhatIsMissing() {
        Apps.start(database).close();
        database.execute("UPDATE tb_confiture SET version = '000', slug = 'x' WHERE version = '001'");
        ConfitureException failure = failure(VALIDATE);
        assertThat(failure)
                .hasMessageContaining("000_create_people: checksum failed")
                .hasMessageContaining("pending: 001_create_people");
    }

    @Test
    void validateAcceptsWhatThePoliciesAllow() {
        Apps.start(database).close();
        Apps.start(
                        database,
                        VALIDATE,
                        "confiture.migrate.locations=classpath:changed",
                        "confiture.migrate.changed=warn")
                .close();
        assertThat(applied()).hasSize(2);
    }

    /** While versions are exchanged an older build starts on a database that a newer one has migrated. */
    @ParameterizedTest
    @ValueSource(strings = {"migrate", "validate"})
    void aDatabaseOfANewerBuildIsAccepted(String mode) {
        Apps.start(database).close();
        database.execute("INSERT INTO tb_confiture (id, slug, version, name, checksum)"
                + " VALUES (gen_random_uuid(), 'new', '999', 'from_the_future', repeat('a', 64))");
        try (ConfigurableApplicationContext context = Apps.start(database, "confiture.migrate.mode=" + mode)) {
            assertThat(context.isActive()).isTrue();
        }
    }

    @Test
    void migrateAndExitEndsOnceEverybodyHasHeardAndBeforeTheWebServerStarts() {
        Observed.log.clear();
        try (ConfigurableApplicationContext context = Apps.app(JdbcApp.class, Observed.class)
                .web(WebApplicationType.SERVLET)
                .run(Apps.arguments(database, "confiture.migrate.mode=migrate-and-exit"))) {
            assertThat(applied()).containsExactly("001", "002");
            // In a process of its own the server would not come: here the exit returns.
            assertThat(Observed.log).containsExactly("heard replayed", "exit", "server");
        }
    }

    @Test
    void migrateAndExitDoesNotExitWhenMigrationsFail() {
        Observed.log.clear();
        assertThat(Apps.failure(
                        database,
                        Observed.class,
                        "confiture.migrate.mode=migrate-and-exit",
                        "confiture.migrate.locations=classpath:failing"))
                .isNotNull();
        assertThat(Observed.log).isEmpty();
    }

    private ConfitureException failure(String... properties) {
        Throwable failure = Apps.failure(database, properties);
        assertThat(failure).isNotNull();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof ConfitureException ours) {
                return ours;
            }
        }
        throw new AssertionError("Not a failure of Confiture", failure);
    }

    private List<String> applied() {
        return new ArrayList<>(database.values("SELECT version FROM tb_confiture ORDER BY pk_confiture"));
    }

    private List<String> tables() {
        return new ArrayList<>(
                database.values("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Observed {
        static final List<String> log = new ArrayList<>();

        @Bean
        ProcessExit exit() {
            return context -> log.add("exit");
        }

        @Bean
        TomcatServletWebServerFactory server() {
            return new TomcatServletWebServerFactory(0);
        }

        @EventListener
        void on(WebServerInitializedEvent event) {
            log.add("server");
        }

        @EventListener
        void on(MigrationRunCompleted event) {
            log.add("heard" + (event.isReplayed() ? " replayed" : ""));
        }
    }
}
