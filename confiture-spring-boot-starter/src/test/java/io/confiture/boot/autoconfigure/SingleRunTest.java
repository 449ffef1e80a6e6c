package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.event.ConfitureEvents;
import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.JdbcApp;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;

/** Processes that are started for one thing; the exit itself is in {@link ExitCodesTest}. */
@ExtendWith(OutputCaptureExtension.class)
class SingleRunTest {
    private static final String TOLD = "logging.level.io.confiture.boot=info";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final Migrator migrator = Migrator.builder(database.dataSource())
            .locations("classpath:db/migrations")
            .build();

    @BeforeEach
    void forget() {
        Job.log.clear();
    }

    @Test
    void migrateAppliesWhateverTheModeSaysAndEndsBeforeTheServerStarts(CapturedOutput output) {
        run("confiture.run=migrate", "confiture.migrate.mode=validate", "confiture.migrate.target=001", TOLD);
        assertThat(applied()).containsExactly("001");
        // In a process of its own the server would not come: here the exit returns.
        assertThat(Job.log).containsExactly("exit", "server");
        assertThat(output.getAll()).contains("the application ends here because of confiture.run=migrate");
    }

    @Test
    void rollbackToRollsBackAndDoesNotMigrateAgain() {
        migrator.applyAll();
        run("confiture.run=rollback-to", "confiture.migrate.target=001");
        assertThat(applied()).containsExactly("001");
        assertThat(Job.log).contains("exit");
    }

    @Test
    void beansThatTheRunDoesNotNeedAreNotCreated() {
        migrator.applyAll();
        // Needs the column that is rolled back.
        run("confiture.run=rollback-to", "confiture.migrate.target=001", "needy=true");
        assertThat(applied()).containsExactly("001");
        assertThat(Apps.failure(database, Job.class, "needy=true", "confiture.migrate.target=001"))
                .isNotNull();
    }

    @Test
    void verifyChangesNothingAndFailsOnWhatIsNotAsTheFilesSay(CapturedOutput output) {
        migrator.applyAll("001");
        run("confiture.run=verify");
        assertThat(applied()).containsExactly("001");
        assertThat(Job.log).contains("exit");
        Job.log.clear();
        Throwable failure = Apps.failure(
                database, Job.class, "confiture.run=verify", "confiture.migrate.locations=classpath:changed");
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(7);
        assertThat(output.getAll()).contains("001_create_people: checksum failed");
        assertThat(Job.log).isEmpty();
    }

    @Test
    void whatCouldNotBeCheckedIsNotVerified() {
        migrator.applyAll();
        database.execute("UPDATE tb_confiture SET checksum = NULL WHERE version = '001'");
        Throwable failure = Apps.failure(database, Job.class, "confiture.run=verify");
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(7);
    }

    @Test
    void baselineRecordsWithoutRunning() {
        run("confiture.run=baseline", "confiture.migrate.baseline-version=001");
        assertThat(applied()).containsExactly("001");
        assertThat(database.value("SELECT to_regclass('people')")).isNull();
        assertThat(Job.log).contains("exit");
    }

    @Test
    void repairDoesWhatItIsAskedForAndOtherwiseShowsWhatCouldBeAsked(CapturedOutput output) {
        migrator.applyAll();
        database.execute("UPDATE tb_confiture SET checksum = repeat('a', 64) WHERE version = '001'");
        run("confiture.run=repair", TOLD);
        assertThat(output.getAll()).contains("Not asked for: checksums: 1");
        assertThat(migrator.validate().valid()).isFalse();
        run("confiture.run=repair", "confiture.repair.checksums=true");
        assertThat(migrator.validate().valid()).isTrue();
    }

    @Test
    void repairDecidesWhatIsInDoubt() {
        String doubtful = "confiture.migrate.locations=classpath:doubtful";
        assertThat(Apps.failure(database, doubtful)).isNotNull();
        run("confiture.run=repair", doubtful, "confiture.repair.done=001_commits_itself");
        assertThat(applied()).isEmpty();
        run("confiture.run=migrate", doubtful);
        assertThat(applied()).containsExactly("001");
    }

    @ParameterizedTest
    @CsvSource({"rollback-to, confiture.migrate.target", "baseline, confiture.migrate.baseline-version"})
    void whatARunNeedsHasToBeSet(String run, String property, CapturedOutput output) {
        Throwable failure = Apps.failure(database, Job.class, "confiture.run=" + run);
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(5);
        assertThat(output.getAll()).contains("confiture.run=" + run + " needs " + property + ". Nothing was done");
        assertThat(database.value("SELECT to_regclass('tb_confiture')")).isNull();
    }

    @Test
    void aRunThatLeavesEveryDatabaseAloneHasNotDoneWhatItWasStartedFor() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ConfitureAutoConfiguration.class, ConfitureWithoutDatabaseAutoConfiguration.class))
                .withBean(ProcessExit.class, () -> context -> Job.log.add("exit"))
                .withPropertyValues(
                        "confiture.run=migrate",
                        "confiture.databases.orders.url=" + database.url(),
                        "confiture.databases.orders.migrate.locations=classpath:orders",
                        "confiture.databases.orders.migrate.mode=off")
                .run(context -> {
                    assertThat(context)
                            .getFailure()
                            .hasStackTraceContaining("confiture.run=migrate has no database to work on");
                    assertThat(Job.log).isEmpty();
                });
    }

    @Test
    void runnersOfTheApplicationAreNotRun() {
        run("confiture.run=migrate", "runner=true");
        // In a process of its own they would not come: here the exit returns.
        assertThat(Job.log).startsWith("exit").contains("runner");
    }

    @Test
    void anUnknownRunNamesTheNearestAndDoesNothing(CapturedOutput output) {
        Throwable failure = Apps.failure(database, Job.class, "confiture.run=rolback-to");
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(5);
        assertThat(output.getAll())
                .contains("confiture.run cannot be 'rolback-to'")
                .contains("Probably meant: rollback-to."
                        + " It can be migrate, rollback-to, build, verify, repair, baseline.");
        assertThat(database.value("SELECT to_regclass('tb_confiture')")).isNull();
    }

    @Test
    void anInitializerOfTheApplicationsOwnIsNotRunBesideIt() {
        Throwable failure =
                Apps.failure(database, OwnInitializer.class, "confiture.run=verify", "confiture.migrate.target=001");
        assertThat(failure).hasStackTraceContaining("the bean 'own' decides in this application");
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(5);
        assertThat(database.value("SELECT to_regclass('tb_confiture')")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"confiture.enabled=false", "confiture.environment=none"})
    void aRunWithoutADatabaseFails(String property) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ConfitureAutoConfiguration.class, ConfitureWithoutDatabaseAutoConfiguration.class))
                .withPropertyValues("confiture.run=migrate", property)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("confiture.run=migrate asks for a database"));
    }

    private void run(String... properties) {
        Apps.app(JdbcApp.class, Job.class)
                .web(WebApplicationType.SERVLET)
                .run(Apps.arguments(database, properties))
                .close();
    }

    private List<String> applied() {
        return new ArrayList<>(database.values("SELECT version FROM tb_confiture ORDER BY pk_confiture"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Job {
        static final List<String> log = new ArrayList<>();

        @Bean
        ProcessExit exit() {
            return context -> log.add("exit");
        }

        @Bean
        TomcatServletWebServerFactory server() {
            return new TomcatServletWebServerFactory(0);
        }

        @Bean
        @ConditionalOnProperty("needy")
        String needy(JdbcTemplate jdbc) {
            return "" + jdbc.queryForList("SELECT email FROM people");
        }

        @Bean
        @ConditionalOnProperty("runner")
        ApplicationRunner runner() {
            return arguments -> log.add("runner");
        }

        @EventListener
        void on(WebServerInitializedEvent event) {
            log.add("server");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnInitializer {
        @Bean
        ConfitureMigrationInitializer own(Migrator migrator, ConfitureEvents events) {
            return new ConfitureMigrationInitializer(
                    List.of(new DatabaseStartup("default", migrator, MigrateMode.MIGRATE, null, Duration.ofMinutes(1))),
                    events);
        }
    }
}
