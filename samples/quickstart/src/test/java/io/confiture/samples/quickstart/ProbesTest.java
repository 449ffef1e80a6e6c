package io.confiture.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The application as the guide's Kubernetes files ask it. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "spring.config.additional-location=classpath:probes/")
class ProbesTest {
    private static final JsonMapper JSON = new JsonMapper();

    @LocalServerPort
    private int port;

    @Test
    void theProbesOfTheDeploymentAreAnsweredAndReadinessLooksAtTheDatabase() throws Exception {
        Map<?, ?> container = container("deployment.yaml");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            Map<?, ?> get = map(map(container, probe), "httpGet");
            JsonNode health = JSON.readTree(get(String.valueOf(get.get("path"))));
            assertThat(health.get("status").asString()).as(probe).isEqualTo("UP");
        }
        JsonNode readiness = JSON.readTree(get("/actuator/health/readiness")).get("components");
        assertThat(readiness.propertyNames()).containsExactlyInAnyOrder("readinessState", "confiture");
        assertThat(get("/actuator/health/liveness")).doesNotContain("confiture");
    }

    @Test
    void theStartupProbeIsPatientForLongerThanTheApplicationWaits() throws IOException {
        Map<?, ?> container = container("deployment.yaml");
        Map<?, ?> probe = map(container, "startupProbe");
        assertThat(number(probe, "periodSeconds") * number(probe, "failureThreshold"))
                .isGreaterThan(600);
        assertThat(environment(container)).containsEntry("CONFITURE_MIGRATE_WAITTIMEOUT", "10m");
    }

    @Test
    void everyVariableIsAPropertyOfConfiture() throws IOException {
        List<String> variables = new ArrayList<>();
        for (JsonNode property : metadata().get("properties")) {
            variables.add(property.get("name")
                    .asString()
                    .replace(".", "_")
                    .replace("-", "")
                    .toUpperCase(Locale.ROOT));
        }
        for (String file : List.of("deployment.yaml", "migrate-job.yaml")) {
            assertThat(environment(container(file)).keySet())
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(variables).contains(name));
        }
    }

    /** The metadata of the starter: the only one that knows {@code confiture.run}. */
    private static JsonNode metadata() throws IOException {
        for (URL url : Collections.list(
                ProbesTest.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = url.openStream()) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                if (text.contains("\"confiture.run\"")) {
                    return JSON.readTree(text);
                }
            }
        }
        throw new IOException("No metadata of the starter on the class path");
    }

    private static Map<?, ?> map(Map<?, ?> parent, String key) {
        return (Map<?, ?>) Objects.requireNonNull(parent.get(key), key);
    }

    private static int number(Map<?, ?> parent, String key) {
        return (Integer) Objects.requireNonNull(parent.get(key), key);
    }

    private static Map<?, ?> container(String file) throws IOException {
        Map<String, ?> object = new Yaml()
                .load(Files.readString(
                        Documentation.ROOT.resolve("samples/kubernetes").resolve(file)));
        Map<?, ?> spec = map(map(map(object, "spec"), "template"), "spec");
        List<?> containers = (List<?>) Objects.requireNonNull(spec.get("containers"));
        return (Map<?, ?>) containers.get(0);
    }

    private static Map<String, String> environment(Map<?, ?> container) {
        Map<String, String> environment = new HashMap<>();
        for (Object variable : (List<?>) Objects.requireNonNull(container.get("env"))) {
            Map<?, ?> pair = (Map<?, ?>) variable;
            environment.put(String.valueOf(pair.get("name")), String.valueOf(pair.get("value")));
        }
        return environment;
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
