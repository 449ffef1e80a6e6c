package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.ChildJvm;
import io.confiture.test.PidChangingProxy;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An empty database that is built by processes: one of many builds it, and one that is killed leaves all of it or nothing. */
@Tag("conformance")
class InitialBuildKillTest {
    private static final int PROCESSES = 8;

    @AutoClose
    private final TestDatabase original = TestDatabase.create();

    @TempDir
    Path folder;

    /** Arguments: URL, location. Says how many migrations this run has recorded, and how many it has run. */
    public static final class Start {
        private Start() {}

        public static void main(String[] arguments) {
            List<MigrationResult> results = Migrator.builder(arguments[0])
                    .locations(arguments[1])
                    .initialSchema(TestSchema.THREE)
                    .build()
                    .applyAll();
            System.out.println("recorded "
                    + results.stream()
                            .filter(result -> result.action() == MigrationAction.BASELINED)
                            .count()
                    + " of " + results.size());
        }
    }

    @RepeatedTest(3)
    void ofEightProcessesAtOnceOneBuilds() {
        MigrationFolder migrations = new MigrationFolder(folder)
                .three()
                .write("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT name FROM users");
        List<ChildJvm> processes = IntStream.range(0, PROCESSES)
                .mapToObj(i -> ChildJvm.start(Start.class, original.url(), migrations.location()))
                .toList();
        List<String> outputs = new ArrayList<>();
        for (ChildJvm process : processes) {
            try (process) {
                outputs.add(process.output());
                assertThat(process.exitCode()).as(outputs.toString()).isZero();
            }
        }
        assertThat(outputs)
                .filteredOn(output -> output.endsWith("recorded 3 of 4"))
                .hasSize(1);
        assertThat(outputs)
                .filteredOn(output -> output.endsWith("recorded 0 of 0"))
                .hasSize(PROCESSES - 1);
        assertThat(original.value("SELECT count(*) FROM users")).isEqualTo("2");
        assertThat(original.value("SELECT count(*) FROM tb_confiture_run WHERE kind = 'built'"))
                .isEqualTo("1");
    }

    @Test
    void killedAnywhereItHasBuiltEverythingOrNothing() throws Exception {
        assertAllOrNothing(
                "direct", new KillDrill(original, MarkedMigrations.mixed(folder).location(), "build"));
    }

    @Test
    void killedAnywhereBehindATransactionPoolerItHasBuiltEverythingOrNothing() throws Exception {
        try (PidChangingProxy pooler = new PidChangingProxy()) {
            assertAllOrNothing(
                    "behind a pooler",
                    new KillDrill(original, MarkedMigrations.mixed(folder).location(), "build", pooler::url));
        }
    }

    private static void assertAllOrNothing(String how, KillDrill drill) throws Exception {
        String expected = drill.undisturbed(drill::finish);
        assertThat(expected)
                .contains("row of public.marks: (built)")
                .contains("3 in_java")
                .doesNotContain("(2c)");
        KillDrill.NextStart next = database -> {
            KillDrill.assertNothingIsHeld(database);
            String found = found(database);
            drill.finish(database);
            return found;
        };
        int boundaries = drill.boundaries();
        Map<String, List<Integer>> outcomes = drill.atEach(KillDrill.LOCKED, boundaries, next, expected);
        System.out.println("kill -9 of a build, " + how + ": " + boundaries + " boundaries, " + outcomes);
        assertThat(outcomes).containsOnlyKeys("nothing", "everything");
        List<Integer> nothing = outcomes.getOrDefault("nothing", List.of());
        assertThat(nothing).hasSizeGreaterThan(20);
        // Once it is there it stays.
        assertThat(nothing.get(nothing.size() - 1))
                .isLessThan(outcomes.getOrDefault("everything", List.of()).get(0));
    }

    private static String found(TestDatabase database) {
        String relations = database.value("SELECT count(*) FROM pg_class c WHERE c.relnamespace NOT IN"
                + " (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_' OR nspname = 'information_schema')");
        if ("0".equals(relations)) {
            return "nothing";
        }
        String recorded = database.value("SELECT count(*) FROM tb_confiture")
                + database.value("SELECT count(*) FROM marks WHERE what = 'built'");
        return recorded.equals("41") ? "everything" : "a part: " + recorded;
    }
}
