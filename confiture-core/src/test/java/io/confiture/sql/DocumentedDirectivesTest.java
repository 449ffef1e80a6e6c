package io.confiture.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of directives in docs/reference.md against those that are read. */
class DocumentedDirectivesTest {
    private static final Pattern DIRECTIVE = Pattern.compile("`([^`=]+=[^`]+)`");

    private static List<String> documented() throws IOException {
        return Files.readAllLines(Path.of("../docs/reference.md")).stream()
                .dropWhile(line -> !line.startsWith("| Directive |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .flatMap(row -> DIRECTIVE.matcher(row).results())
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void everyDirectiveStandsInTheTable() throws IOException {
        assertThat(documented().stream()
                        .map(directive -> directive.substring(0, directive.indexOf('=')))
                        .map(key -> key.startsWith("meta.") ? "meta.<key>" : key)
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(DirectiveParser.KEYS);
    }

    @Test
    void everyExampleIsRead() throws IOException {
        for (String directive : documented()) {
            DirectiveParser parser = new DirectiveParser("page", null);
            parser.add("confiture: " + directive, new SourcePosition(1, 4, 3));
            assertThat(parser.within(new DirectiveParser("page", null)))
                    .as(directive)
                    .isNotEqualTo(ScriptDirectives.NONE);
        }
    }
}
