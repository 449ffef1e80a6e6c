package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.test.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** What a migration does to its session is seen by nobody: not by the ledger, the next migration, or the caller. */
class SessionIsolationTest extends MigratorTestCase {
    private static final String[] SETTINGS = {
        "search_path",
        "role",
        "session_authorization",
        "lock_timeout",
        "statement_timeout",
        "application_name",
        "default_transaction_read_only",
        "default_transaction_isolation",
        "client_connection_check_interval",
        "tcp_keepalives_idle",
        "work_mem",
        "timezone",
        "idle_in_transaction_session_timeout",
        "my.custom"
    };

    private String role;

    @BeforeEach
    void role() {
        role = "weak_" + database.name();
        TestServer.execute("CREATE ROLE " + role + " LOGIN");
    }

    @AfterEach
    void dropRole() {
        database.execute("DROP OWNED BY " + role);
        TestServer.execute("DROP ROLE " + role);
    }

    private static Map<String, String> state(Connection connection) throws SQLException {
        Map<String, String> state = new LinkedHashMap<>();
        state.put("auto-commit", String.valueOf(connection.getAutoCommit()));
        state.put("read-only", String.valueOf(connection.isReadOnly()));
        state.put("network timeout", String.valueOf(connection.getNetworkTimeout()));
        state.put("isolation", String.valueOf(connection.getTransactionIsolation()));
        state.put(
                "prepare threshold",
                String.valueOf(connection.unwrap(PGConnection.class).getPrepareThreshold()));
        for (String setting : SETTINGS) {
            try (var statement = connection.createStatement();
                    var rs = statement.executeQuery("SELECT coalesce(current_setting('" + setting + "', true), '')")) {
                rs.next();
                state.put(setting, rs.getString(1));
            }
        }
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
        return state;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET search_path = pg_catalog",
                "SET search_path = ''",
                "SET LOCAL search_path = nowhere",
                "SELECT set_config('search_path', 'pg_temp', false)",
                "SET ROLE %s",
                "SET SESSION AUTHORIZATION %s",
                "SET SESSION AUTHORIZATION %s; SET ROLE %1$s",
                "SELECT set_config('role', '%s', true)",
                "SET statement_timeout = '59s'",
                "SET LOCAL statement_timeout = '59s'",
                "SET lock_timeout = 0",
                "SET application_name = 'mine'",
                "SET my.custom = 'x'",
                "SET TIME ZONE 'Asia/Tokyo'",
                "SET default_transaction_read_only = on",
                "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
                "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
                "RESET ALL",
                "DISCARD PLANS",
                "SET session_replication_role = replica",
                "SET row_security = off",
            })
    void whatAMigrationSetsIsSeenByNobody(String sql) throws Exception {
        String probe = "CREATE TABLE seen_%s AS SELECT name, setting FROM pg_settings WHERE name NOT IN"
                + " ('application_name', 'transaction_isolation') AND name NOT LIKE 'plpgsql.%%';\nINSERT INTO seen_%1$s VALUES ('who', current_user || session_user);";
        folder.write("001_before.up.sql", probe.formatted("before"))
                .write("002_sets.up.sql", sql.formatted(role) + ";\n")
                .write("003_after.up.sql", probe.formatted("after"));
        try (Connection connection = database.connect()) {
            Map<String, String> before = state(connection);
            Migrator migrator =
                    Migrator.builder(connection).locations(folder.location()).build();
            assertThat(migrator.applyAll()).hasSize(3);
            assertThat(state(connection)).isEqualTo(before);
            assertThat(connection.isClosed()).isFalse();
        }
        assertThat(ledger()).containsExactly("001", "002", "003");
        assertThat(database.values("(TABLE seen_before EXCEPT TABLE seen_after) UNION ALL"
                        + " (TABLE seen_after EXCEPT TABLE seen_before)"))
                .isEmpty();
    }

    @Test
    void theCallersConnectionComesBackAsItWasGiven() throws Exception {
        folder.three()
                .write("004_sets.up.sql", "SET search_path = pg_catalog; SET ROLE " + role + ";")
                .write("005_index.up.sql", "CREATE INDEX CONCURRENTLY ON users (email);\nSELECT 1;");
        database.execute("CREATE SCHEMA app", "GRANT " + role + " TO postgres", "GRANT ALL ON SCHEMA app TO " + role);
        try (Connection connection = database.connect()) {
            try (var statement = connection.createStatement()) {
                statement.execute("SET ROLE " + role + "; SET search_path = app, \"Odd Schema\", public;"
                        + " SET lock_timeout = '7s'; SET statement_timeout = '9s';"
                        + " SET application_name = 'mine'; SET work_mem = '7MB'; SET TimeZone = 'Asia/Tokyo';"
                        + " SET client_connection_check_interval = '11s'");
            }
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            connection.setNetworkTimeout(Runnable::run, 12_345);
            connection.unwrap(PGConnection.class).setPrepareThreshold(3);
            Map<String, String> before = state(connection);
            assertThat(before).containsEntry("role", role).containsEntry("network timeout", "12345");
            Migrator migrator =
                    Migrator.builder(connection).locations(folder.location()).build();
            migrator.status();
            assertThat(state(connection)).isEqualTo(before);
            assertThat(migrator.applyAll("004")).hasSize(4);
            assertThat(state(connection)).isEqualTo(before);
            assertThat(migrator.applyAll()).hasSize(1);
            migrator.validate();
            assertThat(state(connection)).isEqualTo(before);
            folder.write("006_fails.up.sql", "SET search_path = nowhere; SELECT 1/0;");
            fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
            assertThat(state(connection)).isEqualTo(before);
            assertThat(connection.isClosed()).isFalse();
            // The caller's role and path were those of the migrations.
            assertThat(value("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'app.users'::regclass"))
                    .isEqualTo(role);
            assertThat(value("SELECT to_regclass('app.tb_confiture')")).isEqualTo("app.tb_confiture");
        }
    }

    @Test
    void aCustomSettingOfThePoolSurvivesAndOneOfAScriptDoesNot() throws Exception {
        folder.three()
                .write("004_sets.up.sql", "SET app.tenant = 'script'; SELECT set_config('app.other', 'script', false);")
                .write("005_fn.up.sql", "SELECT count(*) FROM users;");
        try (Connection connection = database.connect()) {
            connection.createStatement().execute("SET app.tenant = 'mine'");
            Migrator.builder(connection).locations(folder.location()).build().applyAll();
            try (var rs = connection
                    .createStatement()
                    .executeQuery("SELECT current_setting('app.tenant'), current_setting('app.other', true)")) {
                rs.next();
                assertThat(rs.getString(1)).isEqualTo("mine");
                assertThat(rs.getString(2)).isEmpty();
            }
        }
    }

    @Test
    void aTemporaryTableIsNoTableForTheNextMigrationNorForThePool() throws Exception {
        folder.write("1_real.up.sql", "CREATE TABLE users (id int);")
                .write("2_temp.up.sql", "CREATE TEMP TABLE users AS SELECT 1 AS id; SELECT pg_advisory_lock(99);")
                .write("3_insert.up.sql", "INSERT INTO users VALUES (1);");
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.url());
            pool.setMaximumPoolSize(1);
            Migrator.builder(pool).locations(folder.location()).build().applyAll();
            assertThat(database.value("SELECT count(*) FROM public.users")).isEqualTo("1");
            assertThat(database.values("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database ="
                            + " (SELECT oid FROM pg_database WHERE datname = current_database())"))
                    .isEmpty();
        }
    }

    @Test
    void aDeferredTriggerFiresWithTheSettingsOfItsScript() {
        folder.write("1_trigger.up.sql", """
                        CREATE SCHEMA app;
                        SET search_path = app;
                        CREATE TABLE parent (id int PRIMARY KEY);
                        CREATE TABLE child (id int);
                        CREATE FUNCTION has_parent() RETURNS trigger LANGUAGE plpgsql AS
                            'BEGIN PERFORM 1 FROM parent WHERE id = NEW.id; RETURN NEW; END';
                        CREATE CONSTRAINT TRIGGER t AFTER INSERT ON child DEFERRABLE INITIALLY DEFERRED
                            FOR EACH ROW EXECUTE FUNCTION has_parent();
                        """)
                .write("2_insert.up.sql", "SET search_path = app; INSERT INTO child VALUES (1);");
        assertThat(Migrator.builder(database.dataSource())
                        .locations(folder.location())
                        .build()
                        .applyAll())
                .hasSize(2);
    }

    @Test
    void theCallersSessionAuthorizationIsKeptAndIsThatOfTheMigrations() throws Exception {
        database.execute("GRANT CREATE ON SCHEMA public TO " + role);
        folder.write("1_a.up.sql", "CREATE TABLE who AS SELECT session_user::text AS s, current_user::text AS c;");
        folder.write("2_b.up.sql", "INSERT INTO who SELECT session_user, current_user;");
        try (Connection connection = database.connect()) {
            connection.createStatement().execute("SET SESSION AUTHORIZATION " + role);
            Map<String, String> before = state(connection);
            Migrator.builder(connection).locations(folder.location()).build().applyAll();
            assertThat(state(connection)).isEqualTo(before);
        }
        assertThat(database.values("SELECT DISTINCT s || c FROM who")).containsExactly(role + role);
    }

    @Test
    void aConnectionWithAnOpenTransactionIsRefusedAndLeftAlone() throws Exception {
        folder.three();
        database.execute("CREATE TABLE mine (id int)");
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("INSERT INTO mine VALUES (1)");
            Migrator migrator =
                    Migrator.builder(connection).locations(folder.location()).build();
            MigrationException e = fails(MigrationException.class, ErrorCode.INSIDE_TRANSACTION, migrator::applyAll);
            assertThat(e.hint()).contains("Commit or roll back");
            fails(MigrationException.class, ErrorCode.INSIDE_TRANSACTION, migrator::status);
            assertThat(connection.isClosed()).isFalse();
            connection.commit();
            assertThat(value("SELECT count(*) FROM mine")).isEqualTo("1");
            assertThat(migrator.applyAll()).hasSize(3);
        }
    }

    @Test
    void aClosedConnectionIsToldAndNotWrapped() throws Exception {
        folder.three();
        Connection connection = database.connect();
        connection.close();
        assertThatThrownBy(() -> Migrator.builder(connection)
                        .locations(folder.location())
                        .build()
                        .applyAll())
                .isInstanceOf(io.confiture.error.DatabaseConnectionException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void timeoutsInAMigrationAreThoseOfRoleAndDatabaseButTheLockTimeout() {
        database.execute(
                "GRANT CREATE ON SCHEMA public TO " + role,
                "ALTER ROLE " + role + " SET statement_timeout = '17s'",
                "ALTER ROLE " + role + " SET lock_timeout = '1h'",
                "ALTER DATABASE " + database.name() + " SET idle_in_transaction_session_timeout = '19s'");
        String probe = "SELECT current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' '"
                + " || current_setting('idle_in_transaction_session_timeout') AS t";
        folder.write("1_a.up.sql", "CREATE TABLE seen AS " + probe + ";")
                .write("2_b.up.sql", "SET statement_timeout = 0; SELECT 1;")
                .write("3_c.up.sql", "INSERT INTO seen " + probe + ";")
                .write(
                        "4_d.up.sql",
                        "-- confiture: lock-timeout=2s statement-timeout=5min\nINSERT INTO seen " + probe + ";")
                .write("5_e.up.sql", "INSERT INTO seen " + probe + ";");
        Migrator.builder(database.url(role))
                .locations(folder.location())
                .build()
                .applyAll();
        assertThat(database.values("TABLE seen"))
                .containsExactly("17s 5s 19s", "17s 5s 19s", "5min 2s 19s", "17s 5s 19s");
        folder.write("6_f.up.sql", "INSERT INTO seen " + probe + ";");
        Migrator.builder(database.url(role))
                .locations(folder.location())
                .lockTimeout(Duration.ofSeconds(3))
                .statementTimeout(Duration.ofSeconds(4))
                .build()
                .applyAll();
        assertThat(value("SELECT t FROM seen OFFSET 4")).isEqualTo("4s 3s 19s");
    }

    @Test
    void afterAFailedSegmentUnderAHeldLockTheSessionIsCleanAgain() {
        folder.write("1_a.up.sql", "CREATE TABLE a (id int);")
                .write("2_b.up.sql", "SET search_path = pg_catalog;\nDROP INDEX CONCURRENTLY public.nowhere;");
        Migrator migrator = migrator();
        try (MigrationLock lock = migrator.lock()) {
            assertThat(lock).isNotNull();
            fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
            assertThat(migrator.status().appliedCount()).isEqualTo(1);
            folder.write("2_b.up.sql", "SET search_path = pg_catalog;\nSELECT 1;");
        }
        assertThat(migrator().status().appliedCount()).isEqualTo(1);
    }

    @Test
    void aRoleWhoseLiteralsTakeBackslashesStillGetsTheStandardOnes() throws Exception {
        // Scripts are read with standard_conforming_strings on, so it has to be on where they run.
        database.execute(
                "GRANT CREATE ON SCHEMA public TO " + role,
                "ALTER ROLE " + role + " SET standard_conforming_strings = off");
        folder.write("1_a.up.sql", "CREATE TABLE t AS SELECT 'C:\\'::text AS path;\nINSERT INTO t VALUES ('x');");
        try (Connection connection = DriverManager.getConnection(database.url(role))) {
            Migrator.builder(connection).locations(folder.location()).build().applyAll();
        }
        assertThat(database.values("TABLE t")).containsExactly("C:\\", "x");
    }

    @Test
    void aTemporaryTableOrAFunctionThatAnInsertCallsDoesNotReachTheNextMigration() {
        database.execute("CREATE SCHEMA elsewhere");
        folder.write(
                        "1_insert.up.sql",
                        "CREATE TABLE a (x text); INSERT INTO a SELECT set_config('search_path', 'elsewhere', false);")
                .write("2_temporary.up.sql", "CREATE TABLE b (x text); CREATE TEMP TABLE c (x text);")
                .write("3_c.up.sql", "CREATE TABLE c (x text);");
        migrator().applyAll();
        assertThat(exists("public.b")).isTrue();
        assertThat(exists("public.c")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t VALUES (f('other'))",
                "INSERT INTO told VALUES ('other')",
                "ALTER TABLE filled ADD COLUMN b text DEFAULT f('other')",
                "UPDATE filled SET a = f('other')"
            })
    void whatAFunctionOfAPlainStatementSetsEndsWithItsMigration(String statement) {
        leaking();
        folder.write("1_a.up.sql", statement).write("2_b.up.sql", "CREATE TABLE mine ();");
        migrator().applyAll();
        assertThat(exists("public.mine")).isTrue();
        assertThat(exists("other.mine")).isFalse();
    }

    @Test
    void itEndsAlsoWithARepeatableOneAndWithARollback() {
        leaking();
        folder.write("1_a.up.sql", "CREATE TABLE mine ();")
                .write("1_a.down.sql", "DROP TABLE mine;")
                .write("2_b.up.sql", "")
                .write("2_b.down.sql", "DELETE FROM filled WHERE a = f('other');")
                .write("R__1.sql", "INSERT INTO t VALUES (f('other'));")
                .write("R__2.sql", "CREATE TABLE repeated ();");
        migrator().applyAll();
        assertThat(exists("public.repeated")).isTrue();
        database.execute("CREATE TABLE other.mine ()");
        migrator().rollbackTo("1");
        migrator().rollback("1");
        assertThat(exists("public.mine")).isFalse();
        assertThat(exists("other.mine")).isTrue();
    }

    /** A function that sets the search path of the session, and a table whose trigger calls it. */
    private void leaking() {
        database.execute(
                "CREATE SCHEMA other",
                "CREATE TABLE t (a text)",
                "CREATE TABLE told (a text)",
                "CREATE TABLE filled (a text)",
                "INSERT INTO filled VALUES ('x')",
                "CREATE FUNCTION f(path text) RETURNS text LANGUAGE sql VOLATILE AS"
                        + " $$ SELECT pg_catalog.set_config('search_path', path, false) $$",
                "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM public.f(NEW.a); RETURN NEW; END $$",
                "CREATE TRIGGER tells BEFORE INSERT ON told FOR EACH ROW EXECUTE FUNCTION tell()");
    }
}
