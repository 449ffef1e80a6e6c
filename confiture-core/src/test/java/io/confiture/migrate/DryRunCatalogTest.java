package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestServer;
import org.junit.jupiter.api.Test;

/** What a dry run leaves in the catalog, which a rollback does not take back, is told. */
class DryRunCatalogTest extends MigratorTestCase {
    @Test
    void whatAScriptDoesPastTheTransactionIsNamed() {
        database.execute("CREATE EXTENSION dblink");
        folder.write(
                "001_past.up.sql",
                "CREATE TABLE here (id int);\nSELECT dblink_exec('host=127.0.0.1 user=postgres port="
                        + TestServer.port() + " dbname=" + database.name() + "', 'CREATE TABLE past (id int)');");
        DryRunReport report = migrator().dryRun();
        assertThat(report.wouldSucceed()).isTrue();
        assertThat(report.warnings())
                .containsExactly(
                        "Not as it was, although everything was rolled back, by the scripts or by somebody else"
                                + " meanwhile: table public.past: added");
    }

    @Test
    void whereNothingStaysNothingIsTold() {
        folder.three();
        assertThat(migrator().dryRun().warnings()).isEmpty();
    }
}
