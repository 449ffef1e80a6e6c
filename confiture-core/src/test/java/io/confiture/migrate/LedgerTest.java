package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.migrate.ValidationReport.Outcome;
import io.confiture.test.TestServer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest extends MigratorTestCase {
    /** The ledger as the original creates it; version 0.5 lacks the last column and takes its ids from an extension. */
    private static final String ORIGINAL = """
            CREATE TABLE tb_confiture (
                id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
                pk_confiture BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
                slug TEXT NOT NULL UNIQUE,
                version VARCHAR(255) NOT NULL UNIQUE,
                name VARCHAR(255) NOT NULL,
                applied_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
                execution_time_ms INTEGER,
                checksum VARCHAR(64)%s)""";

    private static final String INDEXES = "CREATE INDEX idx_tb_confiture_pk_confiture ON tb_confiture(pk_confiture);"
            + "CREATE INDEX idx_tb_confiture_slug ON tb_confiture(slug);"
            + "CREATE INDEX idx_tb_confiture_version ON tb_confiture(version);"
            + "CREATE INDEX idx_tb_confiture_applied_at ON tb_confiture(applied_at DESC)";

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void originalRow(String version, String name, String checksum) {
        database.jdbc()
                .sql(
                        "INSERT INTO tb_confiture (slug, version, name, execution_time_ms, checksum) VALUES (?, ?, ?, 7, ?)")
                .params(name + "_20260101_12000" + version.charAt(version.length() - 1), version, name, checksum)
                .update();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", applied_by TEXT"})
    void aLedgerOfTheOriginalIsTakenOverUnchanged(String lastColumn) throws Exception {
        String crlf = "CREATE TABLE users (\r\n  id int,\r\n  email text);\r\n";
        folder.three().write("001_create_users.up.sql", crlf);
        database.execute(ORIGINAL.formatted(lastColumn), INDEXES, crlf);
        originalRow("001", "create_users", sha256(crlf));
        if (lastColumn.isEmpty()) {
            database.execute(
                    "CREATE FUNCTION uuid_generate_v4() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()'",
                    "ALTER TABLE tb_confiture ALTER id SET DEFAULT uuid_generate_v4()",
                    "ALTER FUNCTION uuid_generate_v4() RENAME TO gone");
        }
        assertThat(Objects.requireNonNull(migrator().status().lastApplied()).executionTimeMs())
                .isEqualTo(7);
        assertThat(migrator().validate().count(Outcome.OK)).isEqualTo(1);
        assertThat(migrator().applyAll()).extracting(MigrationResult::version).containsExactly("002", "003");
        // And back: what the original reads of our rows.
        assertThat(database.values("SELECT version || ' ' || name || ' ' || (execution_time_ms >= 0) || ' '"
                        + " || length(checksum) || ' ' || (applied_at <= now()) || ' ' || (id IS NOT NULL)"
                        + " FROM tb_confiture ORDER BY applied_at"))
                .containsExactly(
                        "001 create_users true 64 true true",
                        "002 add_name true 64 true true",
                        "003 seed true 64 true true");
        originalRow("004", "by_the_original", "x");
        assertThat(value("SELECT max(pk_confiture) FROM tb_confiture")).isEqualTo("4");
    }

    @Test
    void ourChecksumOfAPlainFileIsTheOriginals() throws Exception {
        folder.three();
        migrator().applyAll();
        assertThat(value("SELECT checksum FROM tb_confiture WHERE version = '001'"))
                .isEqualTo(sha256("CREATE TABLE users (id int PRIMARY KEY, email text);"));
    }

    @Test
    void everyRowIsAppliedAlsoWhileASegmentedMigrationIsPartial() {
        folder.write("1_a.up.sql", "CREATE TABLE a (id int);")
                .write("2_b.up.sql", "CREATE INDEX CONCURRENTLY ai ON a (id);\nSELECT 1/0;");
        fails(
                io.confiture.error.MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(exists("ai")).isTrue();
        assertThat(ledger()).containsExactly("1");
        assertThat(migrator().status().migrations().get(1).state()).isEqualTo(MigrationState.PARTIAL);
    }

    @ParameterizedTest
    @CsvSource({"true, \n", "false, ''", "false, '  '"})
    void aRowWithoutChecksumIsUnverifiedAndNeitherAnErrorNorOk(boolean isNull, String checksum) {
        folder.three();
        migrator().applyAll();
        database.execute("UPDATE tb_confiture SET checksum = " + (isNull ? "NULL" : "'" + checksum + "'")
                + " WHERE version = '002'");
        assertThat(migrator().validate().count(Outcome.NOT_CHECKED)).isEqualTo(1);
        assertThat(migrator().validate().valid()).isFalse();
        assertThat(migrator().status().migrations().get(1).state()).isEqualTo(MigrationState.APPLIED_UNVERIFIED);
        assertThat(migrator().applyAll()).isEmpty();
        assertThat(migrator().rollback("003").action()).isEqualTo(MigrationAction.ROLLED_BACK);
    }

    @ParameterizedTest
    @CsvSource({
        "public, tb_migrations",
        "ops, tb_confiture",
        "Ops Schema, Tb.Confiture",
        "select, table",
        "a\"b, c'd\"\"e",
        "ops, x; DROP TABLE users; --",
        "größe, ledger_ä",
        "\\, $$'$$",
        "ops, %s ? {}",
    })
    void theLedgerMayHaveAnyNameInAnySchema(String schema, String table) {
        String quoted = '"' + schema.replace("\"", "\"\"") + '"';
        String ledger = quoted + ".\"" + table.replace("\"", "\"\"") + '"';
        database.execute("CREATE SCHEMA IF NOT EXISTS " + quoted);
        folder.three()
                .write(
                        "004_index.up.sql",
                        "CREATE INDEX CONCURRENTLY ui ON users (email);\nSET search_path = pg_catalog;")
                .write("004_index.down.sql", "DROP INDEX CONCURRENTLY public.ui;");
        Migrator migrator = builder().schema(schema).table(table).build();
        migrator.initialize();
        migrator.initialize();
        assertThat(migrator.applyAll()).hasSize(4);
        assertThat(migrator.applyAll()).isEmpty();
        assertThat(migrator.status().ledger()).isEqualTo(schema + "." + table);
        assertThat(value("SELECT count(*) FROM " + ledger)).isEqualTo("4");
        assertThat(migrator.validate().valid()).isTrue();
        assertThat(migrator.rollbackTo("001")).hasSize(3);
        assertThat(migrator.applied()).hasSize(1);
        try (MigrationLock lock = migrator.lock()) {
            assertThat(lock).isNotNull();
            assertThat(migrator.lockHolder()).isPresent();
        }
        assertThat(exists("public.tb_confiture")).isFalse();
    }

    @Test
    void aLedgerOnTheSearchPathIsFoundWhereverItIs() {
        folder.three();
        database.execute("CREATE SCHEMA app", "CREATE SCHEMA ops");
        Migrator there = Migrator.builder(database.url() + "&currentSchema=ops")
                .locations(folder.location())
                .build();
        there.apply("001");
        Migrator here = Migrator.builder(database.url() + "&currentSchema=app,ops")
                .locations(folder.location())
                .build();
        assertThat(here.status().ledger()).isEqualTo("ops.tb_confiture");
        assertThat(here.applyAll()).hasSize(2);
        assertThat(value("SELECT count(*) FROM ops.tb_confiture")).isEqualTo("3");
        assertThat(exists("app.tb_confiture")).isFalse();
    }

    @Test
    void aSecondLedgerIsNeverStartedBesideOneOffTheSearchPath() {
        folder.three();
        migrator().applyAll();
        database.execute("CREATE SCHEMA app");
        Migrator elsewhere = Migrator.builder(database.url() + "&currentSchema=app")
                .locations(folder.location())
                .build();
        ConfigurationException e =
                refused(ConfigurationException.class, ErrorCode.LEDGER_AMBIGUOUS, elsewhere::applyAll);
        assertThat(e).hasMessageContaining("public.tb_confiture");
        assertThat(e.hint()).contains("confiture.migrate.schema");
        refused(ConfigurationException.class, ErrorCode.LEDGER_AMBIGUOUS, elsewhere::status);
        assertThat(builder().schema("app").build().status().appliedCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE tb_confiture (id int, title text)",
                "CREATE TABLE tb_confiture (id bigint, pk_confiture bigint, slug text, version text, name text,"
                        + " applied_at timestamptz, execution_time_ms int, checksum text); INSERT INTO tb_confiture"
                        + " VALUES (1, 1, 'a', '001', 'b', now(), 1, null)",
                "CREATE VIEW tb_confiture AS SELECT 1 AS id",
                "CREATE SEQUENCE tb_confiture",
            })
    void aTableOfThatNameThatIsNoLedgerIsRefused(String ddl) {
        folder.three();
        database.execute(ddl);
        ConfigurationException e = refused(
                ConfigurationException.class,
                ErrorCode.LEDGER_UNKNOWN_SHAPE,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining("public.tb_confiture");
        assertThat(e.hint()).contains("confiture.migrate.table");
        refused(
                ConfigurationException.class,
                ErrorCode.LEDGER_UNKNOWN_SHAPE,
                () -> migrator().initialize());
    }

    @Test
    void aSchemaNamedLikeTheRoleThatAppearsLaterDoesNotStartASecondLedger() {
        String role = "owner_" + database.name();
        TestServer.execute("CREATE ROLE " + role + " LOGIN");
        try {
            database.execute(
                    "GRANT CREATE ON SCHEMA public TO " + role,
                    "GRANT CREATE ON DATABASE " + database.name() + " TO " + role);
            Migrator migrator = Migrator.builder(database.url(role))
                    .locations(folder.location())
                    .build();
            // From here on "$user" of the search path is a schema, and new tables go there.
            folder.write("001_a.up.sql", "CREATE TABLE a ();").write("002_b.up.sql", "CREATE SCHEMA " + role + ";");
            migrator.applyAll();
            folder.write("003_c.up.sql", "CREATE TABLE c ();");
            assertThat(migrator.applyAll()).hasSize(1);
            assertThat(migrator.status().ledger()).isEqualTo("public.tb_confiture");
            assertThat(migrator.status().appliedCount()).isEqualTo(3);
            assertThat(exists(role + ".tb_confiture")).isFalse();
            assertThat(exists(role + ".c")).isTrue();
        } finally {
            database.execute("DROP OWNED BY " + role);
            TestServer.execute("DROP ROLE " + role);
        }
    }

    @Test
    void twoMigrationsOfOneNameInOneSecondDoNotCollide() {
        folder.write("1_same.up.sql", "SELECT 1")
                .write("2_same.up.sql", "SELECT 1")
                .write("2_same.down.sql", "");
        migrator().applyAll();
        for (int i = 0; i < 5; i++) {
            migrator().rollback("2");
            assertThat(migrator().apply("2").action()).isEqualTo(MigrationAction.APPLIED);
        }
        assertThat(database.values("SELECT DISTINCT slug FROM tb_confiture")).hasSize(2);
    }

    @Test
    void afterAReinitInOneTransactionTheNewestIsTheOneWrittenLast() {
        for (int i = 1; i <= 8; i++) {
            folder.write("00" + i + "_m.up.sql", "SELECT " + i).write("00" + i + "_m.down.sql", "");
        }
        migrator().initialize();
        database.execute("INSERT INTO tb_confiture (slug, version, name, applied_at)"
                + " SELECT 'm_' || i, '00' || i, 'm', '2026-01-01' FROM generate_series(1, 8) i");
        assertThat(Objects.requireNonNull(migrator().status().lastApplied()).version())
                .isEqualTo("008");
        assertThat(migrator().rollback("008").version()).isEqualTo("008");
        assertThat(Objects.requireNonNull(migrator().status().lastApplied()).version())
                .isEqualTo("007");
    }

    @Test
    void absentAndEmptyAreTwoStates() {
        folder.three();
        assertThat(migrator().status().ledgerExists()).isFalse();
        assertThat(migrator().applied()).isEmpty();
        migrator().initialize();
        assertThat(migrator().status().ledgerExists()).isTrue();
        assertThat(migrator().status().appliedCount()).isZero();
    }

    @Test
    void aRowWhoseVersionIsNoNumberIsMissingAndNotACrash() {
        folder.three();
        migrator().applyAll();
        database.execute("INSERT INTO tb_confiture (slug, version, name) VALUES ('x', 'baseline', 'by hand')");
        assertThat(migrator().status().migrations().get(3).state()).isEqualTo(MigrationState.MISSING);
        assertThat(builder().missing(Policy.WARN).build().applyAll()).isEmpty();
    }
}
