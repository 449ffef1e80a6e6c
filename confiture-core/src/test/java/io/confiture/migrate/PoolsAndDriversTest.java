package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.test.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * The pools, proxies, driver settings and roles that applications come with. With each of them migrations are applied,
 * rolled back and fail, the ledger tells so, and the connection goes back as it came.
 */
class PoolsAndDriversTest extends MigratorTestCase {

    @Test
    void hikariWithAutoCommitOff() throws Exception {
        migratesAndGivesBack(pool(p -> p.setAutoCommit(false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE"})
    void isolationLevelsOfHikari(String level) throws Exception {
        migratesAndGivesBack(pool(p -> p.setTransactionIsolation(level)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"repeatable read", "serializable"})
    void isolationLevelsOfTheDatabase(String level) throws Exception {
        database.execute("ALTER DATABASE " + database.name() + " SET default_transaction_isolation = '" + level + "'");
        migratesAndGivesBack(pool(p -> p.setAutoCommit(false)));
    }

    @Test
    void lazyProxy() throws Exception {
        try (HikariDataSource pool = pool(p -> p.setAutoCommit(false))) {
            LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy(pool);
            lazy.setDefaultAutoCommit(false);
            migratesAndGivesBack(lazy);
        }
    }

    @Test
    void transactionAwareProxy() throws Exception {
        try (HikariDataSource pool = pool(p -> {})) {
            migratesAndGivesBack(new TransactionAwareDataSourceProxy(pool));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "autosave=always",
                "preferQueryMode=simple",
                "prepareThreshold=0",
                "prepareThreshold=1",
                "prepareThreshold=-1",
                "readOnly=true",
                "readOnly=true&readOnlyMode=always",
                "socketTimeout=5"
            })
    void settingsOfTheDriver(String parameter) throws Exception {
        migratesAndGivesBack(pool(p -> p.setJdbcUrl(database.url() + "&" + parameter)));
    }

    @Test
    void readOnlyOfHikari() throws Exception {
        migratesAndGivesBack(pool(p -> p.setReadOnly(true)));
    }

    @Test
    void currentSchemaOfTheDriver() throws Exception {
        database.execute("CREATE SCHEMA app");
        migratesAndGivesBack(pool(p -> p.setJdbcUrl(database.url() + "&currentSchema=app")));
        assertThat(exists("app.tb_confiture")).isTrue();
        assertThat(exists("app.users")).isTrue();
        assertThat(exists("public.users")).isFalse();
    }

    @Test
    void socketTimeoutOfOneSecondAgainstAnIndexOfTwo() throws Exception {
        socketTimeoutAgainstAnIndex(1, 2);
    }

    @Test
    @Tag("conformance")
    void socketTimeoutOfFiveSecondsAgainstAnIndexOfTwenty() throws Exception {
        long nanos = socketTimeoutAgainstAnIndex(5, 20);
        System.out.printf(
                "socketTimeout=5: CREATE INDEX of 20 s and CREATE INDEX CONCURRENTLY of 20 s done in %.1f s, each once%n",
                nanos / 1e9);
    }

    /** Nothing is cut, so that nothing is orphaned: the timeout is off while Confiture works, and is back afterwards. */
    private long socketTimeoutAgainstAnIndex(int timeoutSeconds, int seconds) throws SQLException {
        folder.write(
                        "001_slow.up.sql",
                        "CREATE TABLE big AS SELECT 1 AS id;\n"
                                + "CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                                + " $$ BEGIN PERFORM pg_sleep(" + seconds + "); RETURN $1; END $$;\n"
                                + "CREATE INDEX big_slow ON big (slow(id));")
                .write("002_slow.up.sql", "CREATE INDEX CONCURRENTLY big_slow2 ON big (slow(id));");
        try (HikariDataSource pool = pool(p -> p.setJdbcUrl(database.url() + "&socketTimeout=" + timeoutSeconds))) {
            List<String> before = state(pool);
            long start = System.nanoTime();
            assertThat(on(pool).applyAll()).hasSize(2);
            long nanos = System.nanoTime() - start;
            assertThat(Duration.ofNanos(nanos)).isGreaterThan(Duration.ofSeconds(2L * seconds));
            assertThat(state(pool)).isEqualTo(before).contains("network timeout " + timeoutSeconds * 1000);
            assertThat(database.values(
                            "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'big'::regclass"
                                    + " AND indisvalid ORDER BY 1"))
                    .containsExactly("big_slow", "big_slow2");
            assertThat(on(pool).applyAll()).isEmpty();
            return nanos;
        }
    }

    @Test
    void roleWithoutCreate() {
        role(role -> {
            database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
            folder.three();
            MigrationException e =
                    refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, () -> as(role).applyAll());
            assertThat(e)
                    .hasMessageContaining("User " + role + " may not create the ledger public.tb_confiture")
                    .hasMessageContaining("Nothing was done");
            assertThat(e.hint()).contains("GRANT CREATE ON SCHEMA public TO " + role, "confiture.username");
            assertThat(e.sqlState()).isEqualTo("42501");
            database.execute("GRANT CREATE ON SCHEMA public TO " + role);
            assertThat(as(role).applyAll()).hasSize(3);
            assertThat(as(role).applyAll()).isEmpty();
        });
    }

    @Test
    void roleThatDoesNotOwnTheLedger() {
        role(role -> {
            folder.three();
            migrator().applyAll("002");
            database.execute("GRANT CREATE ON SCHEMA public TO " + role);

            MigrationException unreadable =
                    refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, () -> as(role).applyAll());
            assertThat(unreadable).hasMessageContaining("permission denied for table tb_confiture");
            assertThat(unreadable.hint())
                    .contains(
                            "GRANT SELECT, INSERT, UPDATE, DELETE ON \"public\".\"tb_confiture\" TO " + role,
                            "confiture.username");

            database.execute("GRANT SELECT ON tb_confiture TO " + role, "GRANT ALL ON users TO " + role);
            assertThat(as(role).status().pendingCount()).isEqualTo(1);
            MigrationException unwritable =
                    refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, () -> as(role).applyAll());
            assertThat(unwritable)
                    .hasMessageContaining("003_seed")
                    .hasMessageContaining("permission denied for table tb_confiture")
                    .hasMessageContaining("rolled back");
            assertThat(unwritable.hint()).contains("Grant the missing privilege", "confiture.username");

            database.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON tb_confiture TO " + role);
            assertThat(as(role).applyAll()).hasSize(1);
            assertThat(as(role).rollback("003").version()).isEqualTo("003");
            assertThat(as(role).applyAll()).hasSize(1);
            assertThat(ledger()).containsExactly("001", "002", "003");
        });
    }

    private Migrator on(DataSource source) {
        return Migrator.builder(source).locations(folder.location()).build();
    }

    private Migrator as(String role) {
        return Migrator.builder(database.url(role)).locations(folder.location()).build();
    }

    private void role(Consumer<String> work) {
        String role = "role_of_" + database.name();
        TestServer.execute("CREATE ROLE " + role + " LOGIN");
        try {
            work.accept(role);
        } finally {
            database.execute("DROP OWNED BY " + role);
            TestServer.execute("DROP ROLE " + role);
        }
    }

    private HikariDataSource pool(Consumer<HikariDataSource> settings) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setMaximumPoolSize(1);
        pool.setConnectionTimeout(5_000);
        settings.accept(pool);
        return pool;
    }

    private void migratesAndGivesBack(HikariDataSource pool) throws SQLException {
        try (pool) {
            migratesAndGivesBack((DataSource) pool);
        }
    }

    private void migratesAndGivesBack(DataSource source) throws SQLException {
        List<String> before = state(source);
        folder.three()
                .write("004_index.up.sql", "CREATE INDEX CONCURRENTLY ui ON users (email);\nANALYZE users;")
                .write(
                        "005_sets.up.sql",
                        "SET search_path = pg_catalog; SET statement_timeout = '9s'; SET LOCAL role = none;")
                .write("005_sets.down.sql", "SET lock_timeout = '9s';");
        Migrator migrator = on(source);
        assertThat(migrator.applyAll()).hasSize(5);
        assertThat(state(source)).isEqualTo(before);
        assertThat(migrator.applyAll()).isEmpty();
        assertThat(migrator.rollback("005").version()).isEqualTo("005");
        assertThat(migrator.applyAll()).hasSize(1);
        assertThat(state(source)).isEqualTo(before);

        folder.write("006_fails.up.sql", "SET work_mem = '9MB'; CREATE TABLE half (id int); SELECT 1/0;");
        MigrationException e = fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
        assertThat(e).hasMessageContaining("006_fails").hasMessageContaining("rolled back");
        assertThat(state(source)).isEqualTo(before);
        assertThat(migrator.applied())
                .extracting(AppliedMigration::version)
                .containsExactly("001", "002", "003", "004", "005");
        assertThat(database.values("SELECT relname FROM pg_class WHERE relname IN ('half', 'users', 'ui') ORDER BY 1"))
                .containsExactly("ui", "users");
        assertThat(database.values("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database ="
                        + " (SELECT oid FROM pg_database WHERE datname = current_database())"))
                .isEmpty();
    }

    /** What the driver and the server know of the one connection of the pool; the same server process all the time. */
    private static List<String> state(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            List<String> state = new ArrayList<>(List.of(
                    "auto-commit " + connection.getAutoCommit(),
                    "isolation " + connection.getTransactionIsolation(),
                    "read-only " + connection.isReadOnly(),
                    "schema " + connection.getSchema(),
                    "network timeout " + connection.getNetworkTimeout(),
                    "prepare threshold " + connection.unwrap(PGConnection.class).getPrepareThreshold()));
            try (Statement statement = connection.createStatement();
                    var rs = statement.executeQuery(
                            "SELECT name || ' ' || setting FROM pg_settings WHERE source = 'session'"
                                    + " UNION ALL SELECT 'user ' || current_user UNION ALL SELECT 'pid ' || pg_backend_pid()"
                                    + " UNION ALL SELECT 'default isolation ' || current_setting('default_transaction_isolation')"
                                    + " ORDER BY 1")) {
                while (rs.next()) {
                    state.add(rs.getString(1));
                }
            }
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            return state;
        }
    }
}
