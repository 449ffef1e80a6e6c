package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        String expected = drill.undisturbed();
        assertThat(expected).contains("row of public.marks: (2c)").contains("3 in_java");
        int boundaries = drill.boundaries();
        Map<String, List<Integer>> outcomes = drill.atEach(boundaries, found -> finished(drill, found), expected);
        report("up", boundaries, outcomes);
        assertThat(outcomes.keySet()).isEqualTo(Set.of("finished"));
    }

    private static String finished(KillDrill drill, TestDatabase found) {
        drill.next(found);
        return "finished";
    }

    private static void report(String what, int boundaries, Map<String, List<Integer>> outcomes) {
        System.out.println("kill -9, segmented migrations " + what + ": " + boundaries + " boundaries, " + outcomes);
    }
}
