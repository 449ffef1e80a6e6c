package io.confiture.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Repeats on each build what the fuzzer starts from and what it found, and asks for texts that could take forever. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuzzInputsTest {
    private static final int LONG = 500_000;

    static List<Path> scripts() throws IOException {
        try (Stream<Path> corpus = Files.list(SplitterCorpus.DIRECTORY);
                Stream<Path> grammar = Files.list(Path.of("src/test/resources/grammar"))) {
            return Stream.concat(corpus, grammar)
                    .filter(path -> path.toString().endsWith(".sql"))
                    // Each property is checked byte by byte.
                    .filter(path -> path.toFile().length() < 100_000)
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void scripts(Path script) throws IOException {
        ScriptFuzzer.fuzzerTestOneInput(Files.readAllBytes(script));
    }

    @Test
    void placeholders() throws IOException {
        for (String line : Files.readAllLines(Path.of("src/test/resources/fuzz/placeholders.txt"))) {
            PlaceholderFuzzer.fuzzerTestOneInput(line.replace("\\n", "\n").getBytes(UTF_8));
        }
    }

    /** Work that grows with the square of the length would not end here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "'",
                "''",
                "\"",
                "$",
                "$a",
                "$a$",
                "/*",
                "*/",
                "/",
                "-",
                "--",
                "-- \n",
                "E'\\",
                "U&\"",
                ";",
                "; ",
                "a ",
                "a.",
                "$1",
                "\n",
                "\\",
                "\u0000",
                "é",
                "-- migrate:up ",
                "COPY a FROM stdin;\n",
                "\n\\.",
                "\\.\n",
                "set_config(",
                "CREATE FUNCTION BEGIN ATOMIC ;",
                "BEGIN ATOMIC ",
                "END;",
                "update ",
                "\\restrict a\n"
            })
    void noTextTakesMoreThanItsLength(String piece) {
        for (String before : List.of("", "SELECT ", "CREATE FUNCTION f() BEGIN ATOMIC ", "COPY a FROM stdin;\n")) {
            byte[] script = (before + piece.repeat(LONG / piece.length())).getBytes(UTF_8);
            assertThat(statements(script)).isLessThanOrEqualTo(script.length);
        }
    }

    private static int statements(byte[] script) {
        try (ScriptReader reader = Scripts.open(script, ScriptSection.UP)) {
            int count = 0;
            while (reader.next() != null) {
                count++;
            }
            return count;
        } catch (io.confiture.error.SqlScriptException e) {
            return 0;
        }
    }
}
