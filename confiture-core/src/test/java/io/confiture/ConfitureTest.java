package io.confiture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.build.SchemaBuilder;
import io.confiture.config.Config;
import io.confiture.error.ConfigurationException;
import io.confiture.migrate.MigrationStatus;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfitureTest {
    @TempDir
    private Path folder;

    private final Path classes = classes();

    private static Path classes() {
        try {
            return Path.of(Confiture.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String versionOfThePom() throws IOException {
        Matcher parent = Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(Path.of("pom.xml")));
        assertThat(parent.find()).isTrue();
        return parent.group(1);
    }

    @Test
    void theVersionIsThatOfThePom() throws IOException {
        assertThat(Confiture.version()).isEqualTo(versionOfThePom());
    }

    /** As in a jar that was made of many: with the manifest of somebody else, or none. */
    @Test
    void theVersionIsKnownInAJarMadeOfMany() throws Exception {
        Path jar = folder.resolve("fat.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = classes.relativize(file).toString().replace('\\', '/');
                if (!name.startsWith("META-INF/")) {
                    out.putNextEntry(new ZipEntry(name));
                    Files.copy(file, out);
                }
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            Class<?> inJar = Class.forName("io.confiture.Confiture", true, loader);
            assertThat(inJar.getClassLoader()).isSameAs(loader);
            assertThat(inJar.getPackage().getImplementationVersion()).isNull();
            assertThat(inJar.getMethod("version").invoke(null)).isEqualTo(versionOfThePom());
        }
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> contents.put(folder.relativize(file).toString(), read(file)));
        }
        return contents;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aNewProjectHasItsStructure() throws IOException {
        Confiture.Initialization done = Confiture.forProject(folder).init();
        assertThat(done.left()).isEmpty();
        assertThat(done.created())
                .extracting(Path::toString)
                .containsExactlyInAnyOrderElementsOf(contents().keySet());
        for (String place : new String[] {
            "db/README.md",
            "db/schema/00_common",
            "db/schema/10_tables",
            "db/schema/20_views",
            "db/schema/30_functions",
            "db/schema/40_triggers",
            "db/schema/50_permissions",
            "db/migrations",
            "db/seeds/common",
            "db/seeds/development",
            "db/seeds/test",
            "confiture.yaml"
        }) {
            assertThat(folder.resolve(place)).exists();
        }
    }

    /** So that the folder of the templates and the list of them are the same. */
    @Test
    void everyTemplateIsWritten() throws IOException {
        Path templates = classes.resolve("io/confiture/project");
        try (Stream<Path> files = Files.walk(templates)) {
            assertThat(Confiture.forProject(folder).init().created())
                    .containsExactlyInAnyOrderElementsOf(files.filter(Files::isRegularFile)
                            .map(templates::relativize)
                            .toList());
        }
    }

    @Test
    void aSecondInitChangesNothing() throws IOException {
        Confiture.forProject(folder).init();
        Files.writeString(folder.resolve("db/README.md"), "ours");
        Files.delete(folder.resolve("db/schema/20_views/010_example.sql"));
        Map<String, String> before = contents();
        Confiture.Initialization again = Confiture.forProject(folder).init();
        assertThat(again.created()).isEmpty();
        assertThat(again.left())
                .extracting(Path::toString)
                .containsExactlyInAnyOrder("confiture.yaml", "db/README.md", "db/schema", "db/migrations", "db/seeds");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void nothingIsPutBesideFilesThatAreThere() throws IOException {
        Files.createDirectories(folder.resolve("db/schema"));
        Files.writeString(folder.resolve("db/schema/all.sql"), "CREATE TABLE t (id int);");
        Files.createDirectories(folder.resolve("db/seeds"));
        Confiture.Initialization done = Confiture.forProject(folder).init();
        assertThat(done.left()).containsExactly(Path.of("db/schema"));
        assertThat(contents()).containsKeys("db/schema/all.sql", "db/seeds/common/010_example.sql", "confiture.yaml");
        assertThat(folder.resolve("db/schema/10_tables")).doesNotExist();
    }

    @Test
    void noSecondConfigurationIsWrittenBesideTheOlderForm() throws IOException {
        Files.createDirectories(folder.resolve("db/environments"));
        Files.writeString(folder.resolve("db/environments/local.yaml"), "database_url: postgresql://h/db");
        assertThat(Confiture.forProject(folder).init().left()).containsExactly(Path.of("db/environments"));
        assertThat(folder.resolve("confiture.yaml")).doesNotExist();
        assertThat(Confiture.forProject(folder).config("local").database()).hasToString("jdbc:postgresql://h/db");
    }

    @Test
    void whatIsInTheWayIsNamed() throws IOException {
        Files.writeString(folder.resolve("db"), "no folder");
        assertThatThrownBy(() -> Confiture.forProject(folder).init())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("The structure of the project cannot be written")
                .hasMessageContaining("Written were [confiture.yaml]");
        assertThat(folder.resolve("db")).hasContent("no folder");
    }

    @Test
    void whatInitWritesIsReadAndBuilds() {
        Confiture project = Confiture.forProject(folder);
        project.init();
        for (String environment : new String[] {"local", "test"}) {
            Config config = project.config(environment);
            assertThat(config.isProtected()).isFalse();
            SchemaBuilder builder = project.schemaBuilder(environment);
            assertThat(builder.findSqlFiles()).hasSize(8);
            assertThat(builder.build()).contains("CREATE TABLE example");
        }
        assertThat(project.config("test").database()).hasToString("jdbc:postgresql://localhost/myapp_test");
        assertThatThrownBy(() -> project.config("production"))
                .hasMessageContaining("the environment variable DATABASE_URL is not set");
    }

    @Test
    void anEnvironmentWithoutDatabaseHasNoMigrator() throws IOException {
        Files.writeString(
                folder.resolve("confiture.yaml"), "version: 1\nenvironments:\n  local: {schema_dirs: [db]}\n");
        assertThatThrownBy(() -> Confiture.forProject(folder).migrator("local"))
                .hasMessageContaining("The environment local names no database to migrate")
                .hasMessageContaining("CONFITURE_DATABASE_URL");
    }

    /** Also what is commented out runs, in the order in which it is there. */
    @Test
    void theStructureOfInitIsBuiltAndMigrated() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            Confiture project = Confiture.forProject(folder);
            project.init();
            Files.writeString(
                    folder.resolve("confiture.yaml"),
                    "version: 1\nenvironments:\n  local:\n    database: {url: '" + database.url()
                            + "'}\n    seed_dirs: [db/seeds/common, db/seeds/development, db/seeds/test]\n"
                            + "    migration: {tracking_table: ops.ledger, locking: {timeout_ms: 1000}}\n");
            Migrator migrator = project.migrator("local");
            assertThat(migrator.pending()).isEmpty();

            database.execute("CREATE SCHEMA ops");
            Files.writeString(folder.resolve("db/migrations/001_create_users.up.sql"), "CREATE TABLE users (id int);");
            assertThat(migrator.applyAll()).hasSize(1);
            MigrationStatus status = project.migrator("local").status();
            assertThat(status.appliedCount()).isEqualTo(1);
            assertThat(database.value("SELECT count(*) FROM ops.ledger")).isEqualTo("1");

            uncomment("db");
            database.execute("CREATE ROLE app");
            try (Connection connection = database.connect()) {
                project.schemaBuilder("local").execute(connection);
                assertThat(database.value("SELECT count(*) FROM example")).isEqualTo("103");
                database.execute("DROP OWNED BY app");
            } finally {
                database.execute("DROP ROLE app");
            }
        }
    }

    private void uncomment(String below) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(below))) {
            for (Path file : files.filter(name -> name.toString().endsWith("example.sql")
                            || name.toString().endsWith("extensions.sql"))
                    .toList()) {
                String text = Files.readString(file);
                Files.writeString(file, text.substring(text.indexOf("--\n") + 3).replaceAll("(?m)^-- ", ""));
            }
        }
    }
}
