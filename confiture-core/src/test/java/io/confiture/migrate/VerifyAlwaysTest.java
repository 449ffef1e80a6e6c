package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Migrations that are verified in their own transaction, because they say {@code verify=always}. */
class VerifyAlwaysTest extends MigratorTestCase {
    private static final String ALWAYS = "-- confiture: verify=always\n";

    private void write(String up, String verify) {
        folder.write("001_a.up.sql", up).write("001_a.verify.sql", verify);
    }

    @Test
    void aPassingCheckSeesWhatTheMigrationDidAndLetsItCommit() {
        write(ALWAYS + "CREATE TABLE a AS SELECT 1 AS id;", "SELECT count(*) = 1 FROM a");
        migrator().applyAll();
        assertThat(ledger()).containsExactly("001");
        assertThat(migrator().verify().valid()).isTrue();
    }

    @Test
    void aFailedCheckRollsTheMigrationBackAndIsNamed() {
        write(ALWAYS + "CREATE TABLE a AS SELECT 1 AS id;", "SELECT true;\nSELECT id = 2 AS two FROM a");
        List<String> heard = new ArrayList<>();
        Migrator migrator = builder()
                .hook(MigrationHook.at(HookPoint.AFTER_EXECUTE, context -> heard.add("after")))
                .hook(MigrationHook.at(HookPoint.ON_ERROR, context -> heard.add("error")))
                .build();
        migrator.initialize();
        MigrationException e = refused(MigrationException.class, ErrorCode.VERIFICATION_FAILED, migrator::applyAll);
        assertThat(e)
                .hasMessageContaining("001_a.verify.sql:2:1: statement 2: row 1: column \"two\" is false")
                .hasMessageContaining("State: rolled back; nothing of 001_a is applied.");
        assertThat(e.file()).endsWith("001_a.verify.sql");
        assertThat(e.line()).isEqualTo(2);
        assertThat(e.sql()).isEqualTo("SELECT id = 2 AS two FROM a");
        assertThat(heard).contains("error").doesNotContain("after");
    }

    @Test
    void anSqlErrorInTheCheckIsToldWithItsPlaceAndState() {
        write(ALWAYS + "CREATE TABLE a ();", "SELECT\n  wrong FROM a");
        MigrationException e = fails(
                MigrationException.class,
                ErrorCode.VERIFICATION_FAILED,
                () -> migrator().applyAll());
        assertThat(e.sqlState()).isEqualTo("42703");
        assertThat(e.line()).isEqualTo(2);
        assertThat(e.column()).isEqualTo(3);
        assertThat(e.position()).isEqualTo(10);
        assertThat(exists("a")).isFalse();
    }

    @Test
    void withoutTheDirectiveNothingIsVerified() {
        write("CREATE TABLE a ();", "SELECT false");
        migrator().applyAll();
        assertThat(ledger()).containsExactly("001");
    }

    @Test
    void withoutTheFileNothingIsRun() {
        folder.write("001_a.up.sql", ALWAYS + "CREATE TABLE a ();").write("000_b.up.sql", "CREATE TABLE b ();");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.UNKNOWN_DIRECTIVE,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining("no file 001_a.verify.sql");
        assertThat(migrator().plan().blockers()).singleElement().asString().contains("no file 001_a.verify.sql");
    }

    @Test
    void aCheckThatWouldNotBeRunStopsAllBeforeAnythingIsRun() {
        write(ALWAYS + "CREATE TABLE a (); CREATE INDEX CONCURRENTLY i ON a ((1));", "SELECT true; DROP TABLE a");
        folder.write("000_b.up.sql", "CREATE TABLE b ();");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.VERIFICATION_FAILED,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining("001_a.verify.sql:1:14: only SELECT").hasMessageContaining("was run");
    }

    @Test
    void theCheckCannotWriteAndTheMigrationStillCan() {
        write(
                ALWAYS + "CREATE TABLE a (id int); CREATE FUNCTION f() RETURNS boolean LANGUAGE sql AS"
                        + " 'INSERT INTO a VALUES (1) RETURNING true';",
                "SELECT f()");
        assertThat(fails(
                        MigrationException.class,
                        ErrorCode.VERIFICATION_FAILED,
                        () -> migrator().applyAll()))
                .hasMessageContaining("cannot execute INSERT in a read-only transaction [25006]");
        folder.write("001_a.verify.sql", "SELECT count(*) = 0, set_config('search_path', 'x', false) = 'x' FROM a");
        Migrator migrator = builder()
                .hook(MigrationHook.at(
                        HookPoint.AFTER_EXECUTE,
                        context ->
                                context.jdbc().sql("INSERT INTO a VALUES (2)").update()))
                .build();
        migrator.applyAll();
        assertThat(value("SELECT id FROM a")).isEqualTo("2");
    }

    @Test
    void ofAMigrationInSegmentsWhatIsCommittedStaysAndTheNextRunVerifiesAgain() {
        write(ALWAYS + "CREATE TABLE a (id int);\nCREATE INDEX CONCURRENTLY i ON a (id);", "SELECT exists (TABLE a)");
        MigrationException e = fails(
                MigrationException.class,
                ErrorCode.VERIFICATION_FAILED,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining("these are committed and stay: statement 1, statement 2");
        assertThat(exists("i")).isTrue();
        assertThat(ledger()).isEmpty();
        fails(
                MigrationException.class,
                ErrorCode.VERIFICATION_FAILED,
                () -> migrator().applyAll());
        database.execute("INSERT INTO a VALUES (1)");
        assertThat(migrator().applyAll()).hasSize(1);
    }

    @Test
    void aRollbackVerifiesNothing() {
        write(ALWAYS + "CREATE TABLE a ();", "SELECT count(*) = 0 FROM a");
        folder.write("001_a.down.sql", "DROP TABLE a;");
        migrator().applyAll();
        migrator().rollback("001");
        assertThat(ledger()).isEmpty();
    }
}
