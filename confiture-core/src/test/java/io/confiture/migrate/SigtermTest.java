package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.confiture.test.ChildJvm;
import io.confiture.test.PidChangingProxy;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIGTERM in the middle of a statement: nothing half done, the lock free, the ledger true, and the next start finishes. */
@Tag("conformance")
class SigtermTest extends MigratorTestCase {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The watch waits so long for a run to end; a JVM on a busy machine a while longer. */
    private static final Duration BOUND = Duration.ofSeconds(15);

    /** Ends the run while the statement waits for what another transaction holds, and tells how long it took to be gone. */
    private Duration terminatedIn(String statement, String url, String inTheWay) throws Exception {
        try (Connection other = database.connect();
                Statement block = other.createStatement();
                ChildJvm child = ChildJvm.start(MarkedMigrations.class, url, folder.location(), "up")) {
            other.setAutoCommit(false);
            block.execute(inTheWay);
            await().atMost(PATIENCE)
                    .until(() -> !database.values("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                    + " AND datname = current_database() AND query = '" + statement + "'")
                            .isEmpty());
            long start = System.nanoTime();
            child.terminate();
            assertThat(child.exitCode()).as(child.output()).isEqualTo(ChildJvm.TERMINATED);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            // Whoever is in the way is so still: nobody has waited for him.
            KillDrill.assertNothingIsHeldBut(database, 1);
            return took;
        }
    }

    private void finishes() {
        assertThat(migrator().applyAll()).isNotEmpty();
        assertThat(migrator().status().upToDate()).isTrue();
        assertThat(database.values("SELECT what FROM marks ORDER BY what")).containsExactly("2a", "2b");
        assertThat(database.values("SELECT 1 FROM pg_index WHERE NOT indisvalid"))
                .isEmpty();
        assertThat(database.values("SELECT 1 FROM pg_inherits")).isEmpty();
    }

    @Test
    void aTransactionIsRolledBack() throws Exception {
        String statement = "ALTER TABLE t ADD COLUMN v int";
        folder.write("1_base.up.sql", "CREATE TABLE marks (what text); CREATE TABLE t (id int);");
        migrator().applyAll();
        folder.write(
                "2_held.up.sql",
                "-- confiture: lock-timeout=10min\n" + MarkedMigrations.mark("2a") + statement + ";\n"
                        + MarkedMigrations.mark("2b"));
        Duration took = terminatedIn(statement, database.url(), "SELECT * FROM t");
        assertThat(took).isLessThan(BOUND);
        assertThat(ledger()).containsExactly("1");
        assertThat(database.values("SELECT what FROM marks")).isEmpty();
        finishes();
        System.out.println(
                "SIGTERM in a transaction: exit 143 within " + took.toMillis() + " ms, rolled back, lock free");
    }

    @Test
    void aStatementOutsideOfATransactionIsCancelledAndWhatIsCommittedIsKnown() throws Exception {
        segments("directly", database.url());
    }

    @Test
    void behindATransactionPoolerToo() throws Exception {
        try (PidChangingProxy pooler = new PidChangingProxy()) {
            segments("behind a pooler", pooler.url(database));
        }
    }

    private void segments(String how, String url) throws Exception {
        folder.write("1_base.up.sql", """
                CREATE TABLE marks (what text);
                CREATE TABLE t (id int);
                CREATE TABLE p (id int) PARTITION BY RANGE (id);
                CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
                """);
        migrator().applyAll();
        String index = "CREATE INDEX CONCURRENTLY i ON t (id)";
        String detach = "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY";
        folder.write(
                "2_held.up.sql",
                "-- confiture: lock-timeout=10min\n" + MarkedMigrations.mark("2a") + index + ";\n" + detach + ";\n"
                        + MarkedMigrations.mark("2b"));
        Duration first = terminatedIn(index, url, "INSERT INTO t VALUES (1)");
        assertPartial("2");
        assertThat(database.values("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"))
                .containsExactly("i");
        Duration second = terminatedIn(detach, url, "LOCK TABLE p IN ACCESS SHARE MODE");
        assertPartial("3");
        assertThat(database.values("SELECT 1 FROM pg_inherits WHERE inhdetachpending"))
                .hasSize(1);
        finishes();
        System.out.println("SIGTERM in CREATE INDEX and DETACH CONCURRENTLY " + how + ": exit 143 within "
                + first.toMillis() + " and " + second.toMillis() + " ms, lock free, the next start finished");
    }

    private void assertPartial(String failedStatement) {
        assertThat(ledger()).containsExactly("1");
        assertThat(migrator().status().migrations().get(1).state()).isEqualTo(MigrationState.PARTIAL);
        assertThat(database.values("SELECT from_statement FROM tb_confiture_run WHERE state = 'failed'"))
                .isEqualTo(List.of(failedStatement));
        assertThat(database.values("SELECT what FROM marks")).containsExactly("2a");
    }
}
