package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.confiture.boot.fixture.Apps;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ValidationException;
import io.confiture.migrate.MigrationLock;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.datasource.DelegatingDataSource;

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
    void startsWhenSomebodyElseHasAppliedEverythingAndAppliesNothingItself() {
        var executor = Executors.newSingleThreadExecutor();
        try {
            // Spring Boot sees by the thread that this is a test, and looks for Docker in any other.
            CompletableFuture<ConfigurableApplicationContext> start = CompletableFuture.supplyAsync(
                    () -> Apps.start(database, WAIT, "spring.docker.compose.enabled=false"), executor);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !"0"
                            .equals(database.value("SELECT count(*) FROM pg_stat_activity"
                                    + " WHERE datname = current_database() AND pid <> pg_backend_pid()")));
            assertThat(job.applyAll("001")).hasSize(1);
            assertThat(start).isNotDone();
            assertThat(job.applyAll()).hasSize(1);
            start.join().close();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void tellsWhatItWaitsFor() {
        Logger logger = (Logger) LoggerFactory.getLogger(StartupWait.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Level before = logger.getLevel();
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
        try {
            assertThatThrownBy(() -> StartupWait.untilApplied(
                            new DatabaseStartup("default", job, MigrateMode.WAIT, null, Duration.ofMillis(1))))
                    .hasMessageContaining("was not migrated within 0.001 s");
        } finally {
            logger.setLevel(before);
            logger.detachAppender(lines);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("Waiting for database 'default' to be migrated: 2 to be applied: 001_create_people,"
                        + " 002_add_email; nobody holds the migration lock");
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
    void aRoleThatMayOnlyReadTheLedgerIsEnough() {
        String role = database.name() + "_reader";
        database.execute("CREATE ROLE " + role + " LOGIN");
        try {
            assertThat(Apps.failure(database, WAIT, SOON, "confiture.username=" + role))
                    .hasStackTraceContaining("was not migrated within");
            job.applyAll();
            database.execute("GRANT SELECT ON tb_confiture TO " + role);
            Apps.start(database, WAIT, SOON, "confiture.username=" + role).close();
        } finally {
            database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
        }
    }

    @Test
    void aServerThatGoesAwayForAWhileIsWaitedForToo() {
        AtomicInteger asked = new AtomicInteger();
        Migrator flaky = Migrator.builder(new DelegatingDataSource(database.dataSource()) {
                    @Override
                    public Connection getConnection() throws SQLException {
                        if (asked.incrementAndGet() == 3) {
                            job.applyAll();
                        }
                        if (asked.get() == 2) {
                            throw new SQLException("gone", "08006");
                        }
                        return super.getConnection();
                    }
                })
                .connectRetries(0)
                .locations("classpath:db/migrations")
                .build();
        StartupWait.untilApplied(new DatabaseStartup("default", flaky, MigrateMode.WAIT, null, Duration.ofMinutes(1)));
        assertThat(database.values("SELECT version FROM tb_confiture")).hasSize(2);
    }

    @Test
    void aServerThatWasNeverThereIsNotWaitedFor() {
        assertThat(Apps.failure(
                        database, WAIT, "confiture.connect-retries=0", "confiture.url=jdbc:postgresql://127.0.0.1:1/x"))
                .hasStackTraceContaining("CONFIG_006");
    }

    @Test
    void oneThatIsGoneWhileTheTimeoutIsExplainedIsStillATimeout() {
        assertThatThrownBy(() -> StartupWait.untilApplied(
                        new DatabaseStartup("default", goneAfterOneCall(), MigrateMode.WAIT, null, Duration.ZERO)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("was not migrated within 0.0 s; to be applied: 001_create_people")
                .hasMessageContaining("whether a run would stop is not known");
    }

    @Test
    void oneThatIsGoneWhenTheTimeIsUpIsUnreachable() {
        assertThatThrownBy(() -> StartupWait.untilApplied(new DatabaseStartup(
                        "default", goneAfterOneCall(), MigrateMode.WAIT, null, Duration.ofSeconds(1))))
                .isInstanceOf(DatabaseConnectionException.class);
    }

    private Migrator goneAfterOneCall() {
        AtomicInteger asked = new AtomicInteger();
        return Migrator.builder(new DelegatingDataSource(database.dataSource()) {
                    @Override
                    public Connection getConnection() throws SQLException {
                        if (asked.incrementAndGet() > 1) {
                            throw new SQLException("gone", "08006");
                        }
                        return super.getConnection();
                    }
                })
                .connectRetries(0)
                .locations("classpath:db/migrations")
                .build();
    }

    @Test
    void oneDatabaseWaitsWhileAnotherIsValidated() {
        try (TestDatabase orders = TestDatabase.create()) {
            job.applyAll();
            String[] both = {
                WAIT,
                SOON,
                "confiture.databases.orders.url=" + orders.url(),
                "confiture.databases.orders.migrate.locations=classpath:orders",
                "confiture.databases.orders.migrate.mode=validate"
            };
            assertThat(Apps.failure(database, both)).hasStackTraceContaining("Database 'orders' is behind");
            Migrator.builder(orders.dataSource())
                    .locations("classpath:orders")
                    .build()
                    .applyAll();
            Apps.start(database, both).close();
        }
    }

    @Test
    void aDatabaseThatCanOnlyBeReadIsEnough() {
        job.applyAll();
        database.execute("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = on");
        Apps.start(database, WAIT, SOON).close();
    }
}
