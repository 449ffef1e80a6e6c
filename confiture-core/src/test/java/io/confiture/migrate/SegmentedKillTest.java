package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.test.PidChangingProxy;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at every boundary of segmented migrations: the next start finishes, nothing is lost and nothing done twice. */
@Tag("conformance")
class SegmentedKillTest {
    @AutoClose
    private final TestDatabase original = TestDatabase.create();

    @TempDir
    Path folder;

    @Test
    void aRunUpIsFinishedByTheNextStartWhereverItWasKilled() throws Exception {
        KillDrill drill = new KillDrill(original, MarkedMigrations.mixed(folder).location(), "up");
        String expected = drill.undisturbed(drill::finish);
        assertThat(expected).contains("row of public.marks: (2c)").contains("3 in_java");
        int boundaries = drill.boundaries();
        assertFinished("up", 1, boundaries, drill.atEach(1, boundaries, drill::finish, expected));
    }

    @Test
    void aRunDownIsFinishedByTheNextStartWhereverItWasKilled() throws Exception {
        KillDrill drill = new KillDrill(original, MarkedMigrations.mixed(folder).location(), "down");
        drill.migrator(original).applyAll();
        String expected = drill.undisturbed(drill::finish);
        assertThat(expected).contains("row of public.marks: (-2b)").doesNotContain("3 in_java");
        int boundaries = drill.boundaries();
        assertFinished(
                "down",
                KillDrill.LOCKED,
                boundaries,
                drill.atEach(KillDrill.LOCKED, boundaries, drill::finish, expected));
    }

    @Test
    void behindATransactionPoolerARunIsFinishedByTheNextStartWhereverItWasKilled() throws Exception {
        try (PidChangingProxy pooler = new PidChangingProxy()) {
            KillDrill drill = new KillDrill(
                    original, MarkedMigrations.settingNothing(folder).location(), "up", pooler::url);
            String expected = drill.undisturbed(drill::finish);
            int boundaries = drill.boundaries();
            assertFinished(
                    "behind a pooler",
                    KillDrill.LOCKED,
                    boundaries,
                    drill.atEach(KillDrill.LOCKED, boundaries, drill::finish, expected));
        }
    }

    @Test
    void aRunThatFailsIsFinishedOnceItsCauseIsMendedWhereverItWasKilled() throws Exception {
        KillDrill drill =
                new KillDrill(original, MarkedMigrations.failing(folder).location(), "up");
        KillDrill.NextStart mended = database -> {
            MigrationException e = catchThrowableOfType(MigrationException.class, () -> drill.finish(database));
            assertThat(e.sqlState()).isEqualTo("23505");
            database.execute("DELETE FROM t WHERE v = 0");
            return drill.finish(database);
        };
        String expected = drill.undisturbed(mended);
        int boundaries = drill.boundaries();
        assertFinished(
                "that fail",
                KillDrill.LOCKED,
                boundaries,
                drill.atEach(KillDrill.LOCKED, boundaries, mended, expected));
    }

    private static void assertFinished(String what, int first, int last, Map<String, List<Integer>> outcomes) {
        System.out.println("kill -9, segmented migrations " + what + ": " + (last - first + 1) + " boundaries, "
                + outcomes.getOrDefault("finished", List.of()).size()
                + " finished by the next start, 0 in doubt, 0 lost, 0 twice");
        assertThat(outcomes)
                .isEqualTo(Map.of(
                        "finished", IntStream.rangeClosed(first, last).boxed().toList()));
    }

    @Test
    void aCallThatCommitsIsInDoubtFromItsIntentToItsEndAndNowhereElse() throws Exception {
        KillDrill drill =
                new KillDrill(original, MarkedMigrations.committing(folder).location(), "up");
        String expected = drill.undisturbed(drill::finish);
        int boundaries = drill.boundaries();
        Map<String, List<Integer>> outcomes =
                drill.atEach(KillDrill.LOCKED, boundaries, found -> finishedOrDecided(drill, found), expected);
        System.out.println(
                "kill -9, segmented migrations that commit by themselves: " + (boundaries - KillDrill.LOCKED + 1)
                        + " boundaries, "
                        + counts(outcomes));
        assertThat(outcomes.keySet()).isEqualTo(Set.of("finished", "in doubt: DONE", "in doubt: RETRY"));
        List<Integer> retry = outcomes.get("in doubt: RETRY");
        List<Integer> done = outcomes.get("in doubt: DONE");
        // The intent is committed; then the statement is about to be sent. Its end is begun, written and about to be
        // committed.
        assertThat(retry).hasSize(1);
        int sent = retry.get(0);
        assertThat(done).containsExactly(sent + 1, sent + 2, sent + 3);
        bothWays(drill, sent, "0", Repair.Decision.DONE, "0");
        bothWays(drill, sent + 1, "1", Repair.Decision.RETRY, "2");
    }

    private static Map<String, Integer> counts(Map<String, List<Integer>> outcomes) {
        Map<String, Integer> counts = new TreeMap<>();
        outcomes.forEach((outcome, where) -> counts.put(outcome, where.size()));
        return counts;
    }

    /** Decides as somebody does who looks at the database. */
    private static String finishedOrDecided(KillDrill drill, TestDatabase found) {
        boolean intent = found.value("SELECT to_regclass('tb_confiture_run')") != null
                && !found.values("SELECT 1 FROM tb_confiture_run WHERE state = 'intent'")
                        .isEmpty();
        if (!intent) {
            return drill.finish(found);
        }
        Repair.Decision decision =
                found.values("SELECT 1 FROM marks WHERE what = 'c2'").isEmpty()
                        ? Repair.Decision.RETRY
                        : Repair.Decision.DONE;
        stopsInDoubt(drill, found);
        drill.migrator(found).repair(Repair.nothing().decide("2_commits", decision));
        drill.finish(found);
        return "in doubt: " + decision.name();
    }

    private static void stopsInDoubt(KillDrill drill, TestDatabase found) {
        List<String> before = found.values("SELECT what FROM marks");
        MigrationException e = catchThrowableOfType(MigrationException.class, () -> drill.finish(found));
        assertThat(e.code()).isEqualTo(ErrorCode.IN_DOUBT);
        assertThat(e)
                .hasMessageContaining("2_commits was interrupted in its statement 2")
                .hasMessageContaining("CALL twice()");
        assertThat(e.hint()).contains("decide(\"2_commits\", DONE)").contains("RETRY");
        assertThat(drill.migrator(found).status().migrations().get(1).state()).isEqualTo(MigrationState.IN_DOUBT);
        assertThat(found.values("SELECT what FROM marks")).isEqualTo(before);
    }

    /** Whoever decides otherwise than the database says gets what they have asked for, and an end. */
    private static void bothWays(KillDrill drill, int where, String calls, Repair.Decision decision, String callsThen) {
        try (TestDatabase found = drill.killedAt(String.valueOf(where))) {
            stopsInDoubt(drill, found);
            assertThat(found.value("SELECT count(*) FROM marks WHERE what = 'c2'"))
                    .isEqualTo(calls);
            drill.migrator(found).repair(Repair.nothing().decide("2_commits", decision));
            drill.finish(found);
            assertThat(found.value("SELECT count(*) FROM marks WHERE what = 'c2'"))
                    .isEqualTo(callsThen);
            assertThat(found.value("SELECT count(*) FROM marks WHERE what = '2b'"))
                    .isEqualTo("1");
            assertThat(drill.migrator(found).status().upToDate()).isTrue();
        }
    }
}
