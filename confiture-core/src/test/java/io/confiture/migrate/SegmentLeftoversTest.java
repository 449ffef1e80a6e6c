package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.test.PidChangingProxy;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a statement that the server gave up in the middle leaves behind, and the next run clears away. */
class SegmentLeftoversTest extends MigratorTestCase {
    private static final String INVALID = "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid";

    /** Runs while somebody has a transaction open, so that the statement gives up after its first half. */
    private void giveUp(Migrator migrator, String inTheWay) throws Exception {
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute(inTheWay);
            assertThatThrownBy(migrator::applyAll).hasMessageContaining("lock timeout");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REINDEX INDEX CONCURRENTLY p_id",
                "REINDEX TABLE CONCURRENTLY p",
                "REINDEX (CONCURRENTLY) SCHEMA public"
            })
    void leftoversOfAReindexLieOnThePartitionsAndOnTheTablesOfLongValues(String reindex) throws Exception {
        database.execute(
                "CREATE TABLE p (id int, long text) PARTITION BY RANGE (id)",
                "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10)",
                "CREATE INDEX p_id ON p (id)");
        folder.write("1_r.up.sql", "-- confiture: lock-timeout=100ms\n" + reindex + ";");
        giveUp(builder().retries(0).build(), "SELECT 1 FROM pg_class");
        assertThat(database.values(INVALID)).hasSize(reindex.contains("INDEX C") ? 1 : 2);

        migrator().applyAll();

        assertThat(database.values(INVALID)).isEmpty();
        assertThat(database.values("SELECT relname FROM pg_class WHERE relname ~ '_cc(new|old)'"))
                .isEmpty();
    }

    @Test
    void aLeftoverOfAnotherIndexIsNotTakenForOurs() throws Exception {
        database.execute("CREATE TABLE t (a int)", "CREATE INDEX t_a ON t (a)", "CREATE INDEX t_a2 ON t (a)");
        folder.write("1_r.up.sql", "-- confiture: lock-timeout=100ms\nREINDEX INDEX CONCURRENTLY t_a;");
        giveUp(builder().retries(0).build(), "INSERT INTO t VALUES (1)");
        database.execute("ALTER INDEX t_a_ccnew RENAME TO t_a2_ccnew");
        migrator().applyAll();
        assertThat(database.values(INVALID)).containsExactly("t_a2_ccnew");
    }

    @Test
    void behindATransactionPoolerNoSettingIsLeftInWhatOthersUseNext() throws Exception {
        database.execute("CREATE EXTENSION pg_stat_statements", "CREATE TABLE t (id int)");
        folder.write("1_i.up.sql", "CREATE INDEX CONCURRENTLY i ON t (id);");
        try (PidChangingProxy pooler = new PidChangingProxy()) {
            String url = pooler.url(database);
            giveUp(
                    Migrator.builder(url + "&options=-c%20lock_timeout=100ms")
                            .locations(folder.location())
                            .retries(0)
                            .build(),
                    "INSERT INTO t VALUES (1)");
            assertThat(database.values(INVALID)).containsExactly("i");
            Migrator.builder(url).locations(folder.location()).build().applyAll();
        }
        assertThat(database.values(INVALID)).isEmpty();
        assertThat(database.values("SELECT query FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
                        + " WHERE d.datname = current_database() AND query ~* '^SET lock_timeout'"))
                .isEmpty();
    }
}
