package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.test.DatabaseContents;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorPositionTest extends MigratorTestCase {

    private MigrationException failing(String sql) {
        folder.write("1_a.up.sql", sql);
        return refusedButForTheLedger(ErrorCode.STATEMENT_FAILED);
    }

    private MigrationException refusedButForTheLedger(ErrorCode code) {
        migrator().initialize();
        return refused(MigrationException.class, code, () -> migrator().applyAll());
    }

    private static String everythingSaid(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text + String.valueOf(e.getMessage()) + (e instanceof ConfitureException c ? c.hint() : "");
    }

    private static void at(MigrationException e, int line, int column) {
        assertThat(e.line()).isEqualTo(line);
        assertThat(e.column()).isEqualTo(column);
        assertThat(e).hasMessageContaining(e.file() + ":" + line + ":" + column);
    }

    /** The statement from the server's position on, which counts characters. */
    private static String atPosition(MigrationException e) {
        String sql = Objects.requireNonNull(e.sql());
        return sql.substring(sql.offsetByCodePoints(0, Objects.requireNonNull(e.position()) - 1));
    }

    @Test
    void theErrorStandsAtTheServersPosition() {
        MigrationException e = failing("CREATE TABLE t (id int);\n\n  INSERT INTO t\n  VALUES (nope);\n");
        at(e, 4, 11);
        assertThat(e.sql()).isEqualTo("INSERT INTO t\n  VALUES (nope)");
        assertThat(e.position()).isEqualTo(25);
        assertThat(atPosition(e)).startsWith("nope");
        assertThat(e.sqlState()).isEqualTo("42703");
        assertThat(e).hasMessageContaining("[42703]").hasMessageContaining("Statement: INSERT INTO t");
    }

    @Test
    void charactersOfSeveralBytesBeforeTheErrorDoNotMoveIt() {
        MigrationException e = failing("-- Größe 🍓\nSELECT 'ä🍓ö', nope;\n");
        at(e, 2, 15);
        assertThat(atPosition(e)).startsWith("nope");
    }

    @Test
    void windowsLineEndsDoNotMoveIt() {
        MigrationException e = failing("\uFEFF-- a\r\nSELECT 1;\r\n\r\nSELECT 1,\r\n  nope;\r\n");
        at(e, 5, 3);
    }

    @Test
    void aLaterStatementOnTheSameLineIsFound() {
        at(failing("SELECT 1; SELECT 2; SELECT nope;"), 1, 28);
    }

    @Test
    void anErrorWithoutPositionStandsAtItsStatement() {
        MigrationException e = failing("SELECT 1;\n\n  SELECT 1/0;");
        at(e, 3, 3);
        assertThat(e.position()).isNull();
        assertThat(e.sqlState()).isEqualTo("22012");
    }

    @Test
    void theDownSectionOfOneFileCountsLinesOfTheFile() {
        folder.write("1_a.sql", "-- migrate:up\nCREATE TABLE a ();\n\n-- migrate:down\n\nDROP TABLE\n  b;\n");
        migrator().applyAll();
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().rollback("1"));
        assertThat(e.file()).endsWith("1_a.sql");
        at(e, 6, 1);
    }

    @Test
    void anErrorInCopyDataStandsAtTheRow() {
        MigrationException e = failing("CREATE TABLE t (id int, name text);\nCOPY t (id, name) FROM stdin;\n"
                + "1\tFIRST-ROW\n2\tSECOND-ROW\nx\tTHIRD-ROW\n4\tFOURTH-ROW\n\\.\n");
        at(e, 5, 1);
        assertThat(e.sql()).isEqualTo("COPY t (id, name) FROM stdin");
        assertThat(e.sqlState()).isEqualTo("22P02");
        assertThat(e.getMessage()).doesNotContain("FIRST-ROW", "SECOND-ROW", "THIRD-ROW", "FOURTH-ROW");
    }

    @Test
    void valuesOfARowThatViolatesAConstraintInCopyAreNotTold() {
        MigrationException e = failing("CREATE TABLE t (id int PRIMARY KEY, name text CHECK (name <> 'CANARY'));\n"
                + "COPY t FROM stdin;\n1\ta\n2\tCANARY\n\\.\n");
        at(e, 4, 1);
        assertThat(e.getMessage()).doesNotContain("(2, CANARY)");
    }

    @Test
    void aLongStatementIsCutInTheError() {
        MigrationException e = failing("SELECT '" + "x".repeat(100_000) + "', nope;");
        assertThat(e.sql()).hasSizeLessThan(600).endsWith("…");
        assertThat(e.getMessage()).hasSizeLessThan(2_000);
        at(e, 1, 100_012);
    }

    @Test
    void aProcedureThatCommitsIsToldOfTheDirective() {
        folder.write("1_a.up.sql", "DO $$ BEGIN COMMIT; END $$;");
        MigrationException e = refusedButForTheLedger(ErrorCode.STATEMENT_FAILED);
        assertThat(e.sqlState()).isEqualTo("2D000");
        assertThat(e.hint()).contains("-- confiture: transactional=false");
    }

    @Test
    void anEnumValueUsedTooEarlyIsToldToMoveToTheNextMigration() {
        folder.write("1_a.up.sql", "CREATE TYPE mood AS ENUM ('sad');");
        migrator().applyAll();
        folder.write("2_b.up.sql", "ALTER TYPE mood ADD VALUE 'happy';\nSELECT 'happy'::mood;");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(e.sqlState()).isEqualTo("55P04");
        assertThat(e.hint()).contains("next migration");
        at(e, 2, 8);
    }

    @Test
    void whatTheServerDoesNotAllowInATransactionIsToldOfTheDirective() {
        // Hidden in a function, so that no text can show it.
        folder.write(
                "1_a.up.sql",
                "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'BEGIN EXECUTE ''VACUUM''; END';\nSELECT f();");
        MigrationException e = refusedButForTheLedger(ErrorCode.STATEMENT_FAILED);
        assertThat(e.sqlState()).isEqualTo("25001");
        assertThat(e.hint()).contains("transaction");
        assertThat(e.line()).isEqualTo(2);
    }

    @Test
    void aMissingPrivilegeIsToldWithItsStatement() {
        database.execute("CREATE ROLE weak_" + database.name() + " LOGIN", "CREATE TABLE t (id int)");
        database.execute("GRANT CREATE ON SCHEMA public TO weak_" + database.name());
        try {
            folder.write("1_a.up.sql", "SELECT 1;\nALTER TABLE t ADD b int;");
            Migrator weak = Migrator.builder(database.url("weak_" + database.name()))
                    .locations(folder.location())
                    .build();
            weak.initialize();
            MigrationException e = refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, weak::applyAll);
            assertThat(e.sqlState()).isEqualTo("42501");
            assertThat(e.line()).isEqualTo(2);
            assertThat(e.hint()).contains("privilege");
        } finally {
            database.execute("DROP OWNED BY weak_" + database.name(), "DROP ROLE weak_" + database.name());
        }
    }

    @Test
    void aTableHeldByAnotherSessionIsALockTimeoutOfTheStatement() throws Exception {
        database.execute("CREATE TABLE t (id int)");
        folder.write("1_a.up.sql", "ALTER TABLE t ADD b int;");
        migrator().initialize();
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE t");
            LockTimeoutException e = fails(
                    LockTimeoutException.class,
                    ErrorCode.STATEMENT_LOCK_TIMEOUT,
                    () -> builder()
                            .lockTimeout(Duration.ofMillis(50))
                            .retries(1)
                            .build()
                            .applyAll());
            assertThat(e.sqlState()).isEqualTo("55P03");
            assertThat(e.sql()).isEqualTo("ALTER TABLE t ADD b int");
            assertThat(e.hint()).contains("lock-timeout=");
            other.rollback();
        }
        assertThat(ledger()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE ROLE postgres LOGIN PASSWORD 'CANARY'",
                "CREATE ROLE postgres ENCRYPTED PASSWORD\n   'CANARY' SUPERUSER",
                "CREATE ROLE postgres PASSWORD E'it\\'s CANARY'",
                "CREATE ROLE postgres PASSWORD $$CANARY$$",
                "CREATE ROLE postgres PASSWORD $pw$CANARY$pw$",
                "CREATE ROLE postgres PASSWORD U&'CANARY'",
                "CREATE ROLE postgres PASSWORD /* no */ 'CANARY'",
                "CREATE ROLE postgres PASSWORD 'it''s CANARY'",
                "ALTER ROLE nowhere_at_all PASSWORD 'CANARY'",
                "CREATE USER MAPPING FOR CURRENT_USER SERVER nowhere OPTIONS (user 'me', password 'CANARY')",
                "CREATE USER MAPPING FOR CURRENT_USER SERVER nowhere OPTIONS (user 'me', \"password\" 'CANARY')",
                "SELECT nope, 'host=x password=CANARY user=y'",
                "SELECT nope, 'host=x password=''CANARY'' user=y'",
                "SELECT nope, 'host=x password=''it CANARY'' user=y'",
                "SELECT nope, 'postgresql://me:CANARY@host/db'",
                "DO $$ BEGIN CREATE ROLE postgres PASSWORD 'CANARY'; END $$",
                "DO $$ BEGIN EXECUTE 'CREATE ROLE postgres PASSWORD ''CANARY'''; END $$",
            })
    void aPasswordInAFailingStatementIsNeverTold(String sql) {
        folder.write("1_a.up.sql", sql + ";");
        MigrationException e = refusedButForTheLedger(ErrorCode.STATEMENT_FAILED);
        assertThat(everythingSaid(e) + e.sql()).doesNotContain("CANARY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1 password=CANARY' PUBLICATION p",
                "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1 password=''CAN ARY''' PUBLICATION p",
                "-- confiture: transactional=false\nDO 'BEGIN EXECUTE ''CREATE ROLE postgres PASSWORD ''''CANARY''''''; END'",
            })
    void aPasswordInAStatementThatFailedByItselfIsNotKeptInTheDatabase(String sql) {
        folder.write("1_a.up.sql", sql + ";");
        MigrationException e = fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(everythingSaid(e) + e.sql()).doesNotContain("CANARY", "CAN ARY");
        assertThat(value("SELECT count(*) FROM tb_confiture_run WHERE statement LIKE '%***%'"))
                .isEqualTo("1");
        assertThat(DatabaseContents.of(database).toString()).doesNotContain("CANARY", "CAN ARY");
        assertThat(migrator().status().pendingCount()).isEqualTo(1);
    }

    @Test
    void aPasswordAtTheCutOfALongStatementIsNeverTold() {
        for (int i = 480; i < 502; i += 3) {
            folder.write("1_a.up.sql", "SELECT nope" + " ".repeat(i - 30) + ", 'password=CANARYCANARY'");
            migrator().initialize();
            MigrationException e = refused(
                    MigrationException.class,
                    ErrorCode.STATEMENT_FAILED,
                    () -> migrator().applyAll());
            assertThat(everythingSaid(e) + e.sql()).doesNotContain("CAN");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://127.0.0.1:1/db?user=me&password=CANARY",
                "jdbc:postgresql://127.0.0.1:none/db?user=me&password=CANARY",
                "jdbc:postgresql://127.0.0.1:99999/db?user=me&password=CANARY",
                "jdbc:postgresql:db?user=me&password=CANARY&sslmode=what",
                "jdbc:postgresql://me:CANARY@127.0.0.1:1/db",
                "postgresql://me:CANARY@127.0.0.1:1/db",
                "postgresql://me:CAN%20ARY@127.0.0.1:1/db%zz?password=CANARY",
                "postgres://me:CANARY@127.0.0.1:none/db",
                "postgresql://me:CANARY@a b/db",
                "mysql://me:CANARY@localhost/db",
            })
    void thePasswordOfAUrlIsNeverTold(String url) {
        folder.three();
        try {
            Migrator.builder(url).locations(folder.location()).build().applyAll();
        } catch (ConfitureException e) {
            assertThat(everythingSaid(e)).doesNotContain("CANARY", "CAN%20ARY");
            assertThat(e.code()).isIn(ErrorCode.CONNECTION_FAILED, ErrorCode.INVALID_CONFIGURATION);
            return;
        }
        throw new AssertionError("connected to " + url);
    }

    @Test
    void thePasswordOfADataSourceIsNeverTold() {
        folder.three();
        var source = new org.springframework.jdbc.datasource.DriverManagerDataSource(
                "jdbc:postgresq://127.0.0.1:1/db?user=me&password=CANARY");
        ConfitureException e = fails(
                io.confiture.error.DatabaseConnectionException.class,
                ErrorCode.CONNECTION_FAILED,
                () -> Migrator.builder(source)
                        .locations(folder.location())
                        .build()
                        .applyAll());
        assertThat(everythingSaid(e)).doesNotContain("CANARY");
    }
}
