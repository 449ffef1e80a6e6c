package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.actuate.ConfitureHealthIndicator;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.confiture.verification.DriftReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What each property below {@code confiture.drift} changes, seen at the comparison. */
class DriftPropertiesTest {
    private static final String MIGRATIONS = "confiture.drift.against=migrations";
    private static final String PEOPLE = "confiture.build.include=classpath:schema/people";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    private Path temp;

    private ApplicationContextRunner runner = new ApplicationContextRunner();

    @BeforeEach
    void migrated() {
        runner = runner.withConfiguration(
                        AutoConfigurations.of(ConfitureAutoConfiguration.class, ConfitureHealthAutoConfiguration.class))
                .withPropertyValues("confiture.url=" + database.url());
        runner.run(context -> assertThat(context).hasNotFailed());
    }

    private DriftReport drift(String... properties) {
        List<DriftReport> reports = new ArrayList<>();
        runner.withPropertyValues(properties)
                .run(context -> reports.add(
                        context.getBean(Verifications.class).drift("default", context.getBean(Migrator.class))));
        return reports.get(0);
    }

    @Test
    void against() {
        assertThat(drift()).isInstanceOf(DriftReport.NotChecked.class);
        assertThat(drift(MIGRATIONS)).isInstanceOf(DriftReport.InSync.class);
        assertThat(drift("confiture.drift.against=schema", PEOPLE)).isInstanceOf(DriftReport.InSync.class);
        assertThat(drift("confiture.drift.against=schema", "confiture.build.include=classpath:schema/orders"))
                .isInstanceOf(DriftReport.Drifted.class);
    }

    @Test
    void expected() {
        Path catalog = temp.resolve("expected.json");
        runner.withPropertyValues(PEOPLE)
                .run(context -> context.getBean(Verifications.class)
                        .of("default", context.getBean(Migrator.class))
                        .writeExpected(catalog));
        String expected = "confiture.drift.expected=file:" + catalog;
        assertThat(drift(expected)).isInstanceOf(DriftReport.InSync.class);
        database.execute("ALTER TABLE people ADD COLUMN by_hand int");
        assertThat(drift(expected, "confiture.drift.against=expected")).isInstanceOf(DriftReport.Drifted.class);
    }

    @Test
    void schemas() {
        database.execute("CREATE SCHEMA theirs", "CREATE TABLE theirs.some (id int)");
        assertThat(drift(MIGRATIONS)).isInstanceOf(DriftReport.Drifted.class);
        assertThat(drift(MIGRATIONS, "confiture.drift.schemas=public")).isInstanceOf(DriftReport.InSync.class);
    }

    @Test
    void owners() {
        database.execute("ALTER TABLE people OWNER TO pg_database_owner");
        assertThat(drift(MIGRATIONS)).isInstanceOf(DriftReport.InSync.class);
        assertThat(drift(MIGRATIONS, "confiture.drift.owners=true")).isInstanceOf(DriftReport.Drifted.class);
    }

    @Test
    void grants() {
        database.execute("GRANT SELECT ON people TO PUBLIC");
        assertThat(drift(MIGRATIONS)).isInstanceOf(DriftReport.InSync.class);
        assertThat(drift(MIGRATIONS, "confiture.drift.grants=true")).isInstanceOf(DriftReport.Drifted.class);
    }

    @Test
    void health() {
        database.execute("ALTER TABLE people ADD COLUMN by_hand int");
        assertThat(status(MIGRATIONS)).isEqualTo(Status.UP);
        assertThat(status(MIGRATIONS, "confiture.drift.health=1h")).isEqualTo(Status.OUT_OF_SERVICE);
    }

    private Status status(String... properties) {
        List<Status> statuses = new ArrayList<>();
        runner.withPropertyValues(properties)
                .run(context -> statuses.add(
                        context.getBean(ConfitureHealthIndicator.class).health().getStatus()));
        return statuses.get(0);
    }
}
