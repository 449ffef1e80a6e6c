package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.test.TestDatabase;
import org.junit.jupiter.api.Test;

/** Where the ledger is: a schema that is created for it, and one ledger for one migrator. */
class LedgerPlaceTest extends MigratorTestCase {

    @Test
    void theSchemaIsCreatedOnlyWhenAskedFor() {
        folder.write("001_t.up.sql", "CREATE TABLE t ()");
        MigrationException failure = refused(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                builder().schema("ops").build()::applyAll);
        assertThat(failure.hint()).contains("confiture.migrate.create-schema=true");

        builder().schema("ops").createSchema(true).build().applyAll();
        assertThat(exists("ops.tb_confiture")).isTrue();
        assertThat(builder().schema("ops").createSchema(true).build().applyAll())
                .as("and is used again")
                .isEmpty();
    }

    @Test
    void aSchemaThatExistsNeedsNoPrivilegeToCreateOne() {
        database.execute(
                "DROP ROLE IF EXISTS no_creator",
                "CREATE ROLE no_creator LOGIN",
                "CREATE SCHEMA ops AUTHORIZATION no_creator");
        folder.write("001_t.up.sql", "CREATE TABLE ops.t ()");
        Migrator.builder(database.url("no_creator"))
                .locations(folder.location())
                .schema("ops")
                .createSchema(true)
                .build()
                .applyAll();
        assertThat(exists("ops.t")).isTrue();
        MigrationException failure = fails(
                MigrationException.class,
                ErrorCode.INSUFFICIENT_PRIVILEGE,
                Migrator.builder(database.url("no_creator"))
                        .locations(folder.location())
                        .schema("other")
                        .createSchema(true)
                        .build()::applyAll);
        assertThat(failure.hint()).contains("GRANT CREATE ON DATABASE");
        database.execute("DROP OWNED BY no_creator", "DROP ROLE no_creator");
    }

    @Test
    void twoMigratorsThatAreKnownToConnectAlikeAreToldApartBeforeAnyConnection() {
        LedgerOwners owners = new LedgerOwners();
        builder().owner(owners, "default", "same").build();
        ConfigurationException failure = fails(
                ConfigurationException.class,
                ErrorCode.LEDGER_SHARED,
                builder().owner(owners, "orders", "same")::build);
        assertThat(failure).hasMessageContaining("'default' and 'orders'").hasMessageContaining("tb_confiture");
        builder().table("tb_orders").owner(owners, "orders", "same").build();
        builder().schema("ops").owner(owners, "ops", "same").build();
        builder().owner(owners, "default", "same").build();
    }

    @Test
    void twoWaysToOneDatabaseAreFoundByWhatTheServerSays() {
        folder.write("001_t.up.sql", "CREATE TABLE t ()");
        LedgerOwners owners = new LedgerOwners();
        builder().owner(owners, "default", 1).build().applyAll();
        ConfigurationException failure = refused(
                ConfigurationException.class,
                ErrorCode.LEDGER_SHARED,
                Migrator.builder(database.url().replace("127.0.0.1", "localhost"))
                        .locations(folder.location())
                        .owner(owners, "orders", 2)
                        .build()::applyAll);
        assertThat(failure)
                .hasMessageContaining("ledger public.tb_confiture of database " + database.name())
                .hasMessageContaining("Nothing was done for 'orders'");
    }

    @Test
    void anotherTableSchemaOrDatabaseIsAnotherLedger() {
        folder.write("001_t.up.sql", "CREATE TABLE IF NOT EXISTS t ()");
        database.execute("CREATE SCHEMA ops");
        LedgerOwners owners = new LedgerOwners();
        builder().owner(owners, "default", 1).build().applyAll();
        builder().table("tb_orders").owner(owners, "orders", 2).build().applyAll();
        builder().schema("ops").owner(owners, "ops", 3).build().applyAll();
        try (TestDatabase other = TestDatabase.create()) {
            Migrator.builder(other.dataSource())
                    .locations(folder.location())
                    .owner(owners, "other", 4)
                    .build()
                    .applyAll();
        }
    }
}
