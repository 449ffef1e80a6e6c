package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.actuate.ConfitureHealthIndicator;
import io.confiture.boot.actuate.DatabaseChanges;
import io.confiture.boot.actuate.DatabaseReadings;
import io.confiture.boot.event.MigrationCommitted;
import io.confiture.boot.fixture.Apps;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.hook.HookContext;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.jdbc.core.JdbcTemplate;

/** Starts that once seemed to succeed and had migrated nothing, or not what was meant. */
class SilentStartTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private static ConfitureException cause(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof ConfitureException ours) {
                return ours;
            }
        }
        throw new AssertionError("No failure of Confiture in " + failure, failure);
    }

    @ParameterizedTest
    @ValueSource(classes = {NeedyHook.class, NeedyCustomizer.class, NeedyMigrator.class})
    void aBeanOfTheMigrationsThatNeedsJdbcTemplateFailsTheStartInsteadOfSkippingTheMigrations(Class<?> needy) {
        for (String mode : new String[] {"migrate", "validate", "migrate-and-exit"}) {
            Throwable failure = Apps.failure(database, needy, "confiture.migrate.mode=" + mode);
            assertThat(failure).as(mode).isNotNull();
            assertThat(cause(failure).code()).isEqualTo(ErrorCode.LISTENER_CYCLE);
            assertThat(cause(failure)).hasMessageContaining("context.jdbc()");
        }
        assertThat(database.value("SELECT to_regclass('people')")).isNull();
    }

    @Configuration(proxyBeanMethods = false)
    static class NeedyHook {
        @Bean
        MigrationHook auditHook(JdbcTemplate jdbc) {
            return new MigrationHook() {
                @Override
                public void beforeRun(HookContext context) {
                    jdbc.execute("SELECT 1");
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NeedyCustomizer {
        @Bean
        ConfitureMigratorCustomizer customizer(JdbcTemplate jdbc) {
            return builder -> jdbc.execute("SELECT 1");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NeedyMigrator {
        @Bean
        Migrator shopMigrator(DataSource dataSource, JdbcTemplate jdbc) {
            return Migrator.builder(dataSource)
                    .locations("classpath:db/migrations")
                    .build();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MIGRATE_AND_EXIT", "migrate_and_exit", "migrateAndExit", "migrate-and-exit"})
    void everySpellingOfMigrateAndExitExits(String mode) {
        Exits.count = 0;
        Apps.start(database, Exits.class, "confiture.migrate.mode=" + mode).close();
        assertThat(Exits.count).isEqualTo(1);
    }

    @Test
    void anotherModeDoesNotExit() {
        Exits.count = 0;
        Apps.start(database, Exits.class).close();
        assertThat(Exits.count).isZero();
    }

    @Configuration(proxyBeanMethods = false)
    static class Exits {
        static int count;

        @Bean
        ProcessExit exit() {
            return context -> count++;
        }
    }

    @Test
    void connectionDetailsAloneAreADatabaseToMigrate() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ConfitureAutoConfiguration.class))
                .withBean(ConfitureConnectionDetails.class, () -> new ConfitureConnectionDetails() {
                    @Override
                    public String getJdbcUrl() {
                        return database.url();
                    }

                    @Override
                    public String getUsername() {
                        return "postgres";
                    }

                    @Override
                    public String getPassword() {
                        return "unused";
                    }
                })
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(database.value("SELECT to_regclass('people')")).isEqualTo("people");
    }

    @ParameterizedTest
    @ValueSource(strings = {"migrate-and-exit", "validate"})
    void aJobWithoutADatabaseFailsInsteadOfEndingAsIfItHadDoneItsWork(String mode) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ConfitureAutoConfiguration.class, ConfitureWithoutDatabaseAutoConfiguration.class))
                .withPropertyValues("confiture.migrate.mode=" + mode)
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(cause(context.getStartupFailure())).hasMessageContaining("confiture.url");
                });
    }

    @Test
    void anApplicationWithoutADatabaseStarts() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ConfitureAutoConfiguration.class, ConfitureWithoutDatabaseAutoConfiguration.class))
                .withPropertyValues("confiture.migrate.mode=migrate")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void anotherUserMigratesTheSchemaThatThePoolIsSetTo() {
        database.execute("CREATE SCHEMA app");
        Apps.start(
                        database,
                        "spring.datasource.hikari.schema=app",
                        "confiture.username=postgres",
                        "spring.datasource.username=postgres")
                .close();
        assertThat(database.value("SELECT to_regclass('app.people')")).isEqualTo("app.people");
        assertThat(database.value("SELECT to_regclass('public.people')")).isNull();
    }

    @Test
    void healthIsUpWhenEverythingUpToTheTargetIsAppliedAndInModeOff() {
        Migrator migrator = Migrator.builder(database.dataSource())
                .locations("classpath:db/migrations")
                .build();
        assertThat(new ConfitureHealthIndicator(new DatabaseReadings(
                                Map.of("default", migrator), Map.of(), Set.of("default"), new DatabaseChanges()))
                        .health()
                        .getStatus())
                .isEqualTo(Status.UP);
        migrator.applyAll("001");
        assertThat(new ConfitureHealthIndicator(new DatabaseReadings(
                                Map.of("default", migrator), Map.of("default", "1"), Set.of(), new DatabaseChanges()))
                        .health()
                        .getStatus())
                .isEqualTo(Status.UP);
        assertThat(new ConfitureHealthIndicator(new DatabaseReadings(
                                Map.of("default", migrator), Map.of(), Set.of(), new DatabaseChanges()))
                        .health()
                        .getStatus())
                .isEqualTo(Status.OUT_OF_SERVICE);
    }

    @Test
    void aTargetIsTheSameForValidateAsForMigrateHoweverItIsSpelt() {
        Apps.start(database, "confiture.migrate.target=1").close();
        Apps.start(database, "confiture.migrate.mode=validate", "confiture.migrate.target=1")
                .close();
        assertThat(cause(Apps.failure(database, "confiture.migrate.mode=validate", "confiture.migrate.target=777"))
                        .code())
                .isEqualTo(ErrorCode.MIGRATION_UNKNOWN);
    }

    @Test
    void aListenerBehindAScopedProxyHearsOnceAndOneThatFailsAnAssertionStopsNothing() {
        Scoped.heard.clear();
        try (ConfigurableApplicationContext context = Apps.start(database, Scoped.class)) {
            assertThat(Scoped.heard).containsExactly("001_create_people", "002_add_email");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Scoped {
        static final List<String> heard = new ArrayList<>();

        @Bean
        @Scope(value = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Listener listener() {
            return new Listener();
        }
    }

    static class Listener implements ApplicationListener<MigrationCommitted> {
        @Override
        public void onApplicationEvent(MigrationCommitted event) {
            Scoped.heard.add(event.getId());
            throw new AssertionError("a listener's own check");
        }
    }
}
