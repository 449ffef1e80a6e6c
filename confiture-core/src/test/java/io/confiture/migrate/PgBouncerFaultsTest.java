package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.test.OtherClient;
import io.confiture.test.PgBouncer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A PgBouncer that is too small, restarted, or refuses what it is asked for; and every operation through it. */
@Tag("conformance")
class PgBouncerFaultsTest extends MigratorTestCase {
    private static final String ADVISORY_LOCKS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory'"
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    @AutoClose("shutdownNow")
    private final ExecutorService executor = Executors.newCachedThreadPool();

    private MigratorBuilder through(PgBouncer pooler) {
        return through(pooler, "");
    }

    private MigratorBuilder through(PgBouncer pooler, String parameters) {
        return Migrator.builder(pooler.url(database) + parameters).locations(folder.location());
    }

    private void threeAndAnIndex() {
        folder.three()
                .write(
                        "004_index.up.sql",
                        "CREATE INDEX CONCURRENTLY users_name ON users (name);\nINSERT INTO users VALUES (3, 'x', 'y');")
                .write("004_index.down.sql", "DELETE FROM users WHERE id = 3;\nDROP INDEX CONCURRENTLY users_name;");
    }

    @Test
    void aPoolOfOneFailsInTimeAndSaysWhatItWants() {
        threeAndAnIndex();
        try (PgBouncer pooler = PgBouncer.ofTransactions(1)) {
            Migrator migrator = through(pooler).lockWait(Duration.ofSeconds(3)).build();
            long start = System.nanoTime();
            DatabaseConnectionException e =
                    refused(DatabaseConnectionException.class, ErrorCode.CONNECTION_FAILED, migrator::applyAll);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
            assertThat(e)
                    .hasMessageContaining("The pooler gave no connection to the server for the work within")
                    .hasMessageContaining("Nothing was run");
            assertThat(e.hint()).contains("at least 3 connections", "default_pool_size", "confiture.url");
            assertThat(database.values(ADVISORY_LOCKS)).isEmpty();

            assertThat(through(pooler)
                            .lockDataSource(database.dataSource())
                            .build()
                            .applyAll())
                    .as("the lock goes past the pooler")
                    .hasSize(4);
        }
    }

    @Test
    void aPoolThatGivesUpBeforeUsSaysTheSame() {
        threeAndAnIndex();
        try (PgBouncer pooler = PgBouncer.start(Map.of("default_pool_size", "1", "query_wait_timeout", "2"))) {
            fails(
                    DatabaseConnectionException.class,
                    ErrorCode.CONNECTION_FAILED,
                    () -> through(pooler).build().applyAll());
            assertThat(database.values(ADVISORY_LOCKS)).isEmpty();
        }
    }

    @Test
    void aPoolOfTwoDoesForOneRun() {
        threeAndAnIndex();
        try (PgBouncer pooler = PgBouncer.ofTransactions(2)) {
            assertThat(through(pooler).build().applyAll()).hasSize(4);
        }
    }

    @Test
    void sessionModeWorks() {
        threeAndAnIndex();
        try (PgBouncer pooler = PgBouncer.start(Map.of("pool_mode", "session", "default_pool_size", "3"))) {
            assertThat(through(pooler).build().applyAll()).hasSize(4);
            assertThat(through(pooler).build().applyAll()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"currentSchema=public", "options=-c%20lock_timeout=1s"})
    void aParameterThatItDoesNotTakeIsNamedWithTheWayOut(String parameter) {
        threeAndAnIndex();
        try (PgBouncer pooler = PgBouncer.ofTransactions(3)) {
            DatabaseConnectionException e = refused(
                    DatabaseConnectionException.class,
                    ErrorCode.CONNECTION_FAILED,
                    () -> through(pooler, "&" + parameter).build().applyAll());
            assertThat(e).hasMessageContaining("unsupported startup parameter");
            assertThat(e.hint()).contains("take it out of the URL", "confiture.url");
        }
    }

    @Test
    void everyOperationWorksAndLeavesNothing() {
        threeAndAnIndex();
        folder.write("002_add_name.verify.sql", "SELECT count(*) = 3 FROM users;");
        try (PgBouncer pooler = PgBouncer.ofTransactions(3);
                OtherClient other = new OtherClient(pooler.url(database))) {
            other.watch();
            Migrator migrator = through(pooler).build();
            assertThat(migrator.dryRun().wouldSucceed()).isFalse();
            assertThat(exists("users")).isFalse();
            assertThat(migrator.plan().steps()).hasSize(4);
            assertThat(migrator.apply("001").version()).isEqualTo("001");
            assertThat(migrator.applyAll()).hasSize(3);
            assertThat(migrator.verify().valid()).as("%s", migrator.verify()).isTrue();
            assertThat(migrator.rollback("004").version()).isEqualTo("004");
            assertThat(migrator.rollbackTo("001")).hasSize(2);
            assertThat(migrator.baseline("002")).hasSize(2);
            assertThat(migrator.validate().valid()).isFalse();
            assertThat(migrator.repair(Repair.nothing().realignChecksums()).steps())
                    .isEmpty();
            assertThat(migrator.status().pendingCount()).isEqualTo(2);
            other.close();
            other.lookIntoAll(3);
            assertThat(other.found()).isEmpty();
            assertThat(database.values(ADVISORY_LOCKS)).isEmpty();
        }
    }

    @Test
    void aCancelledRunLeavesNothing() {
        folder.write(
                "001_slow.up.sql",
                "CREATE TABLE half (id int); SET work_mem = '9MB'; SELECT pg_advisory_lock(4711);\nSELECT pg_sleep(600);");
        try (PgBouncer pooler = PgBouncer.ofTransactions(3);
                OtherClient other = new OtherClient(pooler.url(database))) {
            CompletableFuture<?> run = through(pooler).build().async(executor).applyAll();
            awaitSleep();
            run.cancel(true);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> database.values(ADVISORY_LOCKS).isEmpty());
            other.lookIntoAll(3);
            assertThat(other.found()).isEmpty();
            assertThat(exists("half")).isFalse();
        }
    }

    @Test
    void aPoolerThatIsRestartedInTheMiddleLosesNothingAndTheNextRunFinishes() {
        folder.write("001_table.up.sql", "CREATE TABLE t AS SELECT 1 AS id;")
                .write("002_slow.up.sql", "INSERT INTO t VALUES (2);\nSELECT pg_sleep(600) FROM switch;");
        database.execute("CREATE TABLE switch (id int)", "INSERT INTO switch VALUES (1)");
        try (PgBouncer pooler = PgBouncer.ofTransactions(3)) {
            CompletableFuture<?> run = run(pooler);
            awaitSleep();
            pooler.restart();
            ConfitureException e = failure(run);
            assertThat(e.committed()).hasSize(1);
            database.execute("DELETE FROM switch");
            endOrphans();
            assertThat(through(pooler).build().applyAll()).hasSize(1);
            assertThat(database.values("SELECT id FROM t ORDER BY 1")).containsExactly("1", "2");
            assertThat(ledger()).containsExactly("001", "002");
        }
    }

    @Test
    void aPoolerThatIsRestartedWhileAnIndexIsBuiltLosesNothingAndTheNextRunFinishes() {
        folder.write("001_table.up.sql", "CREATE TABLE t AS SELECT 1 AS id;")
                .write(
                        "002_index.up.sql",
                        "INSERT INTO t VALUES (2);\nCREATE INDEX CONCURRENTLY i ON t (slow(id));\nINSERT INTO t VALUES (3);");
        database.execute(
                "CREATE TABLE switch (id int)",
                "INSERT INTO switch VALUES (1)",
                "CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM pg_sleep(600) FROM public.switch; RETURN $1; END $$");
        try (PgBouncer pooler = PgBouncer.ofTransactions(3)) {
            CompletableFuture<?> run = run(pooler);
            awaitSleep();
            pooler.restart();
            assertThat(failure(run).committed()).hasSize(1);
            database.execute("DELETE FROM switch");
            endOrphans();
            assertThat(through(pooler).build().applyAll()).hasSize(1);
            assertThat(database.values("SELECT id FROM t ORDER BY 1")).containsExactly("1", "2", "3");
            assertThat(database.values("SELECT indexrelid::regclass || ' ' || indisvalid FROM pg_index"
                            + " WHERE indrelid = 't'::regclass"))
                    .containsExactly("i true");
        }
    }

    @Test
    void connectionsThatAreOpenedAnewInTheMiddleAreNotNoticed() {
        for (int i = 1; i <= 12; i++) {
            folder.write("%03d_step.up.sql".formatted(i), "CREATE TABLE t" + i + " (id int); SELECT pg_sleep(0.1);");
        }
        try (PgBouncer pooler = PgBouncer.ofTransactions(3)) {
            CompletableFuture<List<MigrationResult>> run = run(pooler);
            int reconnects = 0;
            while (!run.isDone()) {
                // One for each migration or so: what hammers away keeps the pooler from ever having a connection.
                int applied = reconnects;
                await().atMost(Duration.ofSeconds(60)).until(() -> run.isDone() || ledgerSize() > applied);
                pooler.command("RECONNECT");
                reconnects++;
            }
            assertThat(run.join()).hasSize(12);
            assertThat(reconnects).isGreaterThan(3);
            assertThat(ledger()).hasSize(12);
        }
    }

    @Test
    void hikariInFrontOfItWithEverySettingAgainstUs() {
        threeAndAnIndex();
        try (PgBouncer pooler = PgBouncer.ofTransactions(3);
                OtherClient other = new OtherClient(pooler.url(database));
                HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(pooler.url(database) + "&autosave=always");
            pool.setAutoCommit(false);
            pool.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
            pool.setReadOnly(true);
            pool.setMaximumPoolSize(1);
            Migrator migrator = Migrator.builder(pool)
                    .lockDataSource(database.dataSource())
                    .locations(folder.location())
                    .build();
            assertThat(migrator.applyAll()).hasSize(4);
            assertThat(migrator.rollback("004").version()).isEqualTo("004");
            assertThat(migrator.applyAll()).hasSize(1);
            folder.write("005_fails.up.sql", "SET work_mem = '9MB'; SELECT 1/0;");
            fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
            assertThat(database.values(ADVISORY_LOCKS)).isEmpty();
            pool.close();
            other.lookIntoAll(3);
            // The pool itself says SESSION CHARACTERISTICS when it opens a connection, to whichever session it gets.
            assertThat(other.found().keySet()).isSubsetOf("default_transaction_isolation = serializable");
        }
    }

    private int ledgerSize() {
        return exists("tb_confiture") ? ledger().size() : 0;
    }

    private CompletableFuture<List<MigrationResult>> run(PgBouncer pooler) {
        Migrator migrator = through(pooler).build();
        return CompletableFuture.supplyAsync(migrator::applyAll, executor);
    }

    private static ConfitureException failure(CompletableFuture<?> run) {
        ThrowingCallable join = run::join;
        Throwable thrown = catchThrowable(join);
        assertThat(thrown).isInstanceOf(CompletionException.class);
        return (ConfitureException) Objects.requireNonNull(thrown.getCause());
    }

    private void awaitSleep() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !database.values("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                                + " AND datname = current_database()")
                        .isEmpty());
    }

    /** What a pooler that died has left: the server carries on with it. */
    private void endOrphans() {
        database.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                + " AND datname = current_database()");
    }
}
