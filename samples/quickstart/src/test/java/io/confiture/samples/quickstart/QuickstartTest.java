package io.confiture.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The application on its embedded PostgreSQL, with the settings that the documentation shows. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "spring.config.additional-location=classpath:settings/")
class QuickstartTest {
    /** Values that differ from run to run. */
    private static final Set<String> VOLATILE = Set.of("appliedAt", "at", "executionTimeMs", "checkedAt", "durationMs");

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();

    @LocalServerPort
    private int port;

    @Test
    void theTablesOfTheMigrationsAreRead() throws Exception {
        assertThat(json.readTree(get("/books").body()).findValuesAsString("author"))
                .containsExactly("Mary Shelley", "Ada Lovelace", "Jules Verne");
    }

    @Test
    void theEndpointTellsWhatWasDone() throws Exception {
        assertThat(get("/actuator/confiture").statusCode()).isEqualTo(200);
        HttpResponse<String> migrations = get("/actuator/confiture/default/migrations");
        assertThat(migrations.statusCode()).isEqualTo(200);
        assertThat(json.readTree(migrations.body()).findValuesAsString("version"))
                .containsExactly("001", "002", "003", "004");
    }

    @Test
    void theVerificationPasses() throws Exception {
        assertThat(get("/actuator/confiture/default/verification").statusCode()).isEqualTo(200);
    }

    static Stream<Documentation.Block> answers() throws IOException {
        return Documentation.blocks().filter(block -> block.language().equals("json"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void theDocumentationShowsWhatIsAnswered(Documentation.Block block) throws Exception {
        List<String> request = List.of(block.source().split(" "));
        assertThat(request)
                .as("the request in the block's first line")
                .hasSize(2)
                .startsWith("GET");
        HttpResponse<String> answer = get(request.get(1));
        assertThat(masked(json.readTree(block.text())))
                .as(() -> block + " shows another answer than\n" + pretty(answer.body()))
                .isEqualTo(masked(json.readTree(answer.body())));
    }

    @Test
    void theDocumentationShowsAnAnswer() throws Exception {
        assertThat(answers().map(Documentation.Block::file)).contains(Path.of("README.md"));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private String pretty(String text) {
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(json.readTree(text));
    }

    private static JsonNode masked(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                if (VOLATILE.contains(name)) {
                    object.put(name, "…");
                } else {
                    masked(object.get(name));
                }
            }
        } else if (node instanceof ArrayNode array) {
            array.forEach(QuickstartTest::masked);
        }
        return node;
    }
}
