package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.error.ConfigurationException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.test.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is not there, or does not let us, or only lets us read. */
class BadServerTest extends MigratorTestCase {
    private String role;

    @BeforeEach
    void role() {
        role = "weak_" + database.name();
        TestServer.execute("CREATE ROLE " + role + " LOGIN");
        folder.three();
    }

    @AfterEach
    void dropRole() {
        database.execute("DROP OWNED BY " + role);
        TestServer.execute("DROP ROLE " + role);
    }

    private Migrator weak() {
        return Migrator.builder(database.url(role)).locations(folder.location()).build();
    }

    @Test
    void aRoleThatMayNotCreateTheLedgerIsToldWhatToGrant() {
        database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        MigrationException e =
                refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, () -> weak().applyAll());
        assertThat(e).hasMessageContaining(role).hasMessageContaining("public.tb_confiture");
        assertThat(e.hint()).contains("GRANT CREATE ON SCHEMA");
        assertThat(e.sqlState()).isEqualTo("42501");
        refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, () -> weak().initialize());
    }

    @Test
    void aRoleThatMayNotReadTheLedgerIsNotTakenForAFreshDatabase() {
        migrator().applyAll();
        MigrationException e =
                refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, () -> weak().applyAll());
        assertThat(e).hasMessageContaining("may not read the ledger").hasMessageContaining(role);
        assertThat(e.hint()).contains("GRANT SELECT");
        assertThat(e.sqlState()).isEqualTo("42501");
        refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, () -> weak().status());
        refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, () -> weak().validate());
        refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, () -> weak().rollback("003"));
    }

    @Test
    void aRoleThatMayNotWriteTheLedgerAppliesNothing() {
        migrator().applyAll();
        database.execute("GRANT SELECT ON tb_confiture TO " + role, "GRANT CREATE ON SCHEMA public TO " + role);
        folder.write("004_more.up.sql", "CREATE TABLE more ();");
        MigrationException e =
                refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, () -> weak().applyAll());
        assertThat(e).hasMessageContaining("tb_confiture");
        assertThat(e.migration()).isEqualTo("004_more");
        assertThat(weak().status().pending()).hasSize(1);
    }

    @Test
    void whereNobodyListensTheErrorNamesHostAndPort() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/db?user=me&password=secret";
        DatabaseConnectionException e = fails(
                DatabaseConnectionException.class,
                ErrorCode.CONNECTION_FAILED,
                () -> Migrator.builder(url).locations(folder.location()).build().applyAll());
        assertThat(e).hasMessageContaining("127.0.0.1:" + port).hasMessageContaining("refused");
        assertThat(e).hasMessageNotContaining("secret");
        assertThat(e.hint()).contains("server runs and listens");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void aPoolWhoseServerIsDownFailsAsADatabaseConnection(int initializationFailTimeout) throws Exception {
        try (HikariDataSource pool = new HikariDataSource()) {
            try (ServerSocket socket = new ServerSocket(0)) {
                pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + socket.getLocalPort() + "/db?user=me&password=secret");
            }
            pool.setConnectionTimeout(300);
            pool.setInitializationFailTimeout(initializationFailTimeout);
            DatabaseConnectionException e = fails(
                    DatabaseConnectionException.class,
                    ErrorCode.CONNECTION_FAILED,
                    () -> Migrator.builder(pool)
                            .locations(folder.location())
                            .build()
                            .applyAll());
            assertThat(e).hasMessageContaining("refused").hasMessageNotContaining("secret");
        }
    }

    @Test
    void aDatabaseThatDoesNotExistIsNamed() {
        DatabaseConnectionException e = fails(
                DatabaseConnectionException.class,
                ErrorCode.CONNECTION_FAILED,
                () -> Migrator.builder(TestServer.url("nowhere"))
                        .locations(folder.location())
                        .build()
                        .applyAll());
        assertThat(e).hasMessageContaining("\"nowhere\" does not exist").hasMessageContaining("[3D000]");
        assertThat(e.hint()).contains("Create the database");
    }

    @Test
    void aRoleThatDoesNotExistIsNamed() {
        DatabaseConnectionException e = fails(
                DatabaseConnectionException.class,
                ErrorCode.CONNECTION_FAILED,
                () -> Migrator.builder(database.url("nobody_at_all"))
                        .locations(folder.location())
                        .build()
                        .applyAll());
        assertThat(e).hasMessageContaining("nobody_at_all");
        assertThat(e.hint()).contains("user");
    }

    @Test
    void aSearchPathWithoutAnySchemaIsToldWhatToSet() {
        database.execute("ALTER ROLE " + role + " SET search_path = nowhere");
        ConfigurationException e =
                refused(ConfigurationException.class, ErrorCode.INVALID_CONFIGURATION, () -> weak().applyAll());
        assertThat(e.hint()).contains("confiture.migrate.schema");
    }

    @Test
    void aSchemaOfTheLedgerThatDoesNotExistIsToldToBeCreated() {
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> builder().schema("nowhere").build().applyAll());
        assertThat(e.hint()).contains("Create the schema nowhere");
    }

    @Test
    void aRoleWhoseDefaultIsReadOnlyMigratesNevertheless() {
        database.execute(
                "GRANT CREATE ON SCHEMA public TO " + role,
                "ALTER ROLE " + role + " SET default_transaction_read_only = on");
        folder.write("004_index.up.sql", "CREATE INDEX CONCURRENTLY ON users (email);\nSELECT 1;");
        assertThat(weak().applyAll()).hasSize(4);
    }

    @Test
    void aReadOnlyStandbyIsReadAndNeverWritten() throws Exception {
        Path data = temp.resolve("standby");
        String database = "postgres";
        try (EmbeddedPostgres primary = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .start()) {
            Migrator.builder(primary.getDatabase("postgres", database))
                    .locations(folder.location())
                    .build()
                    .applyAll();
            try (var connection = primary.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE nothing_yet");
            }
        }
        Files.writeString(data.resolve("standby.signal"), "");
        try (EmbeddedPostgres standby = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .start()) {
            Migrator migrator = Migrator.builder(standby.getDatabase("postgres", database))
                    .locations(folder.location())
                    .build();
            assertThat(migrator.status().appliedCount()).isEqualTo(3);
            assertThat(migrator.validate().valid()).isTrue();
            folder.write("003_seed.verify.sql", "SELECT count(*) = 2 FROM users");
            assertThat(migrator.verify().valid()).isTrue();
            assertThat(migrator.lockHolder()).isEmpty();
            assertThat(migrator.applyAll()).isEmpty();
            folder.write("004_more.up.sql", "CREATE TABLE more ();");
            assertThat(migrator.plan().steps()).hasSize(1);
            MigrationException e = fails(MigrationException.class, ErrorCode.READ_ONLY_SERVER, migrator::applyAll);
            assertThat(e).hasMessageContaining("standby").hasMessageContaining("Nothing was done");
            assertThat(e.hint()).contains("primary");
            fails(MigrationException.class, ErrorCode.READ_ONLY_SERVER, () -> migrator.rollback("003"));
            fails(MigrationException.class, ErrorCode.READ_ONLY_SERVER, () -> migrator.apply("004"));
            fails(MigrationException.class, ErrorCode.READ_ONLY_SERVER, migrator::dryRun);
            fails(MigrationException.class, ErrorCode.READ_ONLY_SERVER, () -> migrator.baseline("004"));
            assertThat(migrator.baseline("003")).hasSize(3);
            assertThat(migrator.baselineFrom(TestSchema.THREE).built()).isFalse();
            Migrator empty = Migrator.builder(standby.getDatabase("postgres", "nothing_yet"))
                    .locations(folder.location())
                    .build();
            fails(MigrationException.class, ErrorCode.READ_ONLY_SERVER, () -> empty.baselineFrom(TestSchema.THREE));
            folder.write("001_create_users.up.sql", "");
            Repair repair = Repair.nothing().realignChecksums();
            assertThat(migrator.planRepair(repair).steps()).hasSize(1);
            fails(MigrationException.class, ErrorCode.READ_ONLY_SERVER, () -> migrator.repair(repair));
            assertThat(migrator.status().appliedCount()).isEqualTo(3);
        }
    }

    @Test
    void aRoleThatMayNotCreateTheTableBesideTheLedgerIsToldWhatToGrant() {
        migrator().applyAll();
        database.execute(
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
                "GRANT SELECT, INSERT, DELETE ON tb_confiture TO " + role);
        folder.write("R__views.sql", "SELECT 1;");
        MigrationException e =
                refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, () -> weak().applyAll());
        assertThat(e).hasMessageContaining(role).hasMessageContaining("public.tb_confiture_run");
        assertThat(e.hint()).contains("GRANT CREATE ON SCHEMA public TO " + role);
        assertThat(e.sqlState()).isEqualTo("42501");
    }

    @Test
    void aRoleThatMayNotReadTheTableBesideTheLedgerIsToldWhatToGrant() {
        folder.write("R__views.sql", "SELECT 1;");
        migrator().applyAll();
        database.execute("GRANT SELECT, INSERT, DELETE ON tb_confiture TO " + role);
        MigrationException e =
                refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, () -> weak().status());
        assertThat(e.hint()).contains("tb_confiture_run");
        String hint = String.valueOf(e.hint());
        database.execute(hint.substring(0, hint.indexOf(", or migrate")));
        assertThat(weak().status().upToDate()).isTrue();
    }
}
