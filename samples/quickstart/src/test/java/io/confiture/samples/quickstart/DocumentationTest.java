package io.confiture.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation shows is compiled or run by this build, or it is not shown. */
class DocumentationTest {
    /** Checked elsewhere: JSON against the running application, shell commands by CI, coordinates below. */
    private static final Set<String> OTHERS = Set.of("json", "sh", "text", "xml");

    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");

    static Stream<Documentation.Block> code() throws IOException {
        return Documentation.blocks().filter(block -> !OTHERS.contains(block.language()));
    }

    @ParameterizedTest
    @MethodSource("code")
    void aBlockIsPartOfTheBuild(Documentation.Block block) throws IOException {
        assertThat(block.source())
                .as(block + " has to say behind its language where it comes from")
                .isNotEmpty();
        assertThat(block.text()).isEqualTo(Documentation.read(block.source()));
    }

    @Test
    void theDependencyIsTheOneOfTheSample() throws IOException {
        String parent = Files.readString(Documentation.ROOT.resolve("pom.xml"));
        String sample = Files.readString(Path.of("pom.xml"));
        assertThat(Documentation.blocks().filter(block -> block.language().equals("xml")))
                .isNotEmpty()
                .allSatisfy(block -> {
                    List<String> lines = block.text().lines().map(String::strip).toList();
                    assertThat(lines).startsWith("<dependency>").endsWith("</dependency>");
                    assertThat(sample.lines().map(String::strip)).containsAll(lines.subList(1, 3));
                    // The first version of the parent's POM is the project's.
                    assertThat(parent.substring(parent.indexOf("<version>"))).startsWith(lines.get(3));
                });
    }

    @Test
    void ciRunsTheCommandsOfTheReadme() throws IOException {
        String ci = Files.readString(Documentation.ROOT.resolve(".ci/run"));
        List<String> commands = Documentation.blocks()
                .filter(block -> block.file().endsWith("README.md"))
                .filter(block -> block.language().equals("sh"))
                .flatMap(block -> block.text().lines())
                .filter(line -> line.startsWith("./mvnw"))
                .map(line -> line.replaceFirst("\\s+#.*", ""))
                .toList();
        assertThat(commands)
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(command -> assertThat(ci).contains(command.replaceFirst("^\\./mvnw ", "")));
    }

    /** Those that CI does not run as they are written name at least profiles and modules that exist. */
    @Test
    void commandsNameProfilesAndModulesThatExist() throws IOException {
        StringBuilder poms = new StringBuilder();
        for (String pom : List.of("pom.xml", "samples/benchmarks/pom.xml")) {
            poms.append(Files.readString(Documentation.ROOT.resolve(pom)));
        }
        Pattern option = Pattern.compile("\\s-(P|pl|f) ?([\\w./,-]+)");
        List<String> commands = Documentation.blocks()
                .filter(block -> block.language().equals("sh"))
                .flatMap(block -> block.text().lines())
                .toList();
        assertThat(commands).isNotEmpty();
        for (String command : commands) {
            option.matcher(command).results().forEach(found -> {
                for (String name : found.group(2).split(",", -1)) {
                    if (found.group(1).equals("P")) {
                        assertThat(poms).as(command).contains("<id>" + name + "</id>");
                    } else {
                        assertThat(Documentation.ROOT.resolve(name)).as(command).exists();
                    }
                }
            });
        }
    }

    /** Messages are compared with what is printed, by a test that reads this page alone. */
    @Test
    void messagesAreShownWhereTheyAreCompared() throws IOException {
        assertThat(Documentation.blocks().filter(block -> block.language().equals("text")))
                .isNotEmpty()
                .allMatch(block -> block.file().endsWith("troubleshooting.md"));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadToFilesAndSections(Path page) throws IOException {
        Path file = Documentation.ROOT.resolve(page);
        Matcher links = LINK.matcher(Files.readString(file));
        while (links.find()) {
            Path target = links.group(1).isEmpty() ? file : file.resolveSibling(links.group(1));
            assertThat(target).exists();
            if (links.group(2) != null) {
                assertThat(anchors(target)).as(target.toString()).contains(links.group(2));
            }
        }
    }

    /** The headings of a page as they are linked to. */
    private static List<String> anchors(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @Test
    void everyPageIsLinkedFromTheReadme() throws IOException {
        String readme = Files.readString(Documentation.ROOT.resolve("README.md"));
        assertThat(Documentation.files())
                .filteredOn(page -> !page.endsWith("README.md"))
                .allSatisfy(page -> assertThat(readme).contains("(" + page + ")"));
    }

    static List<Path> pages() throws IOException {
        return Documentation.files();
    }
}
