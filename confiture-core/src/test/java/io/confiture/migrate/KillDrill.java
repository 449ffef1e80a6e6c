package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.confiture.test.ChildJvm;
import io.confiture.test.Fingerprint;
import io.confiture.test.StoppingSocketFactory;
import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Kills a run with SIGKILL before each of the messages that it sends to the server, each time on a database of its own, and
 * compares what another start makes of it with what an undisturbed run leaves.
 */
final class KillDrill {
    /** The messages before connect, read what there is and take the lock, as in every run. */
    static final int LOCKED = 8;

    private static final int PROCESSORS = 2;

    /** What starts after the kill, and how it went. */
    @FunctionalInterface
    interface NextStart {
        String on(TestDatabase found) throws Exception;
    }

    private final TestDatabase original;
    private final String location;
    private final String direction;
    private final Function<TestDatabase, String> url;

    /**
     * @param original what each run begins with; nobody is connected to it
     * @param direction "up" or "down"
     */
    KillDrill(TestDatabase original, String location, String direction) {
        this(original, location, direction, TestDatabase::url);
    }

    /** @param url how the run that is killed connects */
    KillDrill(TestDatabase original, String location, String direction, Function<TestDatabase, String> url) {
        this.original = original;
        this.location = location;
        this.direction = direction;
        this.url = url;
    }

    /** How many messages an undisturbed run sends. */
    int boundaries() {
        try (TestDatabase database = TestDatabase.cloneOf(original);
                ChildJvm child = child(database, "0")) {
            String output = child.output();
            assertThat(child.exitCode()).as(output).isZero();
            return Integer.parseInt(output.substring(output.lastIndexOf(' ') + 1));
        }
    }

    /** What a run leaves that nobody kills. */
    String undisturbed(NextStart run) throws Exception {
        try (TestDatabase database = TestDatabase.cloneOf(original)) {
            run.on(database);
            return contents(database);
        }
    }

    /** The run itself, in this JVM. */
    String finish(TestDatabase database) {
        MarkedMigrations.run(migrator(database), direction);
        return "finished";
    }

    Migrator migrator(TestDatabase database) {
        return MarkedMigrations.builder(Migrator.builder(url.apply(database)), location)
                .build();
    }

    /** The boundaries by how the start after the kill went. Each one's database must end as expected. */
    Map<String, List<Integer>> atEach(int first, int last, NextStart next, String expected) throws Exception {
        Map<String, List<Integer>> outcomes = new TreeMap<>();
        ExecutorService executor = Executors.newFixedThreadPool(PROCESSORS);
        try {
            List<Future<String>> runs = IntStream.rangeClosed(first, last)
                    .mapToObj(number -> executor.submit(() -> at(String.valueOf(number), next, expected)))
                    .toList();
            for (int i = 0; i < runs.size(); i++) {
                outcomes.computeIfAbsent(runs.get(i).get(), any -> new ArrayList<>())
                        .add(first + i);
            }
        } finally {
            executor.shutdownNow();
        }
        return outcomes;
    }

    private String at(String where, NextStart next, String expected) throws Exception {
        try (TestDatabase found = killedAt(where)) {
            String outcome;
            try {
                outcome = next.on(found);
            } catch (Exception e) {
                throw new AssertionError("The start after the kill at " + where + " failed", e);
            }
            assertThat(contents(found)).as("killed at " + where).isEqualTo(expected);
            assertNothingIsHeld(found);
            return outcome;
        }
    }

    /** What a run leaves that is killed there. */
    TestDatabase killedAt(String where) {
        TestDatabase database = TestDatabase.cloneOf(original);
        try (ChildJvm child = child(database, where)) {
            boolean stopped = child.awaitLine(StoppingSocketFactory.said(where)::equals);
            assertThat(stopped).as(() -> where + ": " + child.output()).isTrue();
            assertThat(child.kill()).isEqualTo(ChildJvm.KILLED);
        }
        return database;
    }

    private ChildJvm child(TestDatabase database, String where) {
        return ChildJvm.start(
                MarkedMigrations.class,
                StoppingSocketFactory.stopping(url.apply(database), where),
                location,
                direction);
    }

    /** Catalog and rows, ledger, and what is kept beside it. */
    static String contents(TestDatabase database) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = database.connect()) {
            lines.add(Fingerprint.of(connection));
        }
        lines.addAll(database.values(
                "SELECT concat_ws(' ', version, name, checksum) FROM tb_confiture ORDER BY pk_confiture"));
        if (database.value("SELECT to_regclass('tb_confiture_run')") != null) {
            lines.addAll(database.values("SELECT concat_ws(' ', kind, version, direction, state, statement, checksum)"
                    + " FROM tb_confiture_run WHERE kind <> 'repair' ORDER BY 1"));
        }
        return String.join("\n", lines);
    }

    /** No lock of ours, no session at work and none left over, soon. */
    static void assertNothingIsHeld(TestDatabase database) {
        assertNothingIsHeldBut(database, 0);
    }

    /** As above, beside sessions of the test. */
    static void assertNothingIsHeldBut(TestDatabase database, int sessions) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(database.values("SELECT concat_ws(' ', a.pid, a.state, a.query)"
                                + " FROM pg_stat_activity a WHERE a.datname = current_database()"
                                + " AND a.pid <> pg_backend_pid()"
                                + " UNION ALL SELECT 'advisory lock' FROM pg_locks WHERE locktype = 'advisory' AND"
                                + " database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
                        .hasSize(sessions));
    }
}
