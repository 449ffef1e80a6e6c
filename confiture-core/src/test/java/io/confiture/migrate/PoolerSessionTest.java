package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookContext;
import io.confiture.hook.MigrationHook;
import io.confiture.test.PidChangingProxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What other clients find in a session of the server that a transaction pooler has lent to Confiture. */
class PoolerSessionTest extends MigratorTestCase {
    private static final String RECKLESS = """
            SET lock_timeout = '77s'; SET statement_timeout = '78s'; SET search_path = pg_catalog;
            SET TimeZone = 'Asia/Tokyo'; SET default_transaction_isolation = serializable; SET app.tenant = 'acme';
            CREATE TEMP TABLE scratch (id int); PREPARE p AS SELECT 1; DECLARE c CURSOR WITH HOLD FOR SELECT 1;
            SELECT pg_advisory_lock(4711), pg_advisory_lock_shared(4712), pg_advisory_xact_lock(4713);
            SELECT set_config('work_mem', '1234kB', false); SET ROLE pg_monitor;
            """;

    @AutoClose
    private final PidChangingProxy proxy = new PidChangingProxy();

    /** The session of the server, as the pooler keeps it for whoever comes next. */
    @AutoClose
    private Connection pooled;

    private List<String> before = List.of();

    @BeforeEach
    void connect() throws SQLException {
        pooled = DriverManager.getConnection(proxy.url(database) + "&prepareThreshold=-1");
        // By the pooler for its client, and by a client before us.
        sql("SET TimeZone = 'Europe/Paris'; SET app.tenant = 'their own'");
        before = session();
    }

    private void sql(String sql) throws SQLException {
        try (var statement = pooled.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> session() throws SQLException {
        try (var statement = pooled.createStatement();
                var rs =
                        statement.executeQuery("SELECT name || '=' || setting FROM pg_settings WHERE source = 'session'"
                                + " UNION ALL SELECT 'app.tenant=' || current_setting('app.tenant')"
                                + " UNION ALL SELECT 'user=' || current_user"
                                + " UNION ALL SELECT 'prepared ' || statement FROM pg_prepared_statements WHERE from_sql"
                                + " UNION ALL SELECT 'cursor ' || name FROM pg_cursors WHERE is_holdable"
                                + " UNION ALL SELECT 'lock ' || objid || mode FROM pg_locks WHERE locktype = 'advisory'"
                                + " AND pid = pg_backend_pid() UNION ALL SELECT 'temporary ' || relname FROM pg_class"
                                + " WHERE relnamespace = pg_my_temp_schema() ORDER BY 1")) {
            List<String> found = new ArrayList<>();
            while (rs.next()) {
                found.add(rs.getString(1));
            }
            return found;
        }
    }

    private MigratorBuilder throughPooler() {
        return Migrator.builder(pooled).lockDataSource(database.dataSource()).locations(folder.location());
    }

    @Test
    void aScriptLeavesNothingInIt() throws Exception {
        folder.write("beforeMigrate.sql", RECKLESS)
                .write("001_one.up.sql", RECKLESS)
                .write("002_two.up.sql", RECKLESS)
                .write("afterMigrate.sql", RECKLESS);
        assertThat(throughPooler().build().applyAll()).hasSize(2);
        assertThat(session()).isEqualTo(before);
    }

    @Test
    void aScriptThatFailsLeavesNothingInIt() throws Exception {
        folder.write("001_one.up.sql", RECKLESS + "SELECT 1/0;");
        fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> throughPooler().build().applyAll());
        assertThat(session()).isEqualTo(before);
        folder.delete("001_one.up.sql");
        folder.write("beforeMigrate.sql", RECKLESS + "SELECT 1/0;").write("002_two.up.sql", "");
        fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> throughPooler().build().applyAll());
        assertThat(session()).isEqualTo(before);
    }

    @Test
    void aPieceOfAScriptLeavesNothingInIt() throws Exception {
        database.execute("CREATE FUNCTION sneak() RETURNS text LANGUAGE sql"
                + " AS $$ SELECT set_config('work_mem', '4321kB', false) $$");
        folder.write(
                "001_pieces.up.sql",
                "CREATE TABLE t (id int);\nSELECT sneak(), pg_advisory_lock(4714);\nCREATE TEMP TABLE scratch (id int);\n"
                        + "CREATE INDEX CONCURRENTLY i ON t (id);\nSELECT sneak();");
        assertThat(throughPooler().build().applyAll()).hasSize(1);
        assertThat(session()).isEqualTo(before);
    }

    @Test
    void whatAHookSetsIsNotLeftInIt() throws Exception {
        folder.three();
        assertThat(throughPooler()
                        .hook(new MigrationHook() {
                            @Override
                            public void beforeExecute(HookContext context) {
                                context.jdbc().sql("SET work_mem = '4321kB'").update();
                            }

                            @Override
                            public void afterExecute(HookContext context) {
                                context.jdbc().sql("SET lock_timeout = '5s'").update();
                                context.jdbc()
                                        .sql("SELECT pg_advisory_lock(1)")
                                        .query((rs, row) -> 1)
                                        .list();
                            }
                        })
                        .build()
                        .applyAll())
                .hasSize(3);
        assertThat(session()).isEqualTo(before);
    }

    @Test
    void whatAPoolerHasSetForItsClientHoldsInEveryMigration() {
        folder.write("001_one.up.sql", RECKLESS)
                .write("002_two.up.sql", "CREATE TABLE zone AS SELECT current_setting('TimeZone') AS name;");
        throughPooler().build().applyAll();
        assertThat(value("SELECT name FROM zone")).isEqualTo("Europe/Paris");
    }

    @Test
    void theLockTimeoutHoldsBehindAScriptForHooksAndTheLedgerToo() {
        folder.write("001_one.up.sql", RECKLESS);
        List<String> timeouts = new ArrayList<>();
        throughPooler()
                .lockTimeout(Duration.ofSeconds(4))
                .hook(new MigrationHook() {
                    @Override
                    public void afterExecute(HookContext context) {
                        timeouts.add(context.jdbc()
                                .sql("SHOW lock_timeout")
                                .query(String.class)
                                .single());
                    }
                })
                .build()
                .applyAll();
        assertThat(timeouts).containsExactly("4s");
    }

    @Test
    void aScriptRunsAsItWasTakenApartWhateverTheDatabaseSaysOfBackslashes() throws Exception {
        database.execute("ALTER DATABASE " + database.name() + " SET standard_conforming_strings = off");
        pooled.close();
        connect();
        folder.write("001_path.up.sql", "CREATE TABLE path AS SELECT 'C:\\' AS root; SELECT 1, ';';");
        throughPooler().build().applyAll();
        assertThat(value("SELECT root FROM path")).isEqualTo("C:\\");
        assertThat(session()).isEqualTo(before);
    }

    @Test
    void theIndexThatAFailedBuildHasLeftIsDroppedWithoutASettingThatStays() throws Exception {
        folder.write(
                "001_unique.up.sql",
                "CREATE TABLE t AS SELECT 1 AS id FROM generate_series(1, 2);\nCREATE UNIQUE INDEX CONCURRENTLY u ON t (id);");
        fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> throughPooler().build().applyAll());
        database.execute("UPDATE t SET id = 2 WHERE ctid = '(0,1)'");
        assertThat(throughPooler().build().applyAll()).hasSize(1);
        assertThat(value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'u'::regclass"))
                .isEqualTo("t");
        assertThat(session()).isEqualTo(before);
    }

    @Test
    void timeoutsThatCannotBeSetAreReportedWithTheStatement() {
        folder.write("001_table.up.sql", "CREATE TABLE t (id int);")
                .write(
                        "002_index.up.sql",
                        "-- confiture: lock-timeout=2s\nINSERT INTO t VALUES (1);\nCREATE INDEX CONCURRENTLY i ON t (id);");
        List<MigrationResult> results =
                throughPooler().statementTimeout(Duration.ofMinutes(5)).build().applyAll();
        assertThat(results.get(0).warnings()).isEmpty();
        assertThat(results.get(1).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning)
                        .startsWith(
                                "002_index: no lock_timeout of 2.0 s and no statement_timeout of 300.0 s for the statement at ")
                        .contains("002_index.up.sql:3. It runs outside of a transaction")
                        .contains("confiture.url"));
    }

    @Test
    void aCallbackThatHasLostTheLockIsRolledBack() {
        folder.three()
                .write(
                        "afterMigrate.sql",
                        "CREATE TABLE told (id int); SELECT pg_terminate_backend(l.pid, 10000) FROM pg_locks l WHERE l.locktype ="
                                + " 'advisory' AND l.pid <> pg_backend_pid() AND l.database = (SELECT oid FROM pg_database"
                                + " WHERE datname = current_database());");
        MigrationException lost = fails(
                MigrationException.class,
                ErrorCode.LOCK_LOST,
                () -> throughPooler().build().applyAll());
        assertThat(lost).hasMessageContaining("afterMigrate.sql");
        assertThat(lost.committed()).hasSize(3);
        assertThat(exists("told")).isFalse();
    }
}
