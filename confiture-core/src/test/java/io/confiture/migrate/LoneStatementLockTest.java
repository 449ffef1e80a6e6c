package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements outside of transactions that ask for a lock which keeps everybody out. */
class LoneStatementLockTest extends MigratorTestCase {
    @BeforeEach
    void tables() {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "ALTER TABLE t CLUSTER ON t_pkey",
                "CREATE TABLE p (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10)");
    }

    private Migrator impatient() {
        return builder().lockTimeout(Duration.ofMillis(50)).retries(1).build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VACUUM FULL t | t",
                "CLUSTER | t",
                "REINDEX SCHEMA public | t",
                "'-- confiture: lock-timeout=50ms\nALTER TABLE p DETACH PARTITION p1 CONCURRENTLY' | p1"
            })
    void givesUpAfterTheLockTimeoutAndGoesOnWithTheNextStart(String sql, String table) throws SQLException {
        folder.write("1_alone.up.sql", sql + ";");
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO " + table + " VALUES (1)");
            for (int start = 1; start <= 2; start++) {
                LockTimeoutException e =
                        fails(LockTimeoutException.class, ErrorCode.STATEMENT_LOCK_TIMEOUT, impatient()::applyAll);
                assertThat(e).hasMessageContaining("lock timeout [55P03]");
            }
            writer.rollback();
        }
        assertThat(impatient().applyAll()).hasSize(1);
        assertThat(database.values("SELECT 1 FROM pg_inherits WHERE inhdetachpending"))
                .isEmpty();
        assertThat(migrator().applyAll()).isEmpty();
    }

    @Test
    void theScriptsOwnWordHolds() {
        folder.write("1_alone.up.sql", "-- confiture: lock-timeout=7s transactional=false\nCALL seen();");
        database.execute(
                "CREATE TABLE seen (t text)",
                "CREATE PROCEDURE seen() LANGUAGE sql AS $$INSERT INTO seen VALUES (current_setting('lock_timeout'))$$");
        migrator().applyAll();
        assertThat(value("SELECT t FROM seen")).isEqualTo("7s");
    }

    @Test
    void aProcedureThatCommitsByItselfWaitsAsLongAsItTakesBecauseNobodyCouldTellHowFarItCame() {
        folder.write("1_alone.up.sql", "-- confiture: transactional=false\nCALL seen();");
        database.execute(
                "CREATE TABLE seen (t text)",
                "CREATE PROCEDURE seen() LANGUAGE sql AS $$INSERT INTO seen VALUES (current_setting('lock_timeout'))$$");
        migrator().applyAll();
        assertThat(value("SELECT t FROM seen")).isEqualTo("0");
    }
}
