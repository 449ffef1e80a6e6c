package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.migrate.MigrationLock;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** An application that waits until somebody else has migrated its database. */
@ExtendWith(OutputCaptureExtension.class)
class WaitModeTest {
    private static final String WAIT = "confiture.migrate.mode=wait";
    private static final String SOON = "confiture.migrate.wait-timeout=250ms";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final Migrator job = Migrator.builder(database.dataSource())
            .locations("classpath:db/migrations")
            .build();

    @Test
    void startsWhenSomebodyElseHasAppliedEverything(CapturedOutput output) {
        var executor = Executors.newSingleThreadExecutor();
        try {
            CompletableFuture<ConfigurableApplicationContext> start = CompletableFuture.supplyAsync(
                    () -> Apps.start(database, WAIT, "logging.level.io.confiture.boot=info"), executor);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> output.getAll().contains("Waiting for database 'default' to be migrated: 2"));
            job.applyAll("001");
            assertThat(start).isNotDone();
            job.applyAll();
            start.join().close();
            assertThat(output.getAll()).contains("Database 'default' is as the migrations say: 2 checks passed");
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aTimeoutNamesWhatIsPendingAndWhoHoldsTheLockAndChangesNothing(CapturedOutput output) {
        try (MigrationLock lock = job.lock()) {
            Throwable failure = Apps.failure(database, WAIT, SOON);
            assertThat(PropertiesTest.exitCode(failure)).isEqualTo(7);
            assertThat(output.getAll())
                    .contains("APPLICATION FAILED TO START")
                    .contains("The database is not where this application needs it:")
                    .contains("MIGR_120: Database 'default' was not migrated within 0.25 s; to be applied:"
                            + " 001_create_people, 002_add_email; the migration lock is held by backend pid ");
        }
        assertThat(database.value("SELECT to_regclass('tb_confiture')")).isNull();
    }

    @Test
    void doesNotWaitForTheLockWhenEverythingIsApplied() {
        job.applyAll();
        try (MigrationLock lock = job.lock()) {
            Apps.start(database, WAIT).close();
        }
    }

    @Test
    void waitsForNothingBeyondTheTarget() {
        job.applyAll("001");
        Apps.start(database, WAIT, SOON, "confiture.migrate.target=1").close();
        assertThat(Apps.failure(database, WAIT, SOON)).isNotNull();
    }

    @Test
    void aMigrationInDoubtIsNotApplied(CapturedOutput output) {
        String doubtful = "confiture.migrate.locations=classpath:doubtful";
        assertThat(Apps.failure(database, doubtful)).isNotNull();
        assertThat(Apps.failure(database, WAIT, SOON, doubtful)).isNotNull();
        assertThat(output.getAll()).contains("to be applied: 001_commits_itself; nobody holds the migration lock");
    }

    @Test
    void whatIsAppliedHasToBeWhatTheFilesSay() {
        job.applyAll();
        Throwable failure = Apps.failure(database, WAIT, SOON, "confiture.migrate.locations=classpath:changed");
        assertThat(failure).hasStackTraceContaining("VALID_500");
    }

    @Test
    void aDatabaseThatCanOnlyBeReadIsEnough() {
        job.applyAll();
        database.execute("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = on");
        Apps.start(database, WAIT, SOON).close();
    }
}
