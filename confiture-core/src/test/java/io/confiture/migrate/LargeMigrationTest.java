package io.confiture.migrate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Applies a script of 200 MB, 150 MB of them the rows of one COPY, in a JVM whose heap does not hold it. */
@Tag("conformance")
class LargeMigrationTest {
    private static final int HEAP_MB = 128;
    private static final int MB = 1_000_000;
    private static final int ROWS = 1_500_000;
    private static final int STATEMENTS = 450;
    private static final int ROWS_OF_STATEMENT = 1_000;
    private static final int LARGE_LITERAL = 5 * MB;

    @TempDir
    private Path folder = Path.of("");

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void appliesWhatItsHeapDoesNotHold() throws IOException, InterruptedException, SQLException {
        Path script = folder.resolve("001_large.up.sql");
        long rows = write(script);
        long size = Files.size(script);
        assertThat(size).isGreaterThan(200L * MB);
        assertThat(rows).isGreaterThan(150L * MB);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MB + "m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        LargeMigrationTest.class.getName(),
                        database.url(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        List<String> output;
        try {
            output = new String(process.getInputStream().readAllBytes(), UTF_8)
                    .lines()
                    .toList();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String last = output.isEmpty() ? "" : output.get(output.size() - 1);
        assertThat(last).as("%s", output).startsWith("Applied 1: ");
        assertThat(numbers("SELECT count(*), sum(id), count(DISTINCT length(note)) FROM copied"))
                .isEqualTo(ROWS + " " + (long) ROWS * (ROWS - 1) / 2 + " 1");
        assertThat(numbers("SELECT count(*), sum(id), max(length(note)) FROM inserted"))
                .isEqualTo(STATEMENTS * ROWS_OF_STATEMENT + 1 + " "
                        + (long) STATEMENTS * ROWS_OF_STATEMENT * (STATEMENTS * ROWS_OF_STATEMENT - 1) / 2 + " "
                        + LARGE_LITERAL);
        System.out.printf(Locale.ROOT, "Large script: %d MB, heap %d MB; %s%n", size / MB, HEAP_MB, last);
    }

    /** How many bytes of rows it holds. */
    private static long write(Path script) throws IOException {
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(script), 1 << 16)) {
            file.write("CREATE TABLE copied (id int, note text);\nCOPY copied FROM stdin;\n".getBytes(UTF_8));
            long rows = 0;
            for (int id = 0; id < ROWS; id++) {
                byte[] row = (String.format("%08d", id)
                                + "\tit's a row; with /* -- $$ that count for nothing é€😀, and more of it, up to a hundred bytes\n")
                        .getBytes(UTF_8);
                file.write(row);
                rows += row.length;
            }
            file.write("\\.\nCREATE TABLE inserted (id int, note text);\n".getBytes(UTF_8));
            for (int i = 0; i < STATEMENTS; i++) {
                StringBuilder statement = new StringBuilder("INSERT INTO inserted VALUES ");
                for (int row = 0; row < ROWS_OF_STATEMENT; row++) {
                    statement.append(row == 0 ? "(" : ",\n(").append(i * ROWS_OF_STATEMENT + row);
                    statement.append(
                            ", 'it''s a value; with /* -- $$ that count for nothing, and a little more of it up to a hundred')");
                }
                file.write(statement.append(";\n").toString().getBytes(UTF_8));
            }
            file.write(("INSERT INTO inserted VALUES (0, $$" + ";".repeat(LARGE_LITERAL) + "$$);\n").getBytes(UTF_8));
            return rows;
        }
    }

    private String numbers(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            assertThat(found.next()).isTrue();
            return found.getString(1) + " " + found.getString(2) + " " + found.getString(3);
        }
    }

    public static void main(String[] arguments) throws IOException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(arguments[0]);
        long size = Files.size(Path.of(arguments[1], "001_large.up.sql"));
        long begin = System.nanoTime();
        int applied = Migrator.builder(source)
                .locations(arguments[1])
                .build()
                .applyAll()
                .size();
        double seconds = (System.nanoTime() - begin) / 1e9;
        long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
        System.out.printf(
                Locale.ROOT,
                "Applied %d: %.1f s, %.1f MB/s, peak of the heap below %d MB%n",
                applied,
                seconds,
                size / seconds / MB,
                peak / MB + 1);
    }
}
