package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationAlreadyAppliedException;
import io.confiture.error.MigrationException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatableMigrationTest extends MigratorTestCase {

    private MigrationFolder view(String columns) {
        return folder.three()
                .write("R__emails.sql", "CREATE OR REPLACE VIEW emails AS SELECT " + columns + " FROM users;");
    }

    @Test
    void itRunsAfterTheVersionedOnesAndIsNotInTheLedger() {
        view("email");
        assertThat(migrator().applyAll())
                .extracting(MigrationResult::toString)
                .last()
                .asString()
                .startsWith("R__emails applied");
        assertThat(exists("emails")).isTrue();
        assertThat(ledger()).containsExactly("001", "002", "003");
        MigrationStatus status = migrator().status();
        assertThat(status.upToDate()).isTrue();
        assertThat(status.migrations()).last().satisfies(info -> {
            assertThat(info.state()).isEqualTo(MigrationState.APPLIED);
            assertThat(info.appliedAt()).isNotNull();
            assertThat(info.version()).isEqualTo("R");
            assertThat(info.name()).isEqualTo("emails");
        });
        assertThat(migrator().validate().valid()).isTrue();
    }

    @Test
    void itIsNotRunAgainWhileItsTextIsTheSame() {
        view("email");
        migrator().applyAll();
        assertThat(migrator().applyAll()).isEmpty();
        folder.write("R__emails.sql", "\uFEFFCREATE OR REPLACE VIEW emails AS SELECT email FROM users;");
        assertThat(migrator().applyAll()).isEmpty();
    }

    @Test
    void itRunsAgainWhenItsTextChanges() {
        view("email");
        migrator().applyAll();
        view("email, name");
        assertThat(migrator().pending()).extracting(Migration::id).containsExactly("R__emails");
        assertThat(migrator().applyAll()).extracting(MigrationResult::name).containsExactly("emails");
        assertThat(value("SELECT count(*) FROM pg_attribute WHERE attrelid = 'emails'::regclass AND attnum > 0"))
                .isEqualTo("2");
        assertThat(value("SELECT count(*) FROM tb_confiture_run")).isEqualTo("1");
        assertThat(migrator().applyAll()).isEmpty();
    }

    @Test
    void oneThatFailsIsRolledBackWithItsMarkAndStaysPending() {
        view("email").write("R__broken.sql", "CREATE TABLE half (id int); SELECT 1 / 0;");
        MigrationException e = fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(e).hasMessageContaining("R__broken").hasMessageContaining("22012");
        assertThat(exists("half")).isFalse();
        assertThat(migrator().pending()).extracting(Migration::id).containsExactly("R__broken", "R__emails");
    }

    @Test
    void aTargetThatLeavesVersionedOnesOutLetsItWait() {
        view("name");
        assertThat(migrator().applyAll("001"))
                .extracting(MigrationResult::version)
                .containsExactly("001");
        assertThat(migrator().pending("002")).extracting(Migration::id).containsExactly("002_add_name");
        assertThat(migrator().applyAll("003"))
                .extracting(MigrationResult::version)
                .containsExactly("002", "003", "R");
    }

    @Test
    void itIsAppliedByNameOnceAndIsNoTarget() {
        view("email");
        migrator().applyAll("003");
        folder.write("R__second.sql", "CREATE OR REPLACE VIEW second AS SELECT 1 AS one;");
        assertThat(migrator().apply("R__second").action()).isEqualTo(MigrationAction.APPLIED);
        refused(
                MigrationAlreadyAppliedException.class,
                ErrorCode.ALREADY_APPLIED,
                () -> migrator().apply("R__second"));
        refused(
                MigrationException.class,
                ErrorCode.MIGRATION_UNKNOWN,
                () -> migrator().applyAll("R__second"));
        assertThat(refused(
                        MigrationException.class,
                        ErrorCode.MIGRATION_UNKNOWN,
                        () -> migrator().apply("R__secand")))
                .hasMessageContaining("Did you mean R__second?");
    }

    @Test
    void rollingBackLeavesItAlone() {
        view("email");
        migrator().applyAll();
        refused(
                MigrationException.class,
                ErrorCode.IRREVERSIBLE,
                () -> migrator().rollback("R__emails"));
        assertThat(migrator().rollbackTo("002"))
                .extracting(MigrationResult::version)
                .containsExactly("003");
        assertThat(exists("emails")).isTrue();
    }

    @Test
    void oneWhoseFileIsGoneDoesNotKeepAnotherBuildFromRunning() {
        view("email");
        migrator().applyAll();
        folder.delete("R__emails.sql");
        folder.write("004_more.up.sql", "CREATE TABLE more (id int);");
        assertThat(migrator().applyAll()).hasSize(1);
        assertThat(migrator().status().migrations()).last().satisfies(info -> {
            assertThat(info.name()).isEqualTo("emails");
            assertThat(info.state()).isEqualTo(MigrationState.FUTURE);
        });
    }

    @Test
    void oneThatCannotBeOneTransactionGoesOnWhereItStopped() {
        folder.three()
                .write(
                        "R__index.sql",
                        "DROP INDEX CONCURRENTLY IF EXISTS users_email;"
                                + " CREATE INDEX CONCURRENTLY users_email ON users (email); SELECT 1 / (SELECT count(*) FROM ready);");
        fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        assertThat(migrator().status().problems())
                .extracting(MigrationInfo::state)
                .containsExactly(MigrationState.PARTIAL);
        database.execute("CREATE TABLE ready AS SELECT 1 AS one");
        assertThat(migrator().applyAll()).extracting(MigrationResult::name).containsExactly("index");
        assertThat(migrator().status().upToDate()).isTrue();
    }

    @Test
    void itsVerificationBelongsToIt() {
        view("email").write("R__emails.verify.sql", "SELECT true;");
        assertThat(migrator().pending())
                .last()
                .satisfies(migration ->
                        assertThat(((SqlMigration) migration).hasVerification()).isTrue());
        folder.write("R__lost.verify.sql", "SELECT true;");
        assertThat(refused(
                        ConfigurationException.class,
                        ErrorCode.BAD_FILE_NAME,
                        () -> migrator().status()))
                .hasMessageContaining("expected R__lost.sql beside it");
    }

    @ParameterizedTest
    @CsvSource({
        "r__views.sql, R__views.sql",
        "R_views.sql, R__views.sql",
        "R__views.up.sql, R__views.sql",
        "R__views.down.sql, R__views.sql"
    })
    void aNameThatIsNearlyRightIsRefusedWithTheRightOne(String name, String expected) {
        folder.three().write(name, "SELECT 1;");
        assertThat(refused(
                        ConfigurationException.class,
                        ErrorCode.BAD_FILE_NAME,
                        () -> migrator().applyAll()))
                .hasMessageContaining("expected " + expected);
    }

    @Test
    void oneThatItsLabelsLeaveOutDoesNotRunAgainWhenItsTextChanges() {
        folder.write("R__demo.sql", "-- confiture: labels=dev\nCREATE TABLE demo (id int);");
        builder().labels(List.of("dev")).build().applyAll();
        folder.write("R__demo.sql", "-- confiture: labels=dev\nDROP TABLE demo;");
        assertThat(migrator().applyAll()).isEmpty();
        assertThat(exists("demo")).isTrue();
        assertThat(migrator().status().migrations()).singleElement().satisfies(info -> {
            assertThat(info.state()).isEqualTo(MigrationState.IGNORED);
            assertThat(info.appliedAt()).isNotNull();
        });
    }

    @Test
    void oneWhoseNewTextIsHalfRunIsNotAppliedWhenItsOldTextIsBack() {
        folder.three();
        String old = "DROP INDEX CONCURRENTLY IF EXISTS other;";
        folder.write("R__index.sql", old);
        migrator().applyAll();
        folder.write("R__index.sql", "CREATE INDEX CONCURRENTLY other ON users (email); SELECT 1/0;");
        fails(
                MigrationException.class,
                ErrorCode.STATEMENT_FAILED,
                () -> migrator().applyAll());
        folder.write("R__index.sql", old);
        assertThat(migrator().status().problems())
                .extracting(MigrationInfo::state)
                .containsExactly(MigrationState.PARTIAL);
        refused(
                MigrationException.class,
                ErrorCode.PARTIAL_CHANGED,
                () -> migrator().applyAll());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoInstancesThatStartTogetherOneRunsIt(boolean byName) throws Exception {
        folder.three();
        migrator().applyAll();
        folder.write("R__count.sql", "INSERT INTO users SELECT count(*) + 1 FROM users;");
        Migrator first = migrator();
        Migrator second = migrator();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<List<MigrationAction>> waiting;
            try (MigrationLock lock = first.lock()) {
                waiting = executor.submit(() -> byName
                        ? List.of(second.apply("R__count").action())
                        : second.applyAll().stream()
                                .map(MigrationResult::action)
                                .toList());
                await().until(() -> database.value("SELECT 1 FROM pg_stat_activity WHERE state = 'idle'"
                                + " AND datname = current_database() AND query LIKE '%pg_try_advisory_lock%'")
                        != null);
                assertThat(first.applyAll()).hasSize(1);
            }
            assertThat(waiting.get()).isEqualTo(byName ? List.of(MigrationAction.ALREADY_APPLIED) : List.of());
        } finally {
            executor.shutdownNow();
        }
        assertThat(value("SELECT count(*) FROM users")).isEqualTo("3");
    }

    @Test
    void oneThatIsWrittenAnewWhileARunWaitsForTheLockIsRecordedAsItRan() throws Exception {
        folder.three();
        migrator().applyAll();
        folder.write("R__count.sql", "INSERT INTO users SELECT 10;");
        Migrator first = migrator();
        Migrator second = migrator();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<List<MigrationResult>> waiting;
            try (MigrationLock lock = first.lock()) {
                waiting = executor.submit(() -> second.applyAll());
                await().until(() -> database.value("SELECT 1 FROM pg_stat_activity WHERE state = 'idle'"
                                + " AND datname = current_database() AND query LIKE '%pg_try_advisory_lock%'")
                        != null);
                folder.write("R__count.sql", "INSERT INTO users SELECT 11;");
            }
            assertThat(waiting.get()).hasSize(1);
        } finally {
            executor.shutdownNow();
        }
        assertThat(migrator().applyAll()).isEmpty();
    }

    @Test
    void oneThatLosesTheLockIsRolledBackWithItsMark() {
        folder.write("R__unlock.sql", "CREATE TABLE half (id int); SELECT pg_advisory_unlock_all();");
        fails(MigrationException.class, ErrorCode.LOCK_LOST, () -> migrator().applyAll());
        assertThat(exists("half")).isFalse();
        assertThat(migrator().pending()).hasSize(1);
    }
}
