package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.confiture.test.DatabaseContents;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A dry run or a verification that is cancelled in the middle leaves no more than one that ends by itself. */
class TrialCancelTest extends MigratorTestCase {
    private static final String LEAVES = "SELECT pg_advisory_lock(7) IS NOT NULL, pg_advisory_lock(7) IS NOT NULL;\n";
    private static final String WAITS = "SELECT pg_advisory_xact_lock(42) IS NOT NULL;";

    @AutoClose("shutdownNow")
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AutoClose
    private Connection blocker;

    @AutoClose
    private Connection callers;

    @BeforeEach
    void block() throws SQLException {
        blocker = database.connect();
        callers = database.connect();
        blocker.createStatement().execute("SELECT pg_advisory_lock(42)");
    }

    private Migrator callersMigrator() {
        return Migrator.builder(callers)
                .locations(folder.location())
                .lockTimeout(Duration.ZERO)
                .build();
    }

    private void cancelled(Function<AsyncMigrator, CompletableFuture<?>> call) throws Exception {
        List<String> before = DatabaseContents.of(database);
        CompletableFuture<?> future = call.apply(callersMigrator().async(executor));
        await().until(() -> !database.values("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND wait_event_type = 'Lock'")
                .isEmpty());
        future.cancel(true);
        executor.submit(() -> {}).get(30, TimeUnit.SECONDS);
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
        try (Statement statement = callers.createStatement();
                var rows = statement.executeQuery("SELECT count(*), (SELECT count(*) FROM pg_prepared_statements WHERE"
                        + " from_sql), current_setting('work_mem') = '70MB' FROM pg_locks WHERE locktype = 'advisory'"
                        + " AND pid = pg_backend_pid()")) {
            rows.next();
            assertThat(rows.getInt(1)).isZero();
            assertThat(rows.getInt(2)).isZero();
            assertThat(rows.getBoolean(3)).isFalse();
        }
    }

    @Test
    void aDryRun() throws Exception {
        folder.write(
                "1_a.up.sql",
                "CREATE TABLE a (); SET work_mem = '70MB'; PREPARE p AS SELECT 1; " + LEAVES
                        + WAITS.replace(";", " ;"));
        cancelled(AsyncMigrator::dryRun);
        assertThat(migrator().lockHolder()).isEmpty();
    }

    @Test
    void aVerification() throws Exception {
        folder.write("1_a.up.sql", "CREATE TABLE a ();");
        migrator().applyAll();
        folder.write("1_a.verify.sql", "SELECT set_config('work_mem', '70MB', false) = '70MB';" + LEAVES + WAITS);
        cancelled(AsyncMigrator::verify);
    }

    @Test
    void aVerificationWithinAMigration() throws Exception {
        folder.write("1_a.up.sql", "-- confiture: verify=always\nCREATE TABLE a ();")
                .write("1_a.verify.sql", LEAVES + WAITS);
        migrator().initialize();
        cancelled(AsyncMigrator::applyAll);
        assertThat(ledger()).isEmpty();
    }
}
