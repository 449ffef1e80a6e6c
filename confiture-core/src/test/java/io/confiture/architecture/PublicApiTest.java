package io.confiture.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.ApiDocumentation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every public type says what it is, and since when it exists. */
class PublicApiTest {

    @Test
    void everyPublicTypeOfCoreIsDocumented() throws IOException {
        ApiDocumentation core = ApiDocumentation.read(Path.of("src/main/java"));
        assertThat(core.problems()).isEmpty();
        assertThat(core.documented()).contains("io.confiture.migrate.Migrator", "io.confiture.migrate.Migration");
    }

    @Test
    void whatIsMissingIsFound(@TempDir Path sources) throws IOException {
        Files.writeString(sources.resolve("Bare.java"), "package a; public class Bare {}");
        Files.writeString(sources.resolve("Timeless.java"), "package a; /** Text. */ public record Timeless() {}");
        Files.writeString(sources.resolve("Vague.java"), "package a; /** Text. @since today */ public enum Vague {}");
        Files.writeString(sources.resolve("Only.java"), "package a; /** @since 1.0.0 */ public class Only {}");
        Files.writeString(sources.resolve("Good.java"), """
                package a;
                /**
                 * Text.
                 * @since 1.0.0
                 */
                public interface Good {
                    /** Text. */
                    record Told() {}
                    class Nested {}
                }
                class Hidden {}
                """);
        ApiDocumentation found = ApiDocumentation.read(sources);
        assertThat(found.documented()).containsExactly("a.Good", "a.Good.Told");
        assertThat(found.problems())
                .containsExactlyInAnyOrder(
                        "a.Bare has no Javadoc",
                        "a.Only has no Javadoc",
                        "a.Good.Nested has no Javadoc",
                        "a.Timeless has no @since with a version of three numbers",
                        "a.Vague has no @since with a version of three numbers");
    }
}
