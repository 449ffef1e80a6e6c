package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.migrate.Repair.Decision;
import io.confiture.migrate.RepairReport.What;
import io.confiture.migrate.ValidationReport.Outcome;
import io.confiture.test.DatabaseContents;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A migration that is applied in part: given up, and with its file gone. */
class HalfAppliedTest extends MigratorTestCase {
    private static final String HALF = "CREATE TABLE half (id int);\nVACUUM half;\nSELECT 1/0;";

    /** 1 and 3 are there; the file in the middle has failed behind its first two segments. */
    private void fail(String file) {
        folder.write("1_a.up.sql", "CREATE TABLE a ();").write("1_a.down.sql", "DROP TABLE a;");
        migrator().applyAll();
        folder.write(file, HALF);
        assertThatThrownBy(() -> migrator().applyAll()).hasMessageContaining("division by zero");
        folder.write("3_c.up.sql", "CREATE TABLE c ();");
    }

    private MigrationInfo info(String version) {
        return migrator().status().migrations().stream()
                .filter(info -> info.version().equals(version))
                .findFirst()
                .orElseThrow();
    }

    private List<@Nullable String> segments() {
        return database.values("SELECT version FROM tb_confiture_run WHERE kind = 'segment'");
    }

    @Test
    void withoutItsFileItIsReportedEverywhereAndStopsEveryRun() {
        fail("2_b.up.sql");
        folder.delete("2_b.up.sql");
        MigrationInfo info = info("2");
        assertThat(info.state()).isEqualTo(MigrationState.PARTIAL);
        assertThat(info.file()).isNull();
        assertThat(info.detail()).isEqualTo("2 of its segments are committed, and its file is not here");
        assertThat(migrator().status().upToDate()).isFalse();
        assertThat(migrator().validate().valid()).isFalse();
        assertThat(migrator().validate().checks())
                .filteredOn(check -> check.outcome() == Outcome.FAILED)
                .singleElement()
                .satisfies(check -> assertThat(check.version() + check.what()).isEqualTo("2segments"));
        assertThat(migrator().plan().blockers()).singleElement().asString().contains("MIGR_112", "2 of its segments");
        Migrator lenient = builder().missing(Policy.ALLOW).build();
        MigrationException e = refused(MigrationException.class, ErrorCode.MIGRATION_MISSING, lenient::applyAll);
        assertThat(e).hasMessageContaining("applied in part have no file: 2 (2 of its segments");
        assertThat(e.hint()).contains("decide(\"2\", FORGET)");
        refused(MigrationException.class, ErrorCode.MIGRATION_MISSING, () -> lenient.apply("3"));
        MigrationException below =
                refused(MigrationException.class, ErrorCode.PARTIALLY_APPLIED, () -> lenient.rollback("1"));
        assertThat(below.hint()).startsWith("Put its file back").contains("decide(\"2\", FORGET)");
        refused(MigrationException.class, ErrorCode.PARTIALLY_APPLIED, () -> lenient.baseline("3"));
        folder.write("2_b.up.sql", "CREATE TABLE half (id int);\nVACUUM half;\nSELECT 1;");
        assertThat(migrator().applyAll()).hasSize(2);
    }

    @Test
    void aNewerBuildThatIsAtItRightNowKeepsNoOlderOneFromStarting() {
        fail("2_b.up.sql");
        folder.delete("2_b.up.sql");
        folder.delete("3_c.up.sql");
        assertThat(info("2").state()).isEqualTo(MigrationState.FUTURE);
        List<String> before = DatabaseContents.of(database);
        try (MigrationLock newer = migrator().lock()) {
            assertThat(newer).isNotNull();
            assertThat(migrator().applyAll()).isEmpty();
        }
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
        assertThat(migrator().plan().warnings()).anyMatch(warning -> warning.contains("2 is not finished"));
        assertThat(migrator().validate().count(Outcome.NOT_CHECKED)).isEqualTo(1);
    }

    @Test
    void aRepeatableOneWithoutItsFileKeepsNobodyFromRunning() {
        fail("R__b.sql");
        folder.delete("R__b.sql");
        assertThat(info("R").name()).isEqualTo("b");
        assertThat(info("R").state()).isEqualTo(MigrationState.FUTURE);
        assertThat(migrator().applyAll()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"002", "2_b"})
    void itIsGivenUpByDecisionAndBeginsAgainFromItsFirstStatement(String name) {
        fail("2_b.up.sql");
        database.execute("DROP TABLE half");
        folder.write("2_b.up.sql", "CREATE TABLE half (id int, more int);");
        fails(
                MigrationException.class,
                ErrorCode.PARTIAL_CHANGED,
                () -> migrator().applyAll());
        forget(name);
        assertThat(migrator().applyAll()).hasSize(2);
        assertThat(database.values("SELECT version || ' ' || state || ': ' || statement FROM tb_confiture_run"
                        + " WHERE kind = 'repair'"))
                .containsExactly("2 forget: was begun up to statement 2 of its up part; by role postgres");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "002", "2_b"})
    void itIsGivenUpAlsoWithoutItsFile(String name) {
        fail("2_b.up.sql");
        folder.delete("2_b.up.sql");
        RepairReport possible = migrator().planRepair(Repair.nothing());
        assertThat(possible.open()).extracting(RepairReport.Step::what).containsExactly(What.PARTIAL);
        assertThat(possible).hasToString("Would repair: nothing\nNot asked for: without file: 2");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.NOT_IN_DOUBT,
                () -> migrator().repair(Repair.nothing().decide(name, Decision.DONE)));
        assertThat(e).hasMessageContaining("its file is gone");
        assertThat(e.hint()).contains("FORGET");
        forget(name);
        assertThat(exists("half")).as("nothing is dropped").isTrue();
        assertThat(migrator().applyAll()).hasSize(1);
        assertThat(migrator().status().upToDate()).isTrue();
    }

    @Test
    void anInterruptedRollbackIsGivenUpTheSameWay() {
        folder.write("1_a.up.sql", "CREATE TABLE a (id int)")
                .write("1_a.down.sql", "CREATE TABLE b ();\nVACUUM a;\nSELECT 1/0;");
        migrator().applyAll();
        assertThatThrownBy(() -> migrator().rollback("1")).hasMessageContaining("division by zero");
        database.execute("DROP TABLE b");
        forget("1");
        assertThat(migrator().applyAll()).isEmpty();
        assertThat(info("1").state()).isEqualTo(MigrationState.APPLIED);
    }

    @Test
    void thereMustBeSomethingToForget() {
        folder.three();
        migrator().applyAll("1");
        for (String name : List.of("1", "2")) {
            MigrationException e = refused(
                    MigrationException.class,
                    ErrorCode.NOT_IN_DOUBT,
                    () -> migrator().repair(Repair.nothing().decide(name, Decision.FORGET)));
            assertThat(e).hasMessageContaining("nothing to forget about migration 00" + name);
        }
    }

    private void forget(String name) {
        Repair repair = Repair.nothing().decide(name, Decision.FORGET);
        List<String> before = DatabaseContents.of(database);
        RepairReport plan = migrator().planRepair(repair);
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
        assertThat(plan.steps()).singleElement().satisfies(step -> {
            assertThat(step.what()).isEqualTo(What.PARTIAL);
            assertThat(step.before()).startsWith("begun up to statement 2");
            assertThat(step.after()).startsWith("forgotten");
        });
        assertThat(segments()).isNotEmpty();
        assertThat(migrator().repair(repair).steps()).isEqualTo(plan.steps());
        assertThat(segments()).isEmpty();
    }
}
