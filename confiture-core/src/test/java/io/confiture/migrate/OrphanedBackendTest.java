package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.test.ChildJvm;
import io.confiture.test.PidChangingProxy;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIGKILL in the middle of a statement that the server goes on with, directly and behind a transaction pooler, where the lock
 * is free while the orphan is still at work.
 */
@Tag("conformance")
class OrphanedBackendTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Finds what is there only in the middle. */
    private static final class Middle {
        static final String INDEX = "SELECT 1 FROM pg_index WHERE NOT indisvalid";
        static final String REINDEX = "SELECT 1 FROM pg_class WHERE relname ~ '_ccnew'";
    }

    /** What is in the middle when the JVM is killed, and what it has left behind if it is never finished. */
    enum Held {
        CREATE_INDEX("CREATE INDEX CONCURRENTLY i ON t (v)", "INSERT INTO t VALUES (0, 0)", Middle.INDEX),
        REINDEX_INDEX("REINDEX INDEX CONCURRENTLY t_v", "INSERT INTO t VALUES (0, 0)", Middle.REINDEX),
        REINDEX_TABLE("REINDEX (CONCURRENTLY) TABLE t", "INSERT INTO t VALUES (0, 0)", Middle.REINDEX),
        REINDEX_PARTITIONED_INDEX("REINDEX INDEX CONCURRENTLY p_id", "INSERT INTO p VALUES (2)", Middle.REINDEX),
        REINDEX_PARTITIONED_TABLE("REINDEX TABLE CONCURRENTLY p", "SELECT * FROM marks", Middle.REINDEX),
        DROP_INDEX("DROP INDEX CONCURRENTLY t_v", "INSERT INTO t VALUES (0, 0)", Middle.INDEX),
        DETACH(
                "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY",
                "SELECT * FROM p",
                "SELECT 1 FROM pg_inherits WHERE inhdetachpending");

        final String statement;
        final String blocker;
        final String middle;

        Held(String statement, String blocker, String middle) {
            this.statement = statement;
            this.blocker = blocker;
            this.middle = middle;
        }
    }

    /** To the server. */
    enum Way {
        DIRECT,
        BEHIND_A_POOLER
    }

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose
    private final TestDatabase undisturbed = TestDatabase.create();

    @AutoClose
    private final PidChangingProxy pooler = new PidChangingProxy();

    @TempDir
    Path temp;

    private MigrationFolder folder;
    private String url = database.url();

    @BeforeEach
    void prepare() {
        folder = new MigrationFolder(temp).write("1_base.up.sql", """
                CREATE TABLE marks (what text);
                CREATE TABLE t (id int, v int, long text);
                INSERT INTO t SELECT i, i FROM generate_series(1, 50) i;
                CREATE INDEX t_v ON t (v);
                CREATE TABLE p (id int) PARTITION BY RANGE (id);
                CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
                CREATE INDEX p_id ON p (id);
                """);
    }

    private Migrator migrator(TestDatabase of, Duration lockWait) {
        return MarkedMigrations.builder(Migrator.builder(of == database ? url : of.url()), folder.location())
                .lockWait(lockWait)
                .build();
    }

    static Stream<Arguments> everyWay() {
        return Stream.of(Held.values()).flatMap(held -> Stream.of(Way.values()).map(way -> arguments(held, way)));
    }

    private void prepare(Held held, Way way) {
        if (way == Way.DIRECT) {
            // Or the server would notice that its client is gone.
            writeMigration(held, "SET client_connection_check_interval = 0;\n");
        } else {
            url = pooler.url(database);
            writeMigration(held, "");
        }
    }

    private void writeMigration(Held held, String before) {
        folder.write(
                "2_held.up.sql",
                "-- confiture: lock-timeout=10min\n" + before + MarkedMigrations.mark("2a") + held.statement + ";\n"
                        + MarkedMigrations.mark("2b"));
    }

    private String orphans(Held held) {
        return "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query = '"
                + held.statement + "'";
    }

    /** Kills a JVM in the middle of the statement and tells the process id of the backend that goes on. */
    private String killInTheMiddle(Held held) {
        try (ChildJvm child = ChildJvm.start(MarkedMigrations.class, url, folder.location(), "up")) {
            await().atMost(PATIENCE)
                    .until(() -> !database.values(orphans(held)).isEmpty()
                            && !database.values(held.middle).isEmpty());
            assertThat(child.kill()).isEqualTo(ChildJvm.KILLED);
        }
        List<@Nullable String> pids = database.values(orphans(held));
        assertThat(pids).hasSize(1);
        return Objects.requireNonNull(pids.get(0));
    }

    /** What a run leaves that nobody kills, beside what the blocker has written. */
    private String expected(Held held) throws Exception {
        migrator(undisturbed, PATIENCE).applyAll();
        if (held.blocker.startsWith("INSERT")) {
            undisturbed.execute(held.blocker);
        }
        return KillDrill.contents(undisturbed);
    }

    private void assertAsUndisturbed(Held held) throws Exception {
        assertThat(KillDrill.contents(database)).isEqualTo(expected(held));
        assertThat(database.values("SELECT 1 FROM pg_index WHERE NOT indisvalid"))
                .isEmpty();
        KillDrill.assertNothingIsHeld(database);
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void theNextStartWaitsForTheOrphanAndTakesWhatItHasMade(Held held, Way way) throws Exception {
        prepare(held, way);
        waitsForTheOrphan(held);
        System.out.println("kill -9 in " + held + ", " + way + ": waited for the orphan, finished");
    }

    private void waitsForTheOrphan(Held held) throws Exception {
        migrator(database, PATIENCE).apply("1");
        try (Connection blocker = database.connect();
                Statement block = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            // Holds its snapshot, too.
            blocker.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            block.execute(held.blocker);
            String pid = killInTheMiddle(held);
            String made = made();

            LockTimeoutException e = catchThrowableOfType(
                    LockTimeoutException.class,
                    () -> migrator(database, Duration.ofMillis(200)).applyAll());
            assertThat(e.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT);
            assertThat(e).hasMessageContaining("pid " + pid).hasMessageContaining("pg_terminate_backend");

            CompletableFuture<Void> patient = CompletableFuture.runAsync(
                    () -> migrator(database, PATIENCE).applyAll());
            await().atMost(PATIENCE)
                    .until(() -> !database.values("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                                    + " AND query ~ 'pg_try_advisory|pg_stat_activity a' AND pid <> pg_backend_pid()")
                            .isEmpty());
            assertThat(patient).isNotDone();
            assertThat(database.values(orphans(held))).containsExactly(pid);
            blocker.commit();
            patient.join();
            if (held == Held.CREATE_INDEX) {
                assertThat(made()).isEqualTo(made);
            }
        }
        assertAsUndisturbed(held);
    }

    private @Nullable String made() {
        return database.value("SELECT to_regclass('i')::oid");
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void theNextStartMendsWhatATerminatedOrphanHasLeft(Held held, Way way) throws Exception {
        prepare(held, way);
        mendsLeftovers(held, true);
        System.out.println("kill -9 in " + held + ", " + way + ", backend terminated: mended, finished");
    }

    @ParameterizedTest
    @EnumSource(Held.class)
    void withoutAPoolerTheOrphanEndsByItselfAndTheNextStartMends(Held held) throws Exception {
        writeMigration(held, "");
        mendsLeftovers(held, false);
        System.out.println("kill -9 in " + held + ", backend left alone: it ended, mended, finished");
    }

    private void mendsLeftovers(Held held, boolean terminate) throws Exception {
        leaveHalfDone(held, terminate);
        migrator(database, PATIENCE).applyAll();
        assertAsUndisturbed(held);
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATE_INDEX", "REINDEX_TABLE", "DETACH"})
    void aStartThatIsItselfKilledWhileItMendsIsFinishedByTheOneAfterIt(Held held) throws Exception {
        writeMigration(held, "");
        leaveHalfDone(held, true);
        KillDrill drill = new KillDrill(database, folder.location(), "up");
        int boundaries = drill.boundaries();
        Map<String, List<Integer>> outcomes = drill.atEach(KillDrill.LOCKED, boundaries, drill::finish, expected(held));
        System.out.println("kill -9 while mending " + held + ": "
                + Objects.requireNonNull(outcomes.get("finished")).size()
                + " boundaries, all finished by the start after");
        assertThat(outcomes.keySet()).containsExactly("finished");
    }

    private void leaveHalfDone(Held held, boolean terminate) throws Exception {
        migrator(database, PATIENCE).apply("1");
        try (Connection blocker = database.connect();
                Statement block = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            // Holds its snapshot, too.
            blocker.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            block.execute(held.blocker);
            String pid = killInTheMiddle(held);
            if (terminate) {
                database.execute("SELECT pg_terminate_backend(" + pid + ")");
            }
            await().atMost(PATIENCE).until(() -> database.values(orphans(held)).isEmpty());
            assertThat(database.values(held.middle)).isNotEmpty();
            blocker.commit();
        }
    }
}
