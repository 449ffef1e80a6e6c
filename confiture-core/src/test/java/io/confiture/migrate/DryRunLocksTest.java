package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ConfigurationException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.migrate.DryRunReport.MigrationTrial;
import io.confiture.migrate.DryRunReport.Outcome;
import io.confiture.migrate.DryRunReport.StatementTrial;
import io.confiture.test.DatabaseContents;
import io.confiture.test.PidChangingProxy;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dry run waits for, and for how long it keeps others waiting. */
class DryRunLocksTest extends MigratorTestCase {
    /** Tries everything, and asserts that the database is exactly as before. */
    private DryRunReport tried(Migrator migrator, DryRunOptions options) {
        List<String> before = DatabaseContents.of(database);
        DryRunReport report = migrator.dryRun(options);
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
        assertThat(migrator.lockHolder()).isEmpty();
        return report;
    }

    private DryRunReport tried() {
        return tried(migrator(), DryRunOptions.defaults());
    }

    private static List<Outcome> outcomes(DryRunReport report) {
        return report.migrations().stream().map(MigrationTrial::outcome).toList();
    }

    private static List<Outcome> outcomes(MigrationTrial trial) {
        return trial.statements().stream().map(StatementTrial::outcome).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SET statement_timeout = 0;", "SET LOCAL statement_timeout = '1h';", "RESET ALL;"})
    void locksAreNotHeldForLongerThanTheLimitWhateverTheScriptSets(String sets) throws Exception {
        database.execute("CREATE TABLE a (id int)");
        folder.write("001_a.up.sql", "LOCK TABLE a;\n" + sets + "\nSELECT pg_sleep(600);\nSELECT 2;")
                .write("002_b.up.sql", "SELECT 1;");
        DryRunReport report = tried(migrator(), DryRunOptions.defaults().lockLimit(Duration.ofMillis(300)));
        assertThat(outcomes(report)).containsExactly(Outcome.NOT_TRIED, Outcome.NOT_TRIED);
        assertThat(report.migrations())
                .allSatisfy(trial -> assertThat(trial.detail()).contains("the limit of 300 ms for holding locks"));
        assertThat(report.migrations().get(0).failure()).isNull();
        assertThat(outcomes(report.migrations().get(0))).endsWith(Outcome.NOT_TRIED);
        assertThat(report.duration()).isLessThan(Duration.ofMinutes(1));
        database.execute("BEGIN; LOCK TABLE a NOWAIT; COMMIT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-- confiture: statement-timeout=30ms\n", "SET statement_timeout = '30ms'; SELECT 1;"})
    void aStatementThatMeetsTheScriptsOwnTimeLimitFailsAsItWould(String sets) {
        folder.write("001_a.up.sql", sets + "SELECT pg_sleep(600);");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.FAILED);
        assertThat(failure(report.migrations().get(0)).code()).isEqualTo(ErrorCode.CANCELLED);
    }

    @Test
    void aLockThatIsNotHadInTimeFails() throws Exception {
        database.execute("CREATE TABLE a (id int)");
        folder.write("001_a.up.sql", "ALTER TABLE a ADD b int;");
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE a IN ACCESS SHARE MODE");
            DryRunReport report =
                    builder().lockTimeout(Duration.ofMillis(50)).build().dryRun();
            assertThat(outcomes(report)).containsExactly(Outcome.FAILED);
            assertThat(failure(report.migrations().get(0)).code()).isEqualTo(ErrorCode.STATEMENT_LOCK_TIMEOUT);
        }
    }

    @Test
    void aProtectedDatabaseIsRefusedUnlessAllowed() {
        folder.three();
        Migrator migrator = builder().protectedDatabase(true).build();
        ConfigurationException e =
                refused(ConfigurationException.class, ErrorCode.PROTECTED_DATABASE, migrator::dryRun);
        assertThat(e.hint()).contains("allowProtected(true)");
        assertThat(tried(migrator, DryRunOptions.defaults().allowProtected(true))
                        .wouldSucceed())
                .isTrue();
        assertThat(migrator.applyAll()).hasSize(3);
    }

    @Test
    void itRunsUnderTheMigrationLock() {
        folder.three();
        try (MigrationLock lock = migrator().lock()) {
            fails(
                    LockTimeoutException.class,
                    ErrorCode.LOCK_TIMEOUT,
                    () -> builder().lockWait(Duration.ZERO).build().dryRun());
        }
        Migrator holder = migrator();
        try (MigrationLock lock = holder.lock()) {
            assertThat(holder.dryRun().wouldSucceed()).isTrue();
            assertThat(holder.lockHolder()).isPresent();
            assertThat(holder.applyAll()).hasSize(3);
        }
    }

    @Test
    void aScriptThatGivesTheMigrationLockAwayFails() {
        folder.write("001_a.up.sql", "SELECT pg_advisory_unlock_all();");
        DryRunReport report = tried();
        assertThat(outcomes(report)).containsExactly(Outcome.FAILED);
        assertThat(failure(report.migrations().get(0)).code()).isEqualTo(ErrorCode.LOCK_LOST);
    }

    @Test
    void behindATransactionPoolerItIsTheSame() {
        folder.three().write("004_set.up.sql", "SET search_path = pg_catalog; PREPARE x AS SELECT 1;");
        try (PidChangingProxy proxy = new PidChangingProxy()) {
            Migrator migrator = Migrator.builder(proxy.url(database))
                    .locations(folder.location())
                    .build();
            assertThat(tried(migrator, DryRunOptions.defaults()).wouldSucceed()).isTrue();
        }
    }

    @Test
    void aLostConnectionIsNoReport() {
        folder.write("001_a.up.sql", "SELECT pg_terminate_backend(pg_backend_pid());");
        fails(
                DatabaseConnectionException.class,
                ErrorCode.CONNECTION_FAILED,
                () -> migrator().dryRun());
    }
}
