package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** An application that Flyway has migrated so far is started with Confiture, and Flyway's files. */
@ExtendWith(OutputCaptureExtension.class)
class LeavingFlywayTest {
    private static final String LOCATIONS = "confiture.migrate.locations=classpath:db/migration";
    private static final String NAMING = "confiture.migrate.naming=flyway";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @BeforeEach
    void flywayHasAppliedTheFirst() {
        Flyway.configure()
                .dataSource(database.dataSource())
                .locations("classpath:db/migration")
                .target("1")
                .load()
                .migrate();
    }

    private List<@Nullable String> ledger() {
        return database.values("SELECT version || '_' || name FROM tb_confiture ORDER BY pk_confiture");
    }

    @Test
    void theSettingsOfTheGuideTakeItOverOnceAndGoOn() {
        String settings = "spring.config.additional-location=classpath:leaving/";
        try (ConfigurableApplicationContext context = Apps.start(database, settings)) {
            assertThat(context.getBean(Migrator.class).validate().valid()).isTrue();
        }
        assertThat(ledger()).containsExactly("1_create_customers", "2_add_email");
        assertThat(database.value("SELECT count(*) FROM customer_names")).isEqualTo("0");
        Apps.start(database, settings).close();
        Apps.start(database, LOCATIONS, NAMING).close();
        assertThat(database.value("SELECT count(*) FROM flyway_schema_history WHERE version IS NOT NULL"))
                .isEqualTo("1");
    }

    @Test
    void aStartThatFindsItsHistoryTellsWhatItWouldAdoptAndHowToGoOn(CapturedOutput output) {
        assertThat(Apps.failure(database, LOCATIONS, NAMING)).isNotNull();
        assertThat(FailureAnalysisTest.report(output))
                .contains("Another tool has migrated this database:")
                .contains("MIGR_140: public.flyway_schema_history exists, and nothing was ever written to"
                        + " public.tb_confiture")
                .contains("V1__create_customers.sql: adopted as 1_create_customers")
                .contains("Pending after it: 2_add_email")
                .contains("confiture.migrate.adopt=flyway")
                .contains("confiture.migrate.adopt=none");
        assertThat(database.value("SELECT to_regclass('tb_confiture')")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate", "wait"})
    void anApplicationThatOnlyLooksTellsWhyItsHistoryStopsARun(String mode, CapturedOutput output) {
        assertThat(Apps.failure(
                        database,
                        LOCATIONS,
                        NAMING,
                        "confiture.migrate.mode=" + mode,
                        "confiture.migrate.wait-timeout=100ms"))
                .isNotNull();
        assertThat(FailureAnalysisTest.report(output))
                .contains("MIGR_120")
                .contains("a run would stop: MIGR_140: public.flyway_schema_history exists");
    }

    @Test
    void namesOfFlywayWithoutTheSettingLeadToIt(CapturedOutput output) {
        assertThat(Apps.failure(database, LOCATIONS)).isNotNull();
        assertThat(FailureAnalysisTest.report(output)).contains("confiture.migrate.naming=flyway");
    }

    @Test
    void whatStandsInTheWayIsTold(CapturedOutput output) {
        database.execute("UPDATE flyway_schema_history SET checksum = 1 WHERE version = '1'");
        assertThat(Apps.failure(database, LOCATIONS, NAMING, "confiture.migrate.adopt=flyway"))
                .isNotNull();
        assertThat(FailureAnalysisTest.report(output))
                .contains("The history of another tool cannot be taken over as it is:")
                .contains("MIGR_141")
                .contains("V1__create_customers.sql is not what Flyway ran");
    }
}
