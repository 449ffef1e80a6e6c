package io.confiture.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Statements begin and end where PostgreSQL's own grammar begins and ends them. {@code src/test/goldens} says how
 * {@code boundaries.csv} is made.
 */
class GrammarBoundariesTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/grammar");
    private static final Pattern ALTERNATIVE = Pattern.compile("(?m)^--: (.*?)\r?$");

    /** @param end -1 where the grammar sees the end of the script instead of a semicolon */
    private record Golden(String script, int start, int end) {}

    private static final Map<String, List<Golden>> GOLDENS = lines("boundaries.csv")
            .map(line -> line.split(","))
            .map(cells -> new Golden(
                    cells[0], Integer.parseInt(cells[1]), cells[2].isEmpty() ? -1 : Integer.parseInt(cells[2])))
            .collect(Collectors.groupingBy(Golden::script));

    static List<String> scripts() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".sql"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void beginAndEndWhereTheGrammarSays(String script) throws IOException {
        byte[] bytes = Files.readAllBytes(DIRECTORY.resolve(script));
        List<Golden> goldens = GOLDENS.getOrDefault(script, List.of());
        List<String> expected = goldens.stream()
                .map(golden -> golden.start() + ": "
                        + (golden.end() < 0
                                ? "without semicolon"
                                : new String(bytes, golden.start(), golden.end() - golden.start(), UTF_8)))
                .toList();
        List<String> actual = new ArrayList<>();
        for (SqlStatement statement : Scripts.statements(bytes, ScriptSection.WHOLE)) {
            long start = statement.start().offset();
            boolean terminated = bytes[(int) statement.endOffset() - 1] == ';';
            actual.add(start + ": " + (terminated ? statement.text() : "without semicolon"));
        }
        assertThat(expected).as("%s has no golden boundaries", script).isNotEmpty();
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void everyAlternativeOfTheGrammarHasItsStatement() throws IOException {
        TreeSet<String> alternatives = new TreeSet<>();
        for (String script : scripts()) {
            ALTERNATIVE
                    .matcher(Files.readString(DIRECTORY.resolve(script)))
                    .results()
                    .map(found -> found.group(1))
                    .forEach(alternatives::add);
        }
        assertThat(alternatives)
                .containsExactlyInAnyOrderElementsOf(lines("rules.txt").toList());
        assertThat(GOLDENS.keySet()).containsExactlyInAnyOrderElementsOf(scripts());
        System.out.printf(
                "Golden boundaries: %d scripts, %d statements, %d alternatives of the grammar%n",
                GOLDENS.size(), GOLDENS.values().stream().mapToInt(List::size).sum(), alternatives.size());
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(DIRECTORY.resolve(file)).stream().filter(line -> !line.startsWith("#"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
