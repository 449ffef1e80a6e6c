package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.CommittedMigration;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookContext;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.test.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the page on migrations shows, run. */
class DocumentedExamplesTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose("shutdown")
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    private final DataSource dataSource = database.dataSource();
    private final List<String> told = new ArrayList<>();

    // hook
    static final class AuditHook implements MigrationHook {
        @Override
        public void beforeRun(HookContext context) {
            if (context.migrations().size() > 50) {
                throw new IllegalStateException("More than 50 migrations at once: is this the right database?");
            }
        }

        @Override
        public void afterExecute(HookContext context) {
            context.jdbc()
                    .sql("INSERT INTO deployments (migration, rows_affected) VALUES (?, ?)")
                    .param(context.migrationName())
                    .param(context.rowsAffected())
                    .update();
        }
    }
    // end

    @Test
    void thePagesScriptsAndCallsRun() {
        database.execute("CREATE TABLE deployments (migration text, rows_affected bigint)");
        // builder
        Migrator migrator = Migrator.builder(dataSource)
                .locations("classpath:docs")
                .lockTimeout(Duration.ofSeconds(2))
                .outOfOrder(Policy.WARN)
                .hook(new AuditHook())
                .hook(MigrationHook.at(HookPoint.AFTER_COMMIT, context -> told.add(context.migrationName())))
                .build();
        // end
        // operations
        MigrationPlan plan = migrator.plan(); // what would be done; nothing is run
        migrator.apply("009_create_orders"); // exactly one
        List<MigrationResult> results = migrator.applyAll(); // everything that is pending
        MigrationStatus status = migrator.status();
        ValidationReport report = migrator.validate();
        migrator.rollback("012"); // the newest
        migrator.rollbackTo("010"); // everything above 010
        // end
        assertThat(plan.steps()).hasSize(4);
        assertThat(results).hasSize(3);
        assertThat(status.upToDate()).isTrue();
        assertThat(report.valid()).isTrue();
        assertThat(told).startsWith("create_orders", "add_status", "index_orders", "backfill");
        assertThat(database.value("SELECT count(*) FROM deployments")).isEqualTo("4");
        assertThat(migrator.status().appliedCount()).isEqualTo(2);
    }

    @Test
    void thePlaceholdersOfThePageReachItsScripts() {
        String role = "role of " + database.name();
        database.execute("CREATE ROLE \"" + role + "\"");
        try {
            // placeholders
            Migrator migrator = Migrator.builder(dataSource)
                    .locations("classpath:docs-text")
                    .placeholders(Map.of("report-role", role))
                    .build();
            // end
            Migration migration = migrator.pending().get(0);
            migrator.applyAll();
            assertThat(migration.metadata()).containsEntry("ticket", "DATA-42");
            assertThat(database.value("SELECT has_table_privilege('" + role + "', 'reports', 'SELECT')"))
                    .isEqualTo("t");
            assertThat(database.value("SELECT has_schema_privilege('" + role + "', 'public', 'USAGE')"))
                    .isEqualTo("t");
            database.execute("INSERT INTO reports VALUES (1)");
            assertThat(database.value("SELECT made_by FROM reports")).isEqualTo("${report-role}");
        } finally {
            database.execute("DROP OWNED BY \"" + role + "\"; DROP ROLE \"" + role + "\"");
        }
    }

    @Test
    void thePagesChecksBeforeAndAfterRun() {
        Migrator migrator =
                Migrator.builder(dataSource).locations("classpath:docs-checks").build();
        // dry-run
        DryRunReport trial = migrator.dryRun(DryRunOptions.defaults().lockLimit(Duration.ofSeconds(10)));
        for (DryRunReport.MigrationTrial migration : trial.migrations()) {
            told.add(migration.version() + " " + migration.outcome() + " " + migration.duration());
        }
        // end
        assertThat(trial.wouldSucceed()).isFalse();
        assertThat(told).hasSize(2).first().asString().startsWith("013 ok PT");
        assertThat(told.get(1)).startsWith("014 not_tried");
        migrator.applyAll();
        // verify
        ValidationReport verified = migrator.verify();
        for (ValidationReport.Check check : verified.checks()) {
            told.add(check.version() + " " + check.what() + ": " + check.outcome() + ", " + check.detail());
        }
        // end
        assertThat(verified.valid()).isTrue();
        assertThat(told).contains("013 verify: ok, all true in 3 rows of 2 statements");
    }

    @Test
    void theAsynchronousCallsOfThePageRun() {
        Migrator migrator =
                Migrator.builder(dataSource).locations("classpath:docs").build();
        // async
        AsyncMigrator async = migrator.async(executor);
        CompletableFuture<List<MigrationResult>> run = async.apply("009_create_orders")
                .thenCompose(first -> async.applyAll())
                .whenComplete((results, failure) -> told.add(failure == null ? "done" : failure.getMessage()));
        CompletableFuture<ValidationReport> report = async.validate().orTimeout(5, TimeUnit.MINUTES);
        report.cancel(true); // ends its statement in the server, as a timeout does; false if it had ended
        // end
        assertThat(run.join()).hasSize(3);
        assertThat(told).containsExactly("done");
        assertThat(report).isDone();
    }

    @Test
    void aDatabaseThatWasMadeWithoutTheFilesIsTakenOver() {
        database.execute("CREATE TABLE orders (id int PRIMARY KEY, placed_at date, status text)");
        Migrator migrator =
                Migrator.builder(dataSource).locations("classpath:docs").build();
        // baseline
        List<MigrationResult> recorded = migrator.baseline("010_add_status"); // 009 and 010, not run
        List<MigrationResult> applied = migrator.applyAll(); // 011 and 012
        // end
        assertThat(recorded).extracting(MigrationResult::action).containsOnly(MigrationAction.BASELINED);
        assertThat(applied).extracting(MigrationResult::version).containsExactly("011", "012");
    }

    @Test
    void theRepairOfThePageIsShownBeforeItIsDone() {
        Migrator migrator =
                Migrator.builder(dataSource).locations("classpath:docs").build();
        migrator.applyAll("011");
        database.execute(
                "INSERT INTO orders (placed_at) VALUES ('2024-01-01')",
                "ALTER TABLE orders ADD CONSTRAINT never_closed CHECK (status <> 'closed')");
        assertThatThrownBy(migrator::applyAll).hasMessageContaining("never_closed");
        database.execute(
                "ALTER TABLE orders DROP CONSTRAINT never_closed",
                "UPDATE tb_confiture SET checksum = NULL WHERE version = '009'",
                "INSERT INTO tb_confiture (slug, version, name) VALUES ('gone', '008', 'gone')");
        // repair
        RepairReport possible = migrator.planRepair(Repair.nothing()); // open(): what could be asked for
        Repair repair = Repair.nothing()
                .realignChecksums() // the files are right
                .clearMissing() // and those that are gone will not come back
                .decide("012_backfill", Repair.Decision.RETRY); // or DONE, FORGET
        RepairReport plan = migrator.planRepair(repair); // steps(): exactly what repair would do
        RepairReport done = migrator.repair(repair);
        migrator.applyAll();
        // end
        assertThat(possible.open()).hasSize(3);
        assertThat(done.steps()).isEqualTo(plan.steps()).hasSize(3);
        assertThat(database.value("SELECT status FROM orders")).isEqualTo("closed");
    }

    @Test
    void theErrorsOfThePageTellWhatTheySay() {
        Migrator migrator =
                Migrator.builder(dataSource).locations("classpath:docs-broken").build();
        List<Object> seen = new ArrayList<>();
        // errors
        try {
            migrator.applyAll();
        } catch (LockTimeoutException e) {
            seen.add(e.hint()); // who holds the lock, and what to do about it
        } catch (MigrationException e) {
            seen.add(e.code()); // MIGR_106
            seen.add(e.migration()); // 001_broken
            seen.add(e.file() + ":" + e.line() + ":" + e.column());
            seen.add(e.sql()); // the statement
            seen.add(e.position()); // of the error in it, as the server counts
            seen.add(e.sqlState());
            for (CommittedMigration committed : e.committed()) {
                seen.add(committed); // applied before the failing one, and stays
            }
        }
        // end
        assertThat(seen)
                .hasToString("[MIGR_106, 001_broken, docs-broken/001_broken.up.sql:2:8, SELECT nonsense, 8, 42703]");
    }
}
