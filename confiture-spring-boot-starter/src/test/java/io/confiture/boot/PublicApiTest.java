package io.confiture.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.ApiDocumentation;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every public type says what it is, and since when it exists. */
class PublicApiTest {

    @Test
    void everyPublicTypeOfTheStarterIsDocumented() throws IOException {
        ApiDocumentation starter = ApiDocumentation.read(Path.of("src/main/java"));
        assertThat(starter.problems()).isEmpty();
        assertThat(starter.documented()).contains("io.confiture.boot.autoconfigure.ConfitureProperties");
    }
}
