package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.test.PidChangingProxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Init SQL and role of the connections that migrate. */
class SessionPreparationTest extends MigratorTestCase {
    private static final String RECORD = """
            CREATE TABLE IF NOT EXISTS seen (at int, tenant text, path text, who text);
            INSERT INTO seen VALUES (%d, current_setting('app.tenant', true), current_setting('search_path'), current_user);
            """;
    private static final String INIT = "SET app.tenant = 'acme'; SET work_mem = '7MB'";

    private String column(String column) {
        return String.join(",", database.values("SELECT " + column + " FROM seen ORDER BY at"));
    }

    @Test
    void settingsHoldForEveryMigrationWhateverTheOneBeforeHasSet() {
        folder.write("001_a.up.sql", RECORD.formatted(1) + "SET app.tenant = 'other'; SET work_mem = '9MB';");
        folder.write("002_b.up.sql", RECORD.formatted(2) + "RESET ALL; SELECT set_config('app.tenant', '', false);");
        folder.write("003_c.up.sql", RECORD.formatted(3) + "CREATE TABLE mem AS SELECT current_setting('work_mem') m;");
        builder().initSql(INIT).build().applyAll();
        assertThat(column("tenant")).isEqualTo("acme,acme,acme");
        assertThat(value("SELECT m FROM mem")).isEqualTo("7MB");
    }

    @Test
    void settingsHoldAlsoWhereARoleHasNoPlpgsql() {
        database.execute("DROP EXTENSION plpgsql CASCADE");
        folder.write("001_a.up.sql", RECORD.formatted(1) + "SET work_mem = '9MB';");
        folder.write("002_b.up.sql", RECORD.formatted(2));
        builder().initSql(INIT).build().applyAll();
        assertThat(column("tenant")).isEqualTo("acme,acme");
    }

    @Test
    void settingsHoldInPiecesThatRunOutsideOfATransaction() {
        folder.write(
                "001_a.up.sql", RECORD.formatted(1) + "CREATE INDEX CONCURRENTLY ON seen (at);" + RECORD.formatted(2));
        builder().initSql(INIT).build().applyAll();
        assertThat(column("tenant")).isEqualTo("acme,acme");
    }

    @Test
    void theLedgerIsFoundOnThePathThatTheInitSqlSets() {
        database.execute("CREATE SCHEMA app");
        folder.write("001_a.up.sql", "CREATE TABLE t ()");
        Migrator migrator = builder().initSql("SET search_path = app").build();
        migrator.applyAll();
        assertThat(exists("app.tb_confiture")).isTrue();
        assertThat(exists("app.t")).isTrue();
        assertThat(migrator.status().pendingCount()).as("read on the same path").isZero();
    }

    @Test
    void theCallersConnectionComesBackAsItWas() throws SQLException {
        database.execute(
                "DROP ROLE IF EXISTS prepared_owner",
                "CREATE ROLE prepared_owner",
                "GRANT ALL ON SCHEMA public TO prepared_owner");
        folder.write("001_a.up.sql", RECORD.formatted(1));
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET app.tenant = 'callers'; SET work_mem = '5MB'");
            Migrator migrator = Migrator.builder(connection)
                    .locations(folder.location())
                    .initSql(INIT)
                    .role("prepared_owner")
                    .build();
            migrator.applyAll();
            assertCallers(statement);
            migrator.status();
            assertCallers(statement);
        }
        assertThat(column("tenant || who")).isEqualTo("acmeprepared_owner");
        database.execute("DROP OWNED BY prepared_owner", "DROP ROLE prepared_owner");
    }

    private static void assertCallers(Statement statement) throws SQLException {
        try (ResultSet rs = statement.executeQuery("SELECT current_setting('app.tenant') || current_setting('work_mem')"
                + " || current_user || current_setting('role')")) {
            rs.next();
            assertThat(rs.getString(1)).isEqualTo("callers5MBpostgresnone");
        }
    }

    @Test
    void objectsAndLedgerBelongToTheRole() {
        database.execute(
                "DROP ROLE IF EXISTS prepared_owner2",
                "CREATE ROLE prepared_owner2",
                "GRANT ALL ON SCHEMA public TO prepared_owner2");
        folder.write("001_a.up.sql", "CREATE TABLE a (); SET ROLE NONE; CREATE TABLE by_login ();");
        folder.write("002_b.up.sql", "CREATE TABLE b (x int); CREATE INDEX CONCURRENTLY b_x ON b (x);");
        builder().role("prepared_owner2").build().applyAll();
        assertThat(
                        database.values(
                                "SELECT relname || ' ' || pg_get_userbyid(relowner) FROM pg_class"
                                        + " WHERE relname IN ('a', 'b', 'b_x', 'by_login', 'tb_confiture', 'tb_confiture_run') ORDER BY 1"))
                .containsExactly(
                        "a prepared_owner2",
                        "b prepared_owner2",
                        "b_x prepared_owner2",
                        "by_login postgres",
                        "tb_confiture prepared_owner2",
                        "tb_confiture_run prepared_owner2");
        database.execute("DROP OWNED BY prepared_owner2", "DROP ROLE prepared_owner2");
    }

    @Test
    void anUnknownRoleIsAnErrorThatNamesTheNearest() {
        database.execute("DROP ROLE IF EXISTS shop_owner", "CREATE ROLE shop_owner");
        folder.write("001_a.up.sql", "CREATE TABLE a ()");
        ConfigurationException failure = refused(
                ConfigurationException.class,
                ErrorCode.INVALID_CONFIGURATION,
                builder().role("shop_ower").build()::applyAll);
        assertThat(failure).hasMessageContaining("shop_ower does not exist");
        assertThat(failure.hint()).contains("confiture.role", "nearest", "shop_owner");
        database.execute("DROP ROLE shop_owner");
    }

    @Test
    void aRoleThatMayNotBeTakenOnIsAnErrorThatSaysWhatToGrant() {
        database.execute(
                "DROP ROLE IF EXISTS not_granted",
                "DROP ROLE IF EXISTS logs_in",
                "CREATE ROLE not_granted",
                "CREATE ROLE logs_in LOGIN");
        folder.write("001_a.up.sql", "CREATE TABLE a ()");
        MigrationException failure = fails(
                MigrationException.class,
                ErrorCode.INSUFFICIENT_PRIVILEGE,
                Migrator.builder(database.url("logs_in"))
                        .locations(folder.location())
                        .role("not_granted")
                        .build()::status);
        assertThat(failure.hint()).contains("GRANT \"not_granted\"");
        database.execute("DROP ROLE not_granted", "DROP ROLE logs_in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", " ", "a_name_that_is_longer_than_the_sixty_three_bytes_that_the_server_keeps"})
    void whatIsNoNameOfARoleIsRefusedBeforeAnythingIsOpened(String role) {
        fails(
                ConfigurationException.class,
                ErrorCode.INVALID_CONFIGURATION,
                builder().role(role)::build);
    }

    @Test
    void initSqlThatFailsStopsBeforeAnythingAndIsNotShown() {
        folder.write("001_a.up.sql", "CREATE TABLE a ()");
        ConfigurationException failure = refused(
                ConfigurationException.class,
                ErrorCode.INVALID_CONFIGURATION,
                builder()
                        .initSql("SET app.key = 'hunter2'; SELECT * FROM nowhere")
                        .build()::applyAll);
        assertThat(failure)
                .hasMessageContaining("The init SQL failed: relation \"nowhere\" does not exist [42P01]")
                .hasMessageNotContaining("hunter2");
        refused(
                ConfigurationException.class,
                ErrorCode.INVALID_CONFIGURATION,
                builder().initSql("BEGIN").build()::applyAll);
    }

    /** Nothing of it may stay in a server session that somebody else gets next. */
    @Test
    void behindATransactionPoolerBothAreRefused() throws SQLException {
        folder.write("001_a.up.sql", "CREATE TABLE a ()");
        try (PidChangingProxy proxy = new PidChangingProxy();
                Connection connection = DriverManager.getConnection(proxy.url(database));
                Statement statement = connection.createStatement()) {
            MigratorBuilder prepared =
                    Migrator.builder(connection).locations(folder.location()).initSql(INIT);
            ConfigurationException failure =
                    refused(ConfigurationException.class, ErrorCode.INVALID_CONFIGURATION, prepared.build()::applyAll);
            assertThat(failure).hasMessageContaining("transaction pooler");
            refused(
                    ConfigurationException.class,
                    ErrorCode.INVALID_CONFIGURATION,
                    Migrator.builder(connection)
                            .locations(folder.location())
                            .role("postgres")
                            .build()::status);
            try (ResultSet rs = statement.executeQuery("SELECT current_setting('app.tenant', true)")) {
                rs.next();
                assertThat(rs.getString(1)).isNull();
            }
        }
    }
}
