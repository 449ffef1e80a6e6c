package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.test.ChildJvm;
import io.confiture.test.Fingerprint;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * SIGKILL at seeded moments of a real history of 346 migrations, from a folder that {@code -Dconfiture.corpus} names. Each
 * database sees ten of them, one start after the other, and is finished by one that nobody kills.
 */
@Tag("corpus")
class KratosKillTest {
    private static final long SEED = 20261122;
    private static final int DATABASES = 5;
    private static final int KILLS = 10;
    private static final int MIGRATIONS = 346;
    private static final long LONGEST_DELAY_MICROS = 20_000;

    private static final MigrationHook COUNTING = MigrationHook.at(
            HookPoint.AFTER_EXECUTE,
            context -> context.jdbc()
                    .sql("INSERT INTO executed VALUES (?)")
                    .param(context.migrationVersion())
                    .update());

    /** Arguments: URL, location. Says how many migrations this run has committed. */
    public static final class Run {
        private Run() {}

        public static void main(String[] arguments) {
            int[] committed = new int[1];
            System.out.println("committed 0");
            Migrator.builder(arguments[0])
                    .locations(arguments[1])
                    .hook(COUNTING)
                    .hook(MigrationHook.at(
                            HookPoint.AFTER_COMMIT, context -> System.out.println("committed " + ++committed[0])))
                    .build()
                    .applyAll();
        }
    }

    private static String folder() {
        String corpus = System.getProperty("confiture.corpus");
        assertThat(corpus).as("-Dconfiture.corpus").isNotNull();
        return Path.of(corpus, "kratos-migrations").toString();
    }

    private final Random random = new Random(SEED);
    private final List<Integer> found = new ArrayList<>();

    @Test
    void killedTenTimesOverTheHistoryIsAppliedOnceAndWhole() throws Exception {
        String expected;
        try (TestDatabase undisturbed = database()) {
            applyAll(undisturbed);
            expected = contents(undisturbed);
        }
        for (int i = 0; i < DATABASES; i++) {
            try (TestDatabase database = database()) {
                // The first before the first commit, as a rule; the others anywhere behind.
                int[] moments = IntStream.concat(
                                IntStream.of(0),
                                random.ints(1, MIGRATIONS).distinct().limit(KILLS - 1L))
                        .sorted()
                        .toArray();
                for (int moment : moments) {
                    killAfter(database, moment);
                }
                applyAll(database);
                assertThat(contents(database)).isEqualTo(expected);
                assertThat(database.values("SELECT version FROM executed GROUP BY version HAVING count(*) <> 1"))
                        .isEmpty();
                assertThat(database.values("SELECT version FROM executed ORDER BY version"))
                        .isEqualTo(database.values("SELECT version FROM tb_confiture ORDER BY version"))
                        .hasSize(MIGRATIONS);
                KillDrill.assertNothingIsHeld(database);
            }
        }
        long between = found.stream().filter(n -> n > 0 && n < MIGRATIONS).count();
        System.out.println("kill -9, kratos history: " + found.size() + " moments, " + between
                + " between first and last commit, 0 lost, 0 twice; seed " + SEED + "; applied when killed: " + found);
        assertThat(found).hasSize(DATABASES * KILLS);
        assertThat(between).isGreaterThanOrEqualTo(40);
    }

    private static TestDatabase database() {
        TestDatabase database = TestDatabase.create();
        database.execute("CREATE TABLE executed (version text NOT NULL)");
        return database;
    }

    private static void applyAll(TestDatabase database) {
        Migrator.builder(database.url())
                .locations(folder())
                .hook(COUNTING)
                .build()
                .applyAll();
    }

    private static int applied(TestDatabase database) {
        return database.value("SELECT to_regclass('tb_confiture')") == null
                ? 0
                : Integer.parseInt(String.valueOf(database.value("SELECT count(*) FROM tb_confiture")));
    }

    /** Lets a run go until as many are applied in all, and a while longer. */
    private void killAfter(TestDatabase database, int moment) {
        int before = applied(database);
        // It takes a while to connect.
        long longest = moment == 0 ? 50 * LONGEST_DELAY_MICROS : LONGEST_DELAY_MICROS;
        long delay = TimeUnit.MICROSECONDS.toNanos(random.nextLong(longest));
        try (ChildJvm child = ChildJvm.start(Run.class, database.url(), folder())) {
            String last = "committed " + Math.max(0, moment - before);
            assertThat(child.awaitLine(last::equals))
                    .as(() -> last + ": " + child.output())
                    .isTrue();
            long end = System.nanoTime() + delay;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(child.kill()).isEqualTo(ChildJvm.KILLED);
        }
        KillDrill.assertNothingIsHeld(database);
        found.add(applied(database));
    }

    private static String contents(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            return Fingerprint.of(connection)
                    + database.values(
                            "SELECT concat_ws(' ', version, name, checksum) FROM tb_confiture ORDER BY pk_confiture");
        }
    }
}
