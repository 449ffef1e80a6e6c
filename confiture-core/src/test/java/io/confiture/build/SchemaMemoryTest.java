package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.config.Config;
import io.confiture.postgres.ConnectionSource;
import io.confiture.test.ChildJvm;
import io.confiture.test.TestDatabase;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources of which a heap of 96 MB holds no half are hashed, written, run and loaded. */
@Tag("conformance")
class SchemaMemoryTest {
    private static final int ROWS = 1_500_000;
    private static final int SEEDS = 1_000_000;
    private static final long LEAST_BYTES = 200_000_000;
    private static final String NOTE = "x".repeat(90);

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path project;

    /** Arguments: the folder of the project, the URL of the database. */
    static final class Program {
        public static void main(String[] arguments) {
            Path project = Path.of(arguments[0]);
            Config config = Config.builder()
                    .projectDir(project)
                    .seedDirs("db/seeds")
                    .hashSeeds(true)
                    .twoPass(true)
                    .build();
            ConnectionSource source = ConnectionSource.of(arguments[1]);
            SchemaBuilder builder = SchemaBuilder.of(config);
            System.out.println("HASH " + builder.computeHash());
            builder.writeTo(project.resolve("built.sql"));
            System.out.println("FINDINGS " + builder.validate().findings().size());
            BuildResult result =
                    builder.execute(source, ExecuteOptions.defaults().withSeeds(false));
            System.out.println("TABLES " + result.tablesCreated() + " BYTES " + result.bytes());
            SeedFileResult seeds = SeedLoader.of(config).load(source).files().get(0);
            System.out.println("COPIED " + seeds.copiedRows());
        }
    }

    private void lines(String file, String head, int count, String line, String last) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        try (BufferedWriter out = Files.newBufferedWriter(path)) {
            out.write(head);
            for (int n = 1; n <= count; n++) {
                out.write(line.replace("#", Integer.toString(n)));
            }
            out.write(last);
        }
    }

    @Test
    void whatTheHeapDoesNotHoldIsHashedWrittenRunAndLoaded() throws IOException {
        lines(
                "db/schema/1.sql",
                "CREATE TABLE copied (id int, note text);\nCREATE TABLE seeded (id int, note text);\n"
                        + "COPY copied FROM stdin;\n",
                ROWS,
                "#\t" + NOTE + "\n",
                "\\.\n");
        lines("db/seeds/1.sql", "", SEEDS, "INSERT INTO seeded VALUES (#, '" + NOTE + "');\n", "");
        long bytes = Files.size(project.resolve("db/schema/1.sql")) + Files.size(project.resolve("db/seeds/1.sql"));
        assertThat(bytes).isGreaterThan(LEAST_BYTES);
        String output;
        try (ChildJvm process = ChildJvm.start(Program.class, project.toString(), database.url())) {
            output = process.output();
            assertThat(process.exitCode()).as(output).isZero();
        }
        assertThat(output)
                .containsPattern("HASH [0-9a-f]{64}\nFINDINGS 0\nTABLES 2 BYTES "
                        + Files.size(project.resolve("db/schema/1.sql")) + "\nCOPIED " + SEEDS);
        assertThat(Files.size(project.resolve("built.sql"))).isGreaterThan(bytes);
        assertThat(database.value("SELECT count(*) || ' ' || sum(id) FROM copied"))
                .isEqualTo(ROWS + " " + (long) ROWS * (ROWS + 1) / 2);
        assertThat(database.value("SELECT count(*) || ' ' || sum(id) FROM seeded"))
                .isEqualTo(SEEDS + " " + (long) SEEDS * (SEEDS + 1) / 2);
        System.out.printf("schema: %d MB built, run and loaded with a heap of 96 MB%n", bytes / 1_000_000);
    }
}
