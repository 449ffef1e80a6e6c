package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.CommittedMigration;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbacksTest extends MigratorTestCase {

    @BeforeEach
    void calls() {
        database.execute("CREATE FUNCTION locks() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM pg_locks l"
                + " JOIN pg_database d ON d.oid = l.database WHERE datname = current_database()"
                + " AND locktype = 'advisory' $$");
        database.execute("CREATE TABLE calls (id int GENERATED ALWAYS AS IDENTITY, what text,"
                + " xid xid8 DEFAULT pg_current_xact_id(), locks int DEFAULT locks())");
    }

    private static String call(String what) {
        return "INSERT INTO calls (what) VALUES ('" + what + "');\n";
    }

    private List<@Nullable String> called() {
        return database.values("SELECT what FROM calls ORDER BY id");
    }

    private CallbacksTest around() {
        folder.write("beforeMigrate.sql", call("before"))
                .write("afterMigrate.sql", call("after"))
                .write("1_a.up.sql", call("1"))
                .write("1_a.down.sql", "DELETE FROM calls")
                .write("2_b.up.sql", call("2"));
        return this;
    }

    @Test
    void runOnceAroundTheMigrationsUnderTheLockInTransactionsOfTheirOwn() {
        around();
        assertThat(migrator().applyAll()).hasSize(2);
        assertThat(called()).containsExactly("before", "1", "2", "after");
        assertThat(value("SELECT count(DISTINCT xid) FROM calls")).isEqualTo("4");
        assertThat(value("SELECT min(locks) FROM calls")).isEqualTo("1");
        assertThat(ledger()).containsExactly("1", "2");
    }

    @Test
    void doNotRunWhereNothingIsAppliedNorForARollbackNorForReading() {
        around();
        Migrator migrator = migrator();
        migrator.plan();
        migrator.status();
        migrator.validate();
        assertThat(called()).isEmpty();
        migrator.apply("1");
        database.execute("DELETE FROM calls");
        migrator.rollback("1");
        assertThat(called()).isEmpty();
        migrator.applyAll();
        database.execute("DELETE FROM calls");
        migrator.applyAll();
        assertThat(called()).isEmpty();
    }

    @Test
    void ofSeveralLocationsRunInTheirOrder() {
        around();
        MigrationFolder other = new MigrationFolder(temp.resolve("a_other"))
                .write("beforeMigrate.sql", call("other before"))
                .write("deep/afterMigrate.sql", call("other after"));
        Migrator.builder(database.dataSource())
                .locations(folder.location(), other.location())
                .build()
                .applyAll();
        assertThat(called()).containsExactly("before", "other before", "1", "2", "after", "other after");
    }

    @Test
    void thatFailBeforeLeaveNothingApplied() {
        around();
        folder.write("beforeMigrate.sql", call("before") + "\n SELECT 1/0;");
        MigrationException e = fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(e.committed()).isEmpty();
        assertThat(e.file()).endsWith("beforeMigrate.sql");
        assertThat(List.of(e.line(), e.column())).containsExactly(3, 2);
        assertThat(e).hasMessageContaining("beforeMigrate.sql").hasMessageContaining("nothing was applied");
        assertThat(called()).isEmpty();
        assertThat(ledger()).isEmpty();
    }

    @Test
    void thatFailAfterTellWhatIsCommittedAndThatTheyDoNotRunAgain() {
        around();
        folder.write("afterMigrate.sql", call("after") + "SELECT 1/0;");
        MigrationException e = fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(e.committed()).extracting(CommittedMigration::version).containsExactly("1", "2");
        assertThat(e).hasMessageContaining("committed and stay").hasMessageContaining("run it by hand");
        assertThat(called()).containsExactly("before", "1", "2");
        assertThat(migrator().applyAll()).isEmpty();
    }

    @Test
    void afterAMigrationThatFailsTheLastOneDoesNotRun() {
        around();
        folder.write("2_b.up.sql", "SELECT 1/0;");
        fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(called()).containsExactly("before", "1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VACUUM calls; | 2 | 1",
                "-- confiture: transactional=false | 3 | 1",
            })
    void thatCannotRunInATransactionStopAllBeforeAnythingRuns(String statement, int line, int column) {
        around();
        folder.write(
                "afterMigrate.sql",
                statement.startsWith("--")
                        ? statement + "\n" + call("after") + "CALL x();"
                        : call("after") + statement);
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.TRANSACTION_CONTROL,
                () -> migrator().applyAll());
        assertThat(e.file()).endsWith("afterMigrate.sql");
        assertThat(List.of(e.line(), e.column())).containsExactly(line, column);
    }

    @Test
    void thatAreBrokenStopAllBeforeAnythingRuns() {
        around();
        folder.write("afterMigrate.sql", "SELECT 'x");
        refused(
                MigrationException.class,
                ErrorCode.SCRIPT_SYNTAX,
                () -> migrator().applyAll());
    }

    @Test
    void haveDirectivesPlaceholdersAndRows() {
        around();
        folder.write(
                "beforeMigrate.sql",
                "-- confiture: statement-timeout=7s placeholders=t\nCOPY ${t} (what) FROM stdin;\nrow\n\\.\n"
                        + "INSERT INTO ${t} (what) SELECT current_setting('statement_timeout');");
        builder().placeholders(Map.of("t", "calls")).build().applyAll();
        assertThat(called()).startsWith("row", "7s", "1");
    }

    @Test
    void leaveTheSessionAsItWas() {
        around();
        folder.write("beforeMigrate.sql", "CREATE SCHEMA other; SET search_path = other; SET work_mem = '7MB';");
        folder.write("1_a.up.sql", "INSERT INTO calls (what) SELECT current_setting('work_mem')");
        migrator().applyAll();
        assertThat(called()).doesNotContain("7MB");
    }

    @Test
    void meetTheLockTimeoutAsMigrationsDo() throws Exception {
        around();
        folder.write("beforeMigrate.sql", "LOCK TABLE calls");
        try (Connection other = database.dataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE calls IN SHARE MODE");
            Migrator migrator =
                    builder().lockTimeout(Duration.ofMillis(20)).retries(1).build();
            fails(LockTimeoutException.class, ErrorCode.STATEMENT_LOCK_TIMEOUT, migrator::applyAll);
            other.rollback();
        }
        assertThat(migrator().applyAll()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "beforemigrate.sql | beforeMigrate.sql",
                "before_migrate.sql | beforeMigrate.sql",
                "AfterMigrate.SQL | afterMigrate.sql",
                "afterMigrat.sql | afterMigrate.sql",
                "afterMigrate__vacuum.sql | afterMigrate.sql, one in each location",
                "beforeEachMigrate.sql | a MigrationHook at BEFORE_EXECUTE",
                "afterMigrateApplied__x.sql | afterMigrate.sql, which runs only when something was applied",
                "afterConnect.sql | confiture.init-sql",
                "createSchema.sql | confiture.migrate.create-schema",
            })
    void nearlyNamedStopAllAndTellWhatToWrite(String name, String expected) {
        around();
        folder.write("sub/" + name, "SELECT 1");
        ConfigurationException e = refused(
                ConfigurationException.class,
                ErrorCode.BAD_FILE_NAME,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining("sub/" + name).hasMessageContaining("; expected " + expected + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"after_party.sql", "before.sql", "migrate.sql"})
    void otherNamesStillMissAVersion(String name) {
        folder.write(name, "SELECT 1");
        assertThat(refused(
                        ConfigurationException.class,
                        ErrorCode.BAD_FILE_NAME,
                        () -> migrator().applyAll()))
                .hasMessageContaining("has no version");
    }

    @Test
    void thatAreBrokenAreBlockersOfThePlan() {
        around();
        folder.write("afterMigrate.sql", "VACUUM;");
        MigrationPlan plan = migrator().plan();
        assertThat(plan.blockers()).singleElement().asString().contains("afterMigrate.sql:1:1");
    }
}
