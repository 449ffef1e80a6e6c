package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.actuate.ConfitureEndpoint;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.hook.HookPoint;
import io.confiture.migrate.MigrationState;
import io.confiture.migrate.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tables of docs/reference.md against the code. Names, types and defaults of properties change here or nowhere. */
class ReferenceTest {
    private static final Path PAGE = Path.of("../docs/reference.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private record Property(String type, String defaultValue) {}

    @Test
    void everyPropertyStandsThereWithItsTypeAndDefault() throws Exception {
        Map<String, Property> expected = new TreeMap<>();
        for (JsonNode property : metadata().get("properties")) {
            assertThat(property.has("deprecation"))
                    .as("not shown by the page yet")
                    .isFalse();
            expected.put(
                    property.get("name").asString(),
                    new Property(type(property.get("type").asString()), defaultValue(property)));
        }
        Map<String, Property> documented = new TreeMap<>();
        for (List<String> cells : table("| Property |")) {
            assertThat(cells.get(3)).as(cells.get(0)).isNotEmpty();
            documented.put(code(cells.get(0)).get(0), new Property(cells.get(1), String.join("", code(cells.get(2)))));
        }
        assertThat(documented).isEqualTo(expected);
    }

    @Test
    void everyValueOfAnEnumHasAHintThatSaysWhatItDoes() throws Exception {
        Map<String, List<String>> expected = new TreeMap<>();
        Map<String, List<String>> hinted = new TreeMap<>();
        JsonNode metadata = metadata();
        for (JsonNode property : metadata.get("properties")) {
            String type = property.get("type").asString();
            if (type.startsWith("io.confiture.")
                    && ClassUtils.forName(type, null).isEnum()) {
                expected.put(property.get("name").asString(), enumValues(type));
            }
        }
        for (JsonNode hint : metadata.get("hints")) {
            String name = hint.get("name").asString();
            if (expected.containsKey(name)) {
                List<String> values = new ArrayList<>();
                for (JsonNode value : hint.get("values")) {
                    assertThat(value.get("description").asString()).as(name).endsWith(".");
                    values.add(value.get("value").asString());
                }
                hinted.put(name, values);
            }
        }
        assertThat(expected).hasSizeGreaterThan(4);
        assertThat(hinted).isEqualTo(expected);
    }

    @Test
    void everyStateStandsThere() throws IOException {
        assertThat(firstCells("| State |")).containsExactlyElementsOf(printed(MigrationState.values()));
    }

    @Test
    void everyPolicyStandsThere() throws IOException {
        assertThat(firstCells("| Policy |"))
                .containsExactlyElementsOf(Arrays.stream(Policy.values())
                        .map(PropertyNames::valueOf)
                        .toList());
    }

    @Test
    void everyHookPointStandsThereAndWhetherItMayVeto() throws IOException {
        assertThat(firstCells("| Point |")).containsExactlyInAnyOrderElementsOf(printed(HookPoint.values()));
        for (List<String> cells : table("| Point |")) {
            HookPoint point = Arrays.stream(HookPoint.values())
                    .filter(value -> value.toString().equals(code(cells.get(0)).get(0)))
                    .findFirst()
                    .orElseThrow();
            assertThat(cells.get(2).startsWith("is logged")).as(cells.get(0)).isEqualTo(!point.mayVeto());
        }
    }

    @Test
    void everyExitCodeStandsThere() throws Exception {
        TreeSet<String> expected = new TreeSet<>(List.of("0"));
        for (var field : ExitCodes.class.getDeclaredFields()) {
            if (!field.isSynthetic()) {
                expected.add(String.valueOf(field.getInt(null)));
            }
        }
        for (ErrorCode code : ErrorCode.values()) {
            expected.add(String.valueOf(ExitCodes.of(new ConfitureException(code, "?", null))));
        }
        assertThat(table("| Exit code |").stream().map(cells -> cells.get(0))).containsExactlyElementsOf(expected);
    }

    @Test
    void everyParameterOfTheEndpointStandsThere() throws IOException {
        Map<String, List<String>> documented = table("| Request |").stream()
                .collect(Collectors.toMap(cells -> code(cells.get(0)).get(0), cells -> code(cells.get(1))));
        Method section = Arrays.stream(ConfitureEndpoint.class.getMethods())
                .filter(method -> method.getName().equals("database"))
                .findFirst()
                .orElseThrow();
        Method change = Arrays.stream(ConfitureEndpoint.class.getMethods())
                .filter(method -> method.isAnnotationPresent(WriteOperation.class))
                .findFirst()
                .orElseThrow();
        assertThat(documented)
                .containsOnlyKeys(
                        "GET",
                        "GET /{database}",
                        "GET /{database}/migrations",
                        "GET /{database}/verification",
                        "GET /{database}/drift",
                        "GET /{database}/plan",
                        "GET /{database}/hooks",
                        "POST /{database}")
                .containsEntry("GET /{database}/migrations", parameters(section))
                .containsEntry("GET /{database}/verification", parameters(section))
                .containsEntry("GET /{database}/drift", parameters(section))
                .containsEntry("GET /{database}/plan", parameters(section))
                .containsEntry("POST /{database}", parameters(change));
    }

    private static List<String> parameters(Method operation) {
        return Arrays.stream(operation.getParameters())
                .filter(parameter -> !parameter.isAnnotationPresent(Selector.class))
                .map(parameter -> parameter.getName())
                .toList();
    }

    private static String type(String javaType) throws ClassNotFoundException {
        if (javaType.startsWith("java.util.List<")) {
            return "list";
        }
        if (javaType.startsWith("java.util.Map<")) {
            return "by name";
        }
        return switch (javaType) {
            case "java.lang.Boolean" -> "boolean";
            case "java.lang.Integer" -> "number";
            case "java.lang.String" -> "text";
            case "java.time.Duration" -> "duration";
            default ->
                enumValues(javaType).stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
        };
    }

    private static List<String> enumValues(String type) throws ClassNotFoundException {
        return Stream.of(ClassUtils.forName(type, null).getEnumConstants())
                .map(value -> PropertyNames.valueOf((Enum<?>) value))
                .toList();
    }

    private static String defaultValue(JsonNode property) {
        JsonNode value = property.get("defaultValue");
        if (value == null) {
            return "";
        }
        if (property.get("type").asString().equals(Access.class.getName())) {
            return value.asString().replace('_', '-');
        }
        return value.isArray() ? value.get(0).asString() : value.asString();
    }

    private static List<String> printed(Object[] values) {
        return Arrays.stream(values).map(Object::toString).toList();
    }

    private static List<String> firstCells(String header) throws IOException {
        return table(header).stream().map(cells -> code(cells.get(0)).get(0)).toList();
    }

    /** The rows below a header, as cells. */
    private static List<List<String>> table(String header) throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith(header))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    private static List<String> code(String cell) {
        return CODE.matcher(cell)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static JsonNode metadata() throws IOException {
        try (InputStream json = ConfitureProperties.class
                .getClassLoader()
                .getResourceAsStream("META-INF/spring-configuration-metadata.json")) {
            JsonNode root = new JsonMapper().readTree(json);
            assertThat(root.get("groups").get(0).get("name").asString()).isEqualTo("confiture");
            return root;
        }
    }
}
