package io.confiture.boot.observation;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.MigrationException;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.MigratorBuilder;
import io.confiture.test.TestDatabase;
import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunObservationsTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final TestObservationRegistry registry = TestObservationRegistry.create();

    private final List<String> lowCardinalityValues = new ArrayList<>();

    @BeforeEach
    void collect() {
        registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {
            @Override
            public void onStop(Observation.Context context) {
                context.getLowCardinalityKeyValues().forEach(pair -> lowCardinalityValues.add(pair.getValue()));
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
    }

    private MigratorBuilder builder(String location, ObservationRegistry observed) {
        return Migrator.builder(database.dataSource())
                .locations(location)
                .listener(new RunObservations(observed, null, null).create("shop"));
    }

    private Migrator migrator(String location) {
        return builder(location, registry).build();
    }

    @Test
    void aRunThatAppliesHasItsMigrationsAsChildren() {
        migrator("classpath:db/migrations").applyAll("001");
        assertThat(registry)
                .hasNumberOfObservationsEqualTo(2)
                .hasObservationWithNameEqualTo("confiture.migrate")
                .that()
                .hasBeenStarted()
                .hasBeenStopped()
                .hasContextualNameEqualTo("confiture apply")
                .hasLowCardinalityKeyValue("database", "shop")
                .hasLowCardinalityKeyValue("operation", "apply")
                .hasLowCardinalityKeyValue("outcome", "success")
                .hasLowCardinalityKeyValue("error", "none")
                .hasLowCardinalityKeyValue("error.code", "none")
                .hasHighCardinalityKeyValue("target", "001_create_people")
                .hasHighCardinalityKeyValue("migrations.committed", "1")
                .doesNotHaveParentObservation();
        assertThat(registry)
                .hasObservationWithNameEqualTo("confiture.migration")
                .that()
                .hasBeenStarted()
                .hasBeenStopped()
                .hasContextualNameEqualTo("migration up")
                .hasLowCardinalityKeyValue("database", "shop")
                .hasLowCardinalityKeyValue("direction", "up")
                .hasLowCardinalityKeyValue("kind", "sql")
                .hasLowCardinalityKeyValue("outcome", "success")
                .hasHighCardinalityKeyValue("migration.version", "001")
                .hasHighCardinalityKeyValue("migration.name", "create_people")
                .hasParentObservationContextMatching(parent -> "confiture.migrate".equals(parent.getName()));
        assertThat(registry).doesNotHaveAnyRemainingCurrentObservation();
    }

    @Test
    void aRollbackIsToldApart() {
        migrator("classpath:db/migrations").applyAll();
        registry.clear();
        migrator("classpath:db/migrations").rollback("002");
        assertThat(registry)
                .hasObservationWithNameEqualTo("confiture.migrate")
                .that()
                .hasLowCardinalityKeyValue("operation", "rollback")
                .hasLowCardinalityKeyValue("outcome", "success");
        assertThat(registry)
                .hasObservationWithNameEqualTo("confiture.migration")
                .that()
                .hasLowCardinalityKeyValue("direction", "down");
    }

    @Test
    void aRunWithNothingToDoSaysSo() {
        migrator("classpath:db/migrations").applyAll();
        registry.clear();
        migrator("classpath:db/migrations").applyAll();
        assertThat(registry)
                .hasNumberOfObservationsEqualTo(1)
                .hasObservationWithNameEqualTo("confiture.migrate")
                .that()
                .hasLowCardinalityKeyValue("outcome", "nothing_to_do")
                .hasHighCardinalityKeyValue("target", "none");
    }

    @Test
    void aFailureIsAnErrorOfBothWithoutSqlInTheirKeys() {
        assertThatThrownBy(() -> migrator("classpath:failing").applyAll()).isInstanceOf(MigrationException.class);
        assertThat(registry)
                .hasObservationWithNameEqualTo("confiture.migrate")
                .that()
                .hasLowCardinalityKeyValue("outcome", "failure")
                .hasLowCardinalityKeyValue("error", "MigrationException")
                .hasLowCardinalityKeyValueWithKey("error.code")
                .doesNotHaveLowCardinalityKeyValue("error.code", "none")
                .hasHighCardinalityKeyValue("migrations.committed", "1")
                .hasError();
        assertThat(registry)
                .hasAnObservationWithAKeyValue("migration.name", "fill_things")
                .hasAnObservation(observation -> observation
                        .hasNameEqualTo("confiture.migration")
                        .hasHighCardinalityKeyValue("migration.name", "fill_things")
                        .hasLowCardinalityKeyValue("outcome", "failure")
                        .hasError());
        assertThat(lowCardinalityValues)
                .isNotEmpty()
                .allSatisfy(value -> assertThat(value).matches("[a-zA-Z0-9_.-]{1,40}"));
        assertThat(registry).doesNotHaveAnyRemainingCurrentObservation();
    }

    @Test
    void aDatabaseThatIsNotThereIsAFailedRunThatShowsNothingOfItsAddress() {
        Migrator gone = Migrator.builder("jdbc:postgresql://127.0.0.1:1/x?password=hunter2")
                .locations("classpath:db/migrations")
                .listener(new RunObservations(registry, null, null).create("gone"))
                .build();
        assertThatThrownBy(gone::applyAll);
        assertThat(registry)
                .hasNumberOfObservationsEqualTo(1)
                .hasObservationWithNameEqualTo("confiture.migrate")
                .that()
                .hasLowCardinalityKeyValue("error", "DatabaseConnectionException")
                .hasLowCardinalityKeyValue("error.code", "CONFIG_006");
        assertThat(lowCardinalityValues).noneMatch(value -> value.contains("hunter2") || value.contains("127.0.0.1"));
    }

    @Test
    void theKeysAreThoseOfTheDocumentation() {
        migrator("classpath:db/migrations").applyAll("001");
        assertThat(registry)
                .hasObservationWithNameEqualTo("confiture.migrate")
                .that()
                .hasOnlyKeys(names(
                        ConfitureObservationDocumentation.RunLowCardinalityKeys.values(),
                        ConfitureObservationDocumentation.RunHighCardinalityKeys.values()));
        assertThat(registry)
                .hasObservationWithNameEqualTo("confiture.migration")
                .that()
                .hasOnlyKeys(names(
                        ConfitureObservationDocumentation.MigrationLowCardinalityKeys.values(),
                        ConfitureObservationDocumentation.MigrationHighCardinalityKeys.values()));
    }

    @Test
    void aRegistryThatTakesNothingIsNoObstacle() {
        assertThat(builder("classpath:db/migrations", ObservationRegistry.NOOP)
                        .build()
                        .applyAll())
                .hasSize(2);
    }

    @Test
    void conventionsOfTheApplicationNameTheObservations() {
        Migrator.builder(database.dataSource())
                .locations("classpath:db/migrations")
                .listener(new RunObservations(registry, new OwnRuns(), null).create("shop"))
                .build()
                .applyAll("001");
        assertThat(registry)
                .hasObservationWithNameEqualTo("schema.change")
                .that()
                .hasLowCardinalityKeyValue("team", "shop");
        assertThat(registry).hasObservationWithNameEqualTo("confiture.migration");
    }

    private static String[] names(KeyName[] low, KeyName[] high) {
        return Arrays.stream(KeyName.merge(low, high)).map(KeyName::asString).toArray(String[]::new);
    }

    private static final class OwnRuns extends DefaultRunObservationConvention {
        @Override
        public String getName() {
            return "schema.change";
        }

        @Override
        public KeyValues getLowCardinalityKeyValues(RunObservationContext context) {
            return super.getLowCardinalityKeyValues(context).and("team", context.database());
        }
    }
}
