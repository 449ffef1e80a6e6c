package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.migrate.ValidationReport.Outcome;
import io.confiture.test.DatabaseContents;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A database that was made without the files is told to be at one of them. */
class BaselineTest extends MigratorTestCase {
    @AutoClose("shutdownNow")
    private final ExecutorService others = Executors.newCachedThreadPool();

    private void usersByHand() {
        folder.three();
        database.execute("CREATE TABLE users (id int PRIMARY KEY, email text, name text)");
    }

    @Test
    void whatIsRecordedIsNotRunAndTheRestIs() {
        usersByHand();
        List<MigrationResult> results = migrator().baseline("2");
        assertThat(results).extracting(MigrationResult::version).containsExactly("001", "002");
        assertThat(results).extracting(MigrationResult::action).containsOnly(MigrationAction.BASELINED);
        assertThat(results).allSatisfy(result -> assertThat(result.warnings()).isEmpty());
        assertThat(results.get(0)).hasToString("001_create_users baselined in 0 ms");
        assertThat(migrator().applyAll()).extracting(MigrationResult::version).containsExactly("003");
        assertThat(ledger()).containsExactly("001", "002", "003");
        assertThat(migrator().status().migrations())
                .extracting(MigrationInfo::state)
                .containsExactly(MigrationState.BASELINE, MigrationState.BASELINE, MigrationState.APPLIED);
    }

    @Test
    void aBaselineCountsAsAppliedAndIsNoProblem() {
        usersByHand();
        migrator().baseline("003");
        MigrationStatus status = migrator().status();
        assertThat(status.upToDate()).isTrue();
        assertThat(status.appliedCount()).isEqualTo(3);
        assertThat(MigrationState.BASELINE.isApplied()).isTrue();
        assertThat(migrator().validate().valid()).isTrue();
        assertThat(migrator().validate().checks().get(0).detail()).contains("not run");
        assertThat(migrator().applyAll()).isEmpty();
    }

    @Test
    void theRowsAreThoseTheOriginalWritesForABaseline() {
        usersByHand();
        migrator().baseline("002_add_name");
        assertThat(database.values("SELECT (slug ~ ('^' || version || '_' || name || '_[0-9]{8}_[0-9]{6}_baseline$'))"
                        + " || ' ' || execution_time_ms || ' ' || length(checksum) || ' ' || (applied_at <= now())"
                        + " FROM tb_confiture"))
                .containsExactly("true 0 64 true", "true 0 64 true");
    }

    @Test
    void aBaselineOfTheOriginalIsKnownAsOne() {
        usersByHand();
        migrator().initialize();
        database.execute("INSERT INTO tb_confiture (slug, version, name, execution_time_ms) VALUES"
                + " ('create_users_20260101_120000_baseline', '001', 'create_users', 0)");
        assertThat(migrator().status().migrations().get(0).state()).isEqualTo(MigrationState.APPLIED_UNVERIFIED);
        migrator().repair(Repair.nothing().realignChecksums());
        assertThat(migrator().status().migrations().get(0).state()).isEqualTo(MigrationState.BASELINE);
    }

    @Test
    void oneRowTellsWhoDidItAndWhen() {
        usersByHand();
        migrator().baseline("002");
        assertThat(database.values("SELECT kind || ' ' || version || ' ' || state || ': ' || statement || ' '"
                        + " || (started_at <= finished_at) FROM tb_confiture_run"))
                .containsExactly("baseline 002 recorded: recorded 2 migrations, 001_create_users to 002_add_name;"
                        + " by role postgres true");
    }

    @Test
    void theNewestIsTheHighestAlthoughAllWereWrittenAtOneTime() {
        for (int i = 1; i <= 12; i++) {
            folder.write(i + "_m.up.sql", "SELECT " + i).write(i + "_m.down.sql", "");
        }
        migrator().baseline("12");
        assertThat(ledger()).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
        assertThat(Objects.requireNonNull(migrator().status().lastApplied()).version())
                .isEqualTo("12");
        assertThat(migrator().rollback("12").version()).isEqualTo("12");
    }

    @Test
    void whatTheLedgerHasStaysAsItIs() {
        folder.three();
        migrator().apply("001");
        String row = value("SELECT t::text FROM tb_confiture t");
        assertThat(migrator().baseline("002"))
                .extracting(MigrationResult::action)
                .containsExactly(MigrationAction.ALREADY_APPLIED, MigrationAction.BASELINED);
        assertThat(value("SELECT t::text FROM tb_confiture t WHERE version = '001'"))
                .isEqualTo(row);
    }

    @Test
    void whatIsPendingBelowTheNewestAppliedIsRecordedToo() {
        folder.write("1_a.up.sql", "").write("5_e.up.sql", "");
        migrator().applyAll();
        folder.write("3_c.up.sql", "CREATE TABLE c ();");
        migrator().baseline("5");
        assertThat(ledger()).containsExactly("1", "5", "3");
        assertThat(migrator().applyAll()).isEmpty();
        assertThat(exists("c")).isFalse();
    }

    @Test
    void aTextThatChangesAfterTheBaselineIsChanged() {
        usersByHand();
        migrator().baseline("001");
        folder.write("001_create_users.up.sql", "CREATE TABLE persons ();");
        assertThat(migrator().status().migrations().get(0).state()).isEqualTo(MigrationState.CHANGED);
        assertThat(migrator().validate().count(Outcome.FAILED)).isEqualTo(1);
    }

    @Test
    void whatWasRecordedCanBeRolledBackAndIsAppliedFromThenOn() {
        usersByHand();
        migrator().baseline("002");
        assertThat(migrator().rollback("002").action()).isEqualTo(MigrationAction.ROLLED_BACK);
        assertThat(migrator().status().migrations().get(1).state()).isEqualTo(MigrationState.PENDING);
        migrator().apply("002");
        assertThat(migrator().status().migrations().get(1).state()).isEqualTo(MigrationState.APPLIED);
    }

    @Test
    void aVersionWithoutAFileIsRefusedWithTheNearest() {
        folder.write("50_from_here.up.sql", "");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.MIGRATION_UNKNOWN,
                () -> migrator().baseline("49"));
        assertThat(e.hint()).contains("50_from_here");
        assertThat(migrator().baseline("50")).hasSize(1);
    }

    @Test
    void onADatabaseWithoutTablesTheResultWarns() {
        folder.three();
        // As an extension brings its own.
        database.execute("CREATE TABLE spatial_ref_sys ()", "ALTER EXTENSION plpgsql ADD TABLE spatial_ref_sys");
        List<MigrationResult> results = migrator().baseline("002");
        assertThat(results.get(0).warnings()).isEmpty();
        assertThat(results.get(1).warnings())
                .singleElement()
                .asString()
                .contains(database.name())
                .contains("no table");
        assertThat(ledger()).hasSize(2);
    }

    @Test
    void whatThisEnvironmentIgnoresIsNotRecordedAndWhatIsRepeatableIsRun() {
        folder.write("1_a.up.sql", "CREATE TABLE a ();")
                .write("2_b.up.sql", "-- confiture: labels=demo\nCREATE TABLE b ();")
                .write("3_c.up.sql", "CREATE TABLE c ();")
                .write("R__views.sql", "CREATE OR REPLACE VIEW v AS SELECT 1 AS one;");
        assertThat(migrator().baseline("3"))
                .extracting(MigrationResult::version)
                .containsExactly("1", "3");
        assertThat(ledger()).containsExactly("1", "3");
        assertThat(migrator().applyAll()).extracting(MigrationResult::name).containsExactly("views");
        fails(
                MigrationException.class,
                ErrorCode.MIGRATION_UNKNOWN,
                () -> migrator().baseline("R__views"));
    }

    @Test
    void aTargetThatThisEnvironmentIgnoresIsRefused() {
        folder.write("1_a.up.sql", "CREATE TABLE a ();")
                .write("2_b.up.sql", "-- confiture: labels=demo\nCREATE TABLE b ();");
        ConfigurationException e = refused(
                ConfigurationException.class,
                ErrorCode.INVALID_CONFIGURATION,
                () -> migrator().baseline("2"));
        assertThat(e).hasMessageContaining("2_b, does not run here").hasMessageContaining("demo");
        assertThat(builder().labels(List.of("demo")).build().baseline("2")).hasSize(2);
    }

    @Test
    void aJavaMigrationThatDeclaresNoChecksumIsRecordedWithoutOne() {
        JavaMigration java = InJava.of("1", context -> {
            throw new IllegalStateException("is not to be run");
        });
        folder.write("2_b.up.sql", "");
        Migrator migrator = builder().javaMigration(java).build();
        migrator.baseline("2");
        assertThat(database.values("SELECT checksum IS NULL FROM tb_confiture ORDER BY version"))
                .containsExactly("t", "f");
        assertThat(migrator.status().migrations())
                .extracting(MigrationInfo::state)
                .containsExactly(MigrationState.APPLIED_UNVERIFIED, MigrationState.BASELINE);
        assertThat(migrator.status().migrations().get(0).detail()).startsWith("recorded by a baseline, not run");
        // There is nothing to align it with.
        assertThat(migrator.planRepair(Repair.nothing().realignChecksums()).steps())
                .isEmpty();
        assertThat(migrator.applyAll()).isEmpty();
    }

    @Test
    void aPartialMigrationIsNotHiddenByABaseline() {
        folder.write("1_a.up.sql", "CREATE TABLE a (id int);\nCREATE INDEX CONCURRENTLY ai ON a (id);\nSELECT 1/0;")
                .write("2_b.up.sql", "");
        assertThatThrownBy(migrator()::applyAll).isInstanceOf(MigrationException.class);
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.PARTIALLY_APPLIED,
                () -> migrator().baseline("2"));
        assertThat(e).hasMessageContaining("1_a is partial").hasMessageContaining("nothing was recorded");
        assertThat(e.hint()).contains("applyAll()");
    }

    @Test
    void aMigrationInDoubtIsToBeDecidedBeforeABaseline() {
        folder.write("1_a.up.sql", "-- confiture: transactional=false\nDO $$ BEGIN COMMIT; PERFORM 1/0; END $$;");
        assertThatThrownBy(migrator()::applyAll).isInstanceOf(MigrationException.class);
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.PARTIALLY_APPLIED,
                () -> migrator().baseline("1"));
        assertThat(e.hint()).contains("repair(").contains("\"1_a\"").contains("RETRY");
    }

    @Test
    void nothingIsRecordedIfOneRowCannotBe() {
        usersByHand();
        migrator().initialize();
        database.execute("ALTER TABLE tb_confiture ADD CHECK (version <> '002')");
        assertThatThrownBy(() -> migrator().baseline("003")).hasMessageContaining("tb_confiture_version_check");
        assertThat(ledger()).isEmpty();
        assertThat(value("SELECT count(*) FROM tb_confiture_run")).isEqualTo("0");
    }

    @Test
    void nothingIsRecordedWithoutTheRowThatTellsWhoDidIt() {
        usersByHand();
        migrator().baseline("001");
        database.execute("ALTER TABLE tb_confiture_run ADD CHECK (kind <> 'baseline') NOT VALID");
        assertThatThrownBy(() -> migrator().baseline("003")).hasMessageContaining("tb_confiture_run_kind_check");
        assertThat(ledger()).containsExactly("001");
    }

    @Test
    void noSecondLedgerIsStartedBesideOneOffTheSearchPath() {
        usersByHand();
        migrator().initialize();
        database.execute("CREATE SCHEMA app");
        refused(
                ConfigurationException.class,
                ErrorCode.LEDGER_AMBIGUOUS,
                () -> Migrator.builder(database.url() + "&currentSchema=app")
                        .locations(folder.location())
                        .build()
                        .baseline("003"));
    }

    @Test
    void ofTwoAtOnceOneWaitsAndFindsAllDone() throws Exception {
        usersByHand();
        Future<List<MigrationResult>> waiting;
        Migrator first = migrator();
        try (MigrationLock lock = first.lock()) {
            waiting = others.submit(() -> migrator().baseline("003"));
            await().until(() -> !database.values("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND pid <> pg_backend_pid() AND query LIKE '%pg_try_advisory_lock%'")
                    .isEmpty());
            first.baseline("002");
        }
        assertThat(waiting.get())
                .extracting(MigrationResult::action)
                .containsExactly(
                        MigrationAction.ALREADY_APPLIED, MigrationAction.ALREADY_APPLIED, MigrationAction.BASELINED);
        assertThat(ledger()).containsExactly("001", "002", "003");
    }

    @Test
    void aBaselineThatIsThereNeedsNoLock() {
        usersByHand();
        migrator().baseline("003");
        List<String> before = DatabaseContents.of(database);
        Migrator impatient = builder().lockWait(Duration.ZERO).build();
        try (MigrationLock lock = migrator().lock()) {
            assertThat(impatient.baseline("003"))
                    .extracting(MigrationResult::action)
                    .containsOnly(MigrationAction.ALREADY_APPLIED);
            folder.write("004_more.up.sql", "");
            fails(LockTimeoutException.class, ErrorCode.LOCK_TIMEOUT, () -> impatient.baseline("004"));
        }
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
    }
}
