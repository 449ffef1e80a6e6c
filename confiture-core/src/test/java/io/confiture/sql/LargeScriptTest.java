package io.confiture.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.SqlScriptException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads 300 MB in a JVM of its own whose heap holds no tenth of it. */
class LargeScriptTest {
    private static final int HEAP_MB = 24;
    private static final String STATEMENT = "INSERT INTO a (x, y) VALUES (1, 'it''s é; ''') -- ;\n;\n";
    private static final String ROW = "1\tsome text; and more\t\\N\n";

    private static final Map<String, Integer> PARTS = new TreeMap<>(Map.of(
            "1 " + STATEMENT,
            100_000_000 / STATEMENT.length(),
            "2 /* a long comment ",
            1,
            "3 ; /* /* */ */ '$$ ",
            50_000_000 / 18,
            "4 */\nCOPY a FROM stdin;\n",
            1,
            "5 " + ROW,
            150_000_000 / ROW.length(),
            "6 \\.\nSELECT $$",
            1,
            "7 one statement of 2 MB; ",
            2_000_000 / 23,
            "8 $$;\nSELECT 'last';",
            1));

    @Test
    void memoryIsBoundedByTheLargestStatement() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MB + "m",
                        "-cp",
                        classPath(ScriptReader.class, LargeScriptTest.class, Test.class, Nullable.class),
                        LargeScriptTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        int statements = Objects.requireNonNull(PARTS.get("1 " + STATEMENT)) + 3;
        int rowBytes = Objects.requireNonNull(PARTS.get("5 " + ROW)) * ROW.length();
        assertThat(output).isEqualTo(statements + " statements, " + rowBytes + " bytes of rows, last SELECT 'last'");
    }

    private static String classPath(Class<?>... classes) {
        return Stream.of(classes)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> new File(location.getPath()).getPath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    public static void main(String[] arguments) throws IOException {
        int statements = 0;
        long rows = 0;
        String last = "";
        byte[] chunk = new byte[8192];
        try (ScriptReader reader = ScriptReader.open("large.sql", new Parts(), ScriptSection.WHOLE)) {
            for (SqlStatement next = reader.next(); next != null; next = reader.next()) {
                statements++;
                last = next.text();
                if (next.copiesIn()) {
                    InputStream data = reader.copyData();
                    for (int read = data.read(chunk); read >= 0; read = data.read(chunk)) {
                        rows += read;
                    }
                }
            }
        } catch (SqlScriptException e) {
            last = e.toString();
        }
        System.out.print(statements + " statements, " + rows + " bytes of rows, last " + last);
    }

    /** The parts in their order, each as often as it says. */
    private static final class Parts extends InputStream {
        private final java.util.Iterator<Map.Entry<String, Integer>> parts =
                PARTS.entrySet().iterator();
        private byte[] part = new byte[0];
        private int at;
        private int times;

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (at == part.length) {
                if (times == 0) {
                    if (!parts.hasNext()) {
                        return -1;
                    }
                    Map.Entry<String, Integer> next = parts.next();
                    part = next.getKey().substring(2).getBytes(StandardCharsets.UTF_8);
                    times = next.getValue();
                }
                times--;
                at = 0;
            }
            int count = Math.min(length, part.length - at);
            System.arraycopy(part, at, target, offset, count);
            at += count;
            return count;
        }
    }
}
