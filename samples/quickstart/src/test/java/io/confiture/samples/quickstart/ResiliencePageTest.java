package io.confiture.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of the attacks names tests that exist. */
class ResiliencePageTest {
    private static final Pattern ROW = Pattern.compile("\\|[^|]+\\| `(\\w+)`[^|]*\\|[^|]+\\|");

    @Test
    void everyAttackHasItsTest() throws IOException {
        Set<String> classes = TestSources.tests().keySet().stream()
                .map(test -> test.substring(0, test.indexOf('#')))
                .collect(Collectors.toSet());
        List<String> named = Files.readAllLines(Documentation.ROOT.resolve("docs/resilience.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| Attack ") && !line.startsWith("| ---"))
                .map(line -> {
                    Matcher row = ROW.matcher(line);
                    assertThat(row.matches()).as(line).isTrue();
                    return row.group(1);
                })
                .toList();
        assertThat(named).hasSizeGreaterThan(10);
        assertThat(classes).containsAll(named);
    }
}
