package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ConfigurationException;
import io.confiture.test.ChildJvm;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process finds by its own variables: project, environment and database. */
class ProjectOfAProcessTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path project;

    /** Builds the environment that is named, or the one that the variables name, and runs it on that environment's database. */
    static final class Program {
        public static void main(String[] arguments) {
            SchemaBuilder builder =
                    arguments.length > 0 ? SchemaBuilder.forEnvironment(arguments[0]) : SchemaBuilder.forEnvironment();
            System.out.println("IN " + builder.config().environment() + " " + builder.computeHash());
            try {
                System.out.println("MADE "
                        + builder.execute(builder.config().environment()).tablesCreated());
            } catch (ConfigurationException e) {
                System.out.println("REFUSED " + e.getMessage());
            }
        }
    }

    private String output(Map<String, String> variables, String... arguments) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("CONFITURE_PROJECT_DIR", project.toString());
        try (ChildJvm process = ChildJvm.start(all, Program.class, arguments)) {
            return process.output();
        }
    }

    private SchemaBuilder project(String database) {
        SourceTree tree = new SourceTree(project)
                .write(
                        "confiture.yaml",
                        "version: 1\nenvironments:\n  local: {schema_dirs: [db/schema]}\n  ci:\n"
                                + "    schema_dirs: [db/schema]\n    database: {url: \"" + database + "\"}\n")
                .write("db/schema/1.sql", "CREATE TABLE t (id int);");
        return tree.builder();
    }

    @Test
    void theProjectIsThatOfTheVariableAndTheEnvironmentThatOfTheCaller() {
        String hash = project(database.url().replace("jdbc:", "")).computeHash();
        assertThat(output(Map.of("CONFITURE_ENV", "local"), "ci")).contains("IN ci " + hash, "MADE 1");
        assertThat(database.value("SELECT to_regclass('t')")).isEqualTo("t");
    }

    @Test
    void withoutANameTheVariableSaysWhichEnvironmentAndItsFileMayNameVariables() {
        String hash = project("${CI_DATABASE}").computeHash();
        Map<String, String> variables =
                Map.of("CONFITURE_ENV", "ci", "CI_DATABASE", database.url().replace("jdbc:", ""));
        assertThat(output(variables)).contains("IN ci " + hash, "MADE 1");
    }

    @Test
    void aDatabaseUrlThatLiesAroundIsNotBuiltOn() {
        project("postgresql://nowhere/none");
        String url = database.url().replace("jdbc:", "");
        assertThat(output(Map.of("DATABASE_URL", url)))
                .contains("IN local ", "REFUSED ", "names no database")
                .doesNotContain("MADE");
        assertThat(database.value("SELECT to_regclass('t')")).isNull();
        assertThat(output(Map.of("CONFITURE_DATABASE_URL", url))).contains("MADE 1");
    }
}
