package io.confiture.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The page that says which known failures are excluded promises no test that does not exist, and passes none over. */
class PitfallsPageTest {
    private static final Pattern NAMED = Pattern.compile("`(\\w+#\\w+)`");
    private static final Pattern LATER = Pattern.compile("(?i)\\b(?:medium [134]|lint)\\b");

    private record Row(int number, List<String> cells) {
        String shownBy() {
            return cells.get(3);
        }

        List<String> tests() {
            return NAMED.matcher(shownBy())
                    .results()
                    .map(match -> match.group(1))
                    .toList();
        }
    }

    private static List<Row> rows() throws IOException {
        return Files.readAllLines(Documentation.ROOT.resolve("docs/pitfalls.md")).stream()
                .filter(line -> line.matches("\\| \\d+ \\|.*"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .map(cells -> new Row(Integer.parseInt(cells.get(0)), cells))
                .toList();
    }

    @Test
    void allHundredAreThereOnceAndInOrder() throws IOException {
        assertThat(rows().stream().map(Row::number))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 100).boxed().toList());
        assertThat(rows()).allSatisfy(row -> assertThat(row.cells()).hasSize(4).noneMatch(String::isEmpty));
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        Set<String> tests = TestSources.tests().keySet();
        assertThat(rows()).allSatisfy(row -> {
            assertThat(tests).containsAll(row.tests());
            assertThat(row.shownBy().chars().filter(c -> c == '#'))
                    .as("tests are named as `Class#method` in " + row)
                    .hasSameSizeAs(row.tests());
        });
    }

    @Test
    void whatHasNoTestSaysWhy() throws IOException {
        assertThat(rows()).allSatisfy(row -> {
            String shownBy = row.shownBy();
            boolean later = LATER.matcher(shownBy).find();
            assertThat(later).as("what comes later says so in " + row).isEqualTo(shownBy.contains("not built yet"));
            assertThat(later || !row.tests().isEmpty() || shownBy.matches("Does not apply: .+"))
                    .as("row " + row)
                    .isTrue();
        });
    }

    /** A suite in which tests may be skipped is green although it checks nothing. */
    @Test
    void hundredsOfTestsAreSkippedAndTheBuildIsGreen() throws IOException {
        Pattern skips = Pattern.compile("@(?:Disabled|Enabled)\\w*|\\bassum(?:e|ing)[A-Z]\\w*\\(|\\bAssumptions\\b");
        for (Path file : TestSources.files()) {
            assertThat(skips.matcher(Files.readString(file)).results().map(MatchResult::group))
                    .as(file.toString())
                    .isEmpty();
        }
    }
}
