package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestServer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What goes wrong in practice with a tool's own tables, each test named after the symptom that must not come. */
class LedgerPitfallsTest extends MigratorTestCase {

    /** With a role that may create in the schema public and no more. */
    private void asRole(String role, Consumer<String> withUrl) {
        TestServer.execute("CREATE ROLE " + role + " LOGIN");
        database.execute("GRANT CREATE ON SCHEMA public TO " + role);
        try {
            withUrl.accept(database.url(role));
        } finally {
            database.execute("DROP OWNED BY " + role);
            TestServer.execute("DROP ROLE " + role);
        }
    }

    @Test
    void uuidOsspIsMissingAndNeedsASuperuser() {
        asRole("owner_" + database.name(), url -> {
            folder.three().write("004_i.up.sql", "CREATE INDEX CONCURRENTLY ON users (name);\nSELECT 1;");
            assertThat(Migrator.builder(url)
                            .locations(folder.location())
                            .build()
                            .applyAll())
                    .hasSize(4);
            assertThat(value("SELECT count(DISTINCT id) FROM tb_confiture")).isEqualTo("4");
            assertThat(database.values("SELECT extname FROM pg_extension")).containsExactly("plpgsql");
        });
    }

    /** Its name is that of the product; another tool keeps its helpers in a schema of that name. */
    @Test
    void aRoleNamedLikeAHelperSchemaGetsEveryUnqualifiedTableThere() {
        asRole("confiture", url -> {
            folder.three().write("004_index.up.sql", "CREATE INDEX CONCURRENTLY ON users (name);\nSELECT 1;");
            Migrator migrator =
                    Migrator.builder(url).locations(folder.location()).build();
            assertThat(migrator.applyAll()).hasSize(4);
            assertThat(migrator.baseline("004")).hasSize(4);
            assertThat(migrator.status().ledger()).isEqualTo("public.tb_confiture");
            assertThat(exists("public.users")).isTrue();
            assertThat(value("SELECT to_regnamespace('confiture')")).isEqualTo("null");
        });
    }

    /**
     * Beside the configured ledger lies one of the usual name, in which everything is applied with other checksums: whoever
     * reads it stumbles, and the role may not even do that.
     */
    @Test
    void theConfiguredLedgerIsIgnoredByOneOfTheOperations() throws Exception {
        folder.three();
        migrator().applyAll();
        database.execute(
                "UPDATE tb_confiture SET checksum = repeat('a', 64)",
                "DROP TABLE users",
                "CREATE TABLE tb_confiture_run (trap int)",
                "CREATE SCHEMA \"Ops\"");
        List<@Nullable String> usual = database.values("SELECT t::text FROM tb_confiture t ORDER BY 1");
        asRole("owner_" + database.name(), url -> {
            String role = "owner_" + database.name();
            database.execute("GRANT ALL ON SCHEMA \"Ops\" TO " + role);
            folder.write("004_index.up.sql", "CREATE INDEX CONCURRENTLY by_name ON users (name);\nSELECT 1;")
                    .write("004_index.down.sql", "DROP INDEX CONCURRENTLY by_name;")
                    .write("004_index.verify.sql", "SELECT to_regclass('by_name') IS NOT NULL;")
                    .write("R__emails.sql", "CREATE OR REPLACE VIEW emails AS SELECT email FROM users;");
            Migrator migrator = Migrator.builder(url)
                    .locations(folder.location())
                    .schema("Ops")
                    .table("Schema History")
                    .build();
            assertThat(migrator.status().ledgerExists()).isFalse();
            assertThat(migrator.plan().steps()).hasSize(5);
            assertThat(migrator.dryRun().count(DryRunReport.Outcome.OK)).isEqualTo(3);
            migrator.initialize();
            migrator.apply("001");
            assertThat(migrator.applyAll()).hasSize(4);
            assertThat(migrator.applyAll()).isEmpty();
            assertThat(migrator.applied()).hasSize(4);
            assertThat(migrator.pending()).isEmpty();
            assertThat(migrator.validate().count(ValidationReport.Outcome.FAILED))
                    .isZero();
            assertThat(migrator.verify().valid()).isTrue();
            assertThat(migrator.rollback("004").success()).isTrue();
            assertThat(migrator.rollbackForced("002").success()).isTrue();
            assertThat(migrator.rollbackTo("001")).hasSize(1);
            assertThat(migrator.baseline("003")).hasSize(3);
            folder.write("001_create_users.up.sql", "SELECT 1;");
            Repair repair = Repair.nothing().realignChecksums();
            assertThat(migrator.planRepair(repair).steps()).hasSize(1);
            assertThat(migrator.repair(repair).steps()).hasSize(1);
            assertThat(migrator.status().problems()).isEmpty();
            try (MigrationLock lock = migrator.lock()) {
                assertThat(lock).isNotNull();
                assertThat(migrator.lockHolder()).isPresent();
            }
            assertThat(database.values("SELECT relname FROM pg_class WHERE relnamespace = '\"Ops\"'::regnamespace"
                            + " AND relkind = 'r' ORDER BY 1"))
                    .containsExactly("Schema History", "Schema History_run");
        });
        assertThat(database.values("SELECT t::text FROM tb_confiture t ORDER BY 1"))
                .isEqualTo(usual);
        assertThat(database.values("TABLE tb_confiture_run")).isEmpty();
    }

    @Test
    void helperObjectsAreInstalledIntoTheUsersDatabase() {
        folder.write("1_a.up.sql", "SELECT 1;");
        migrator().applyAll();
        assertThat(database.values("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                        + " AND relkind NOT IN ('i', 'S')"))
                .containsExactly("tb_confiture");
        assertThat(database.values("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN"
                        + " ('public', 'information_schema')"))
                .isEmpty();
    }
}
