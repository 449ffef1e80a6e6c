package io.confiture.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The versions that the guide calls tested are those that the build knows and that CI has a leg for. */
class VersionsTest {

    @ParameterizedTest
    @CsvSource({"PostgreSQL, postgres.binaries.version", "Spring Boot, spring-boot.version"})
    void testedIsWhatTheBuildKnows(String what, String property) throws IOException {
        String pom = Files.readString(Documentation.ROOT.resolve("pom.xml"));
        List<String> known = Pattern.compile("<" + Pattern.quote(property) + ">([0-9.]+)</")
                .matcher(pom)
                .results()
                .map(found -> found.group(1).replaceFirst("^([0-9]+[.][0-9]+)[.]0$", "$1"))
                .toList();
        assertThat(tested(what)).containsExactlyInAnyOrderElementsOf(known);
    }

    @ParameterizedTest
    @CsvSource({
        "PostgreSQL, 'PostgreSQL %s', [.].*",
        "Java, 'JDK %s', ''",
        "'Spring Boot', 'Spring Boot %s', [.][0-9]+$"
    })
    void ciHasALegForEach(String what, String leg, String patch) throws IOException {
        String ci = Files.readString(Documentation.ROOT.resolve(".ci/run")).replace("$boot40", "4.0");
        assertThat(tested(what))
                .isNotEmpty()
                .allSatisfy(version -> assertThat(
                                ci.lines().filter(line -> line.strip().startsWith("leg \"")))
                        .anyMatch(line -> line.contains(leg.formatted(version.replaceFirst(patch, "")))));
    }

    private static List<String> tested(String what) throws IOException {
        String row = Files.readAllLines(Documentation.ROOT.resolve("docs/spring-boot.md")).stream()
                .filter(line -> line.startsWith("| " + what + " |"))
                .findFirst()
                .orElseThrow();
        return Pattern.compile("[0-9]+(?:[.][0-9]+)*")
                .matcher(row.split("[|]", -1)[2])
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
