package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.DatabaseContents;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;

/** Repairs that are planned before they are carried out. */
abstract class RepairTestCase extends MigratorTestCase {
    @AutoClose("shutdownNow")
    final ExecutorService others = Executors.newCachedThreadPool();

    List<@Nullable String> audit() {
        return database.values("SELECT version || ' ' || state || ': ' || statement FROM tb_confiture_run"
                + " WHERE kind = 'repair' ORDER BY id");
    }

    /** Plans, asserts that this changed nothing, repairs, and asserts that exactly the plan was carried out. */
    RepairReport repairAsPlanned(Repair repair) {
        List<String> before = DatabaseContents.of(database);
        RepairReport plan = migrator().planRepair(repair);
        assertThat(plan.executed()).isFalse();
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
        RepairReport report = migrator().repair(repair);
        assertThat(report.executed()).isTrue();
        assertThat(report.steps()).isEqualTo(plan.steps());
        assertThat(report.open()).isEqualTo(plan.open());
        assertThat(audit()).hasSizeGreaterThanOrEqualTo(report.steps().size());
        return report;
    }
}
