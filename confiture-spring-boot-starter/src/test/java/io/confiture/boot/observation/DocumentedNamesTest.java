package io.confiture.boot.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.docs.ObservationDocumentation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of docs/observability.md against the enums that the code uses. */
class DocumentedNamesTest {
    private static final Path PAGE = Path.of("../docs/observability.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private record Names(List<String> low, List<String> high) {}

    @Test
    void everyNameStandsInTheTableWithItsKeys() throws IOException {
        Map<String, Names> expected = new TreeMap<>();
        for (ObservationDocumentation observation : ConfitureObservationDocumentation.values()) {
            expected.put(
                    observation.getName(),
                    new Names(
                            names(observation.getLowCardinalityKeyNames()),
                            names(observation.getHighCardinalityKeyNames())));
        }
        for (ConfitureMeterDocumentation meter : ConfitureMeterDocumentation.values()) {
            expected.put(meter.getName(), new Names(names(meter.getKeyNames()), List.of()));
        }
        Map<String, Names> documented = new TreeMap<>();
        table("| Name |")
                .forEach(cells ->
                        documented.put(code(cells.get(0)).get(0), new Names(code(cells.get(2)), code(cells.get(3)))));
        assertThat(documented).isEqualTo(expected);
    }

    @Test
    void everyKeyIsExplained() throws IOException {
        TreeSet<String> used = new TreeSet<>();
        for (ObservationDocumentation observation : ConfitureObservationDocumentation.values()) {
            used.addAll(names(observation.getLowCardinalityKeyNames()));
            used.addAll(names(observation.getHighCardinalityKeyNames()));
        }
        for (ConfitureMeterDocumentation meter : ConfitureMeterDocumentation.values()) {
            used.addAll(names(meter.getKeyNames()));
        }
        TreeSet<String> explained = new TreeSet<>();
        table("| Key |").forEach(cells -> explained.addAll(code(cells.get(0))));
        assertThat(explained).isEqualTo(used);
    }

    private static List<String> names(KeyName[] keys) {
        return Arrays.stream(keys).map(KeyName::asString).toList();
    }

    /** The rows below a header, as cells. */
    private static List<List<String>> table(String header) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        List<String> lines = Files.readAllLines(PAGE);
        int line = 0;
        while (!lines.get(line).startsWith(header)) {
            line++;
        }
        for (line += 2; lines.get(line).startsWith("|"); line++) {
            rows.add(Arrays.stream(lines.get(line).substring(1).split("\\|"))
                    .map(String::strip)
                    .toList());
        }
        assertThat(rows).isNotEmpty();
        return rows;
    }

    private static List<String> code(String cell) {
        List<String> found = new ArrayList<>();
        Matcher matcher = CODE.matcher(cell);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
