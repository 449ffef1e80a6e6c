package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.actuate.ConfitureEndpoint;
import io.confiture.boot.actuate.DatabaseDescriptor;
import io.confiture.boot.actuate.DatabaseDrift;
import io.confiture.boot.fixture.Apps;
import io.confiture.build.SchemaBuilder;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.confiture.verification.DriftReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** {@code confiture.build.on-startup} and {@code confiture.run=build}. */
@ExtendWith(OutputCaptureExtension.class)
class BuildOnStartupTest {
    private static final String WHEN_EMPTY = "confiture.build.on-startup=when-empty";
    private static final String[] SCHEMA = {
        "confiture.build.include=classpath:schema/people", "confiture.build.seeds.dirs=classpath:schema/seeds"
    };

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private static String[] with(String... properties) {
        return Stream.of(SCHEMA, properties).flatMap(Stream::of).toArray(String[]::new);
    }

    private static String description(Throwable failure) {
        return Objects.requireNonNull(new ConfitureFailureAnalyzer().analyze(failure))
                .getDescription();
    }

    private List<@Nullable String> recorded() {
        return database.values("SELECT version || ' ' || (execution_time_ms IS NULL) FROM tb_confiture ORDER BY 1");
    }

    @Test
    void anEmptyDatabaseIsBuiltAndItsMigrationsAreRecorded() {
        try (ConfigurableApplicationContext context = Apps.start(
                database, EndpointApp.class, with(WHEN_EMPTY, "management.endpoints.web.exposure.include=confiture"))) {
            assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
            assertThat(context.getBean(Migrator.class).status().pendingCount()).isZero();
            DatabaseDescriptor shown = Objects.requireNonNull(
                    context.getBean(ConfitureEndpoint.class).databases().get("default"));
            assertThat(shown.state()).isEqualTo("up_to_date");
            assertThat(Objects.requireNonNull(shown.builtFrom()).equivalence()).isEqualTo("not_checked");
            assertThat(shown.builtFrom().hash())
                    .isEqualTo(context.getBean(SchemaBuilder.class).computeHash());
        }
    }

    @Test
    void anOldDatabaseIsMigrated() {
        Migrator.builder(database.dataSource())
                .locations("classpath:db/migrations")
                .build()
                .applyAll("001");
        database.execute("INSERT INTO people (name) VALUES ('Kay')");
        Apps.start(database, with(WHEN_EMPTY)).close();
        assertThat(database.value("SELECT count(*) FROM people WHERE email IS NULL"))
                .isEqualTo("3");
    }

    @Test
    void nothingIsBuiltUnlessSaid() {
        try (ConfigurableApplicationContext context = Apps.start(database, with())) {
            assertThat(context.getBean(Migrator.class).status().origin()).isNull();
        }
    }

    @Test
    void ofEightInstancesOneBuilds() throws Exception {
        ExecutorService instances = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Void>> starts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                starts.add(() -> {
                    Apps.start(database, with(WHEN_EMPTY, "spring.datasource.hikari.maximum-pool-size=2"))
                            .close();
                    return null;
                });
            }
            for (var start : instances.invokeAll(starts)) {
                start.get();
            }
        } finally {
            instances.shutdown();
        }
        assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
        assertThat(database.values("SELECT version FROM tb_confiture ORDER BY 1"))
                .containsExactly("001", "002");
    }

    @Test
    void aSchemaThatCannotBeBuiltStopsTheStartAndLeavesNothing() {
        Throwable failure = Apps.failure(
                database,
                WHEN_EMPTY,
                "confiture.build.include=classpath:schema/people,classpath:schema/broken",
                "confiture.build.seeds.dirs=classpath:schema/seeds");
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(4);
        assertThat(description(failure))
                .startsWith("The schema cannot be built from its files:")
                .contains("rolled back");
        assertThat(database.value("SELECT to_regclass('people')")).isNull();
    }

    @Test
    void aPlaceThatIsNotThereIsNamed() {
        Throwable failure = Apps.failure(database, WHEN_EMPTY, "confiture.build.include=classpath:schema/nowhere");
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(5);
        assertThat(description(failure)).contains("classpath:schema/nowhere");
    }

    @Test
    void runBuildBuildsAndSecondlyFindsNothingToDo(CapturedOutput output) {
        String[] run = with("confiture.run=build", "logging.level.io.confiture.boot=info");
        Apps.start(database, NoExit.class, run).close();
        assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
        assertThat(recorded()).hasSize(2);
        Apps.start(database, NoExit.class, run).close();
        assertThat(output.getAll()).contains("there was nothing to do, it was built from this schema before");
    }

    @Test
    void runBuildAppliesWhatIsPendingSinceTheBuild(CapturedOutput output, @TempDir Path temp) throws IOException {
        String[] run = with(
                "confiture.run=build",
                "confiture.migrate.locations=classpath:db/migrations,file:" + temp,
                "logging.level.io.confiture.boot=info");
        Apps.start(database, NoExit.class, run).close();
        Files.writeString(temp.resolve("003_later.up.sql"), "CREATE TABLE later ();");
        Apps.start(database, NoExit.class, run).close();
        assertThat(database.value("SELECT to_regclass('later')")).isEqualTo("later");
        assertThat(output.getAll()).contains("it was built from this schema before; 1 migrations applied");
    }

    @Test
    void driftIsNotLookedForOnTheLiveServerUntilSaid() {
        try (ConfigurableApplicationContext context =
                Apps.start(database, EndpointApp.class, "management.endpoints.web.exposure.include=confiture")) {
            assertThat(context.getBean(DatabaseDrift.class).check("default"))
                    .isInstanceOf(DriftReport.NotChecked.class)
                    .asString()
                    .contains("confiture.drift.expected")
                    .contains("confiture.drift.against");
        }
    }

    @Test
    void runBuildLeavesADatabaseThatIsNotEmptyAsItIs() {
        database.execute("CREATE TABLE kept (id int)");
        Throwable failure = Apps.failure(database, NoExit.class, with("confiture.run=build"));
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(7);
        assertThat(description(failure)).contains("table public.kept").contains("Nothing was done");
        assertThat(database.value("SELECT to_regclass('people')")).isNull();
    }

    @Test
    void runBuildRefusesWhatTheSeedsDoNotHold() {
        Throwable failure = Apps.failure(
                database, NoExit.class, "confiture.run=build", "confiture.build.include=classpath:schema/people");
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(7);
        assertThat(description(failure)).contains("001_create_people");
        assertThat(database.value("SELECT to_regclass('people')")).isNull();
    }

    @Test
    void runVerifyProvesEquivalenceAndLooksForDriftIfAsked(CapturedOutput output) {
        Apps.start(database, with(WHEN_EMPTY)).close();
        String[] verify = with(
                "confiture.run=verify",
                "confiture.verify.equivalence=true",
                "confiture.verify.drift=true",
                "confiture.drift.against=schema",
                "logging.level.io.confiture.boot=info");
        try (ConfigurableApplicationContext context = Apps.start(database, NoExit.class, verify)) {
            assertThat(Objects.requireNonNull(
                                    context.getBean(Migrator.class).status().origin())
                            .equivalenceProven())
                    .isTrue();
        }
        assertThat(output.getAll()).contains("make the same catalog").contains("in sync with");
        database.execute("ALTER TABLE people ADD COLUMN by_hand int");
        Throwable drifted = Apps.failure(database, NoExit.class, verify);
        assertThat(PropertiesTest.exitCode(drifted)).isEqualTo(7);
        assertThat(description(drifted)).contains("column by_hand: added");
        Throwable different = Apps.failure(
                database,
                NoExit.class,
                "confiture.run=verify",
                "confiture.verify.equivalence=true",
                "confiture.build.include=classpath:schema/orders");
        assertThat(PropertiesTest.exitCode(different)).isEqualTo(7);
        assertThat(description(different)).contains("make different catalogs");
    }

    /** Sequential seed files do not see what the schema's files have set. */
    @Test
    void seedsAreLoadedAsTheirSettingsSay() {
        String[] schema = with(WHEN_EMPTY, "confiture.build.include=classpath:schema/people,classpath:schema/set");
        Throwable concatenated = Apps.failure(database, schema);
        assertThat(description(concatenated)).contains("relation \"people\" does not exist");
        Apps.start(
                        database,
                        Stream.concat(Stream.of(schema), Stream.of("confiture.build.seeds.mode=sequential"))
                                .toArray(String[]::new))
                .close();
        assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource({
        "on-error=continue, confiture.build.on-startup=when-empty, on-error is continue",
        "transaction=transaction, confiture.build.on-startup=when-empty, transaction is transaction",
        "on-error=continue, confiture.run=build, on-error is continue",
        "transaction=transaction, confiture.run=build, transaction is transaction"
    })
    void whatOneTransactionCannotHoldIsRefusedBeforeAnythingConnects(String seeds, String start, String told) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ConfitureAutoConfiguration.class))
                .withBean(ProcessExit.class, () -> context -> {})
                .withPropertyValues(with(
                        start,
                        "confiture.url=jdbc:postgresql://nobody.invalid/x",
                        "confiture.build.seeds.mode=sequential",
                        "confiture.build.seeds." + seeds))
                .run(context -> {
                    assertThat(context.getStartupFailure())
                            .rootCause()
                            .hasMessageContaining("confiture.build.seeds." + told)
                            .hasMessageContaining("Nothing was done");
                    assertThat(PropertiesTest.exitCode(context.getStartupFailure()))
                            .isEqualTo(5);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class NoExit {
        @Bean
        ProcessExit exit() {
            return context -> {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ConfitureEndpointAutoConfiguration.class)
    static class EndpointApp {}
}
