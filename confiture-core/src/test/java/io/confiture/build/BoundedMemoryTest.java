package io.confiture.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.config.Config;
import io.confiture.postgres.ConnectionSource;
import io.confiture.test.ChildJvm;
import io.confiture.test.TestDatabase;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources of 200 MB are hashed, checked, written, run, and loaded by a JVM whose heap of 96 MB does not hold them. */
@Tag("conformance")
class BoundedMemoryTest {
    private static final int MB = 1_000_000;
    private static final int COPIED = 1_000_000;
    private static final int INSERTED = 1_000_000;
    private static final int LARGE_LITERAL = 5 * MB;
    private static final String FILLER =
            "it''s a row; with /* -- $$ that count for nothing é€😀, and more of it, up to a hundred bytes";

    @TempDir
    private Path project;

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private long size;

    @BeforeEach
    void sources() throws IOException {
        Path schema = project.resolve("db/schema/1.sql");
        Path seeds = project.resolve("db/seeds/1.sql");
        Files.createDirectories(schema.getParent());
        Files.createDirectories(seeds.getParent());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(schema), 1 << 16)) {
            out.write("CREATE TABLE copied (id int, note text);\nCOPY copied FROM stdin;\n".getBytes(UTF_8));
            for (int id = 0; id < COPIED; id++) {
                out.write((id + "\t" + FILLER + "\n").getBytes(UTF_8));
            }
            out.write("\\.\nCREATE TABLE inserted (id int, note text);\n".getBytes(UTF_8));
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(seeds), 1 << 16)) {
            // Rows for themselves, rows together, and one that no other stands beside.
            for (int id = 0; id < INSERTED / 2; id++) {
                out.write(("INSERT INTO inserted VALUES (" + id + ", '" + FILLER + "');\n").getBytes(UTF_8));
            }
            for (int id = INSERTED / 2; id < INSERTED; id++) {
                out.write(((id % 1_000 == 0 ? "INSERT INTO inserted VALUES\n(" : ",\n(") + id + ", '" + FILLER + "')"
                                + (id % 1_000 == 999 ? ";\n" : ""))
                        .getBytes(UTF_8));
            }
            out.write(("INSERT INTO inserted VALUES (0, $$" + ";".repeat(LARGE_LITERAL) + "$$);\n").getBytes(UTF_8));
        }
        size = Files.size(schema) + Files.size(seeds);
        assertThat(size).isGreaterThan(200L * MB);
    }

    private String inSmallHeap(String what) {
        try (ChildJvm process = ChildJvm.start(Work.class, what, project.toString(), database.url())) {
            String output = process.output();
            assertThat(process.exitCode()).as(output).isZero();
            String last = output.substring(output.lastIndexOf('\n') + 1);
            System.out.printf(Locale.ROOT, "%s of %d MB: %s%n", what, size / MB, last);
            return last;
        }
    }

    private void rowsAreThere() {
        assertThat(database.value("SELECT count(*) || ' ' || sum(id) || ' ' || max(length(note)) FROM inserted"))
                .isEqualTo(INSERTED + 1 + " " + (long) INSERTED * (INSERTED - 1) / 2 + " " + LARGE_LITERAL);
    }

    @Test
    void hashedCheckedAndWrittenAsAFile() throws IOException {
        inSmallHeap("write");
        assertThat(Files.size(project.resolve("out.sql"))).isGreaterThan(size);
    }

    @Test
    void runAndLoadedByItself() {
        assertThat(inSmallHeap("execute")).startsWith("copied " + (INSERTED + 1) + ",");
        rowsAreThere();
        assertThat(database.value("SELECT count(*) || ' ' || sum(id) FROM copied"))
                .isEqualTo(COPIED + " " + (long) COPIED * (COPIED - 1) / 2);
        database.execute("TRUNCATE inserted");
        assertThat(inSmallHeap("seeds")).startsWith("copied " + (INSERTED + 1) + ",");
        rowsAreThere();
    }

    /** Arguments: what to do, the project, the URL of the database. */
    static final class Work {
        public static void main(String[] arguments) throws SQLException {
            Path project = Path.of(arguments[1]);
            Config config = Config.builder()
                    .projectDir(project)
                    .seedDirs("db/seeds")
                    .hashSeeds(true)
                    .twoPass(true)
                    .build();
            ConnectionSource database = ConnectionSource.of(arguments[2]);
            long begin = System.nanoTime();
            long copied = 0;
            switch (arguments[0]) {
                case "write" -> {
                    SchemaBuilder builder = SchemaBuilder.of(config);
                    if (builder.computeHash().isEmpty()
                            || !builder.validate().findings().isEmpty()) {
                        throw new IllegalStateException("findings");
                    }
                    builder.writeTo(project.resolve("out.sql"));
                }
                case "execute" ->
                    copied = SchemaBuilder.of(config)
                            .execute(database, ExecuteOptions.defaults())
                            .seeds()
                            .get(0)
                            .copiedRows();
                case "seeds" ->
                    copied = SeedLoader.of(config).load(database).files().get(0).copiedRows();
                default -> throw new IllegalArgumentException(arguments[0]);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .map(MemoryPoolMXBean::getPeakUsage)
                    .mapToLong(usage -> usage.getUsed())
                    .sum();
            System.out.printf(
                    Locale.ROOT, "copied %d, %.1f s, peak of the heap below %d MB", copied, seconds, peak / MB + 1);
        }
    }
}
