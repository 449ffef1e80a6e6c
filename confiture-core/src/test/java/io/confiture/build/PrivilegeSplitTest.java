package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.build.PrivilegeSplit.Part;
import io.confiture.config.Config;
import io.confiture.error.ConfigurationException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivilegeSplitTest {
    @TempDir
    private Path project;

    @BeforeEach
    void write() throws IOException {
        write("db/schema/00_super/roles.sql", "CREATE ROLE app;");
        write("db/schema/00_super/late/grants.sql", "GRANT app TO postgres;");
        write("db/schema/10_tables/a.sql", "CREATE TABLE a (b_id int REFERENCES b);");
        write("db/schema/10_tables/b.sql", "CREATE TABLE b (id int PRIMARY KEY);");
        write("db/schema/00_superfluous/c.sql", "SELECT 'c';");
        write("db/seeds/s.sql", "INSERT INTO b VALUES (1);");
    }

    private void write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Config.Builder config() {
        return Config.builder().projectDir(project).environment("test").seedDirs("db/seeds");
    }

    private Config split() {
        return config().superuserDirs("db/schema/00_super")
                .superuserPostDirs("db/schema/00_super/late/")
                .build();
    }

    @Test
    void eachFileIsInOnePartAndPostWinsOverPre() {
        PrivilegeSplit split = SchemaBuilder.of(split()).split();
        assertThat(split.files(Part.SUPERUSER_PRE)).extracting(SchemaFile::name).containsExactly("00_super/roles.sql");
        assertThat(split.files(Part.SUPERUSER_POST))
                .extracting(SchemaFile::name)
                .containsExactly("00_super/late/grants.sql");
        assertThat(Arrays.stream(Part.values())
                        .mapToInt(part -> split.files(part).size())
                        .sum())
                .isEqualTo(SchemaBuilder.of(split()).findSqlFiles().size());
        assertThat(split.text(Part.SUPERUSER_PRE)).contains("CREATE ROLE app;").doesNotContain("CREATE TABLE");
        assertThat(split.text(Part.APP))
                .contains("CREATE TABLE a", "SELECT 'c'", "INSERT INTO b")
                .doesNotContain("ROLE");
        assertThat(SchemaBuilder.of(split()).split(BuildOptions.schemaOnly()).text(Part.APP))
                .doesNotContain("INSERT INTO b");
    }

    @Test
    void theSplitDoesNotMoveTheHash() throws IOException {
        String hash = SchemaBuilder.of(config().build()).computeHash();
        assertThat(SchemaBuilder.of(split()).computeHash()).isEqualTo(hash);
        for (Path written : SchemaBuilder.of(split()).split().writeTo(project.resolve("out/generated"))) {
            assertThat(written).content().contains(hash);
        }
        try (var files = Files.list(project.resolve("out/generated"))) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "schema_test_superuser_pre.sql", "schema_test_app.sql", "schema_test_superuser_post.sql");
        }
    }

    @Test
    void foreignKeysMoveToTheEndOfTheirPart() {
        String app = SchemaBuilder.of(config().superuserDirs("db/schema/00_super")
                        .twoPass(true)
                        .build())
                .split()
                .text(Part.APP);
        assertThat(app.indexOf("ALTER TABLE \"a\"")).isGreaterThan(app.indexOf("CREATE TABLE b"));
    }

    @Test
    void aFolderIsTheSameHoweverItIsWritten() {
        Config config = config().schemaDirs("./db/schema")
                .superuserDirs("db/schema/00_super")
                .superuserPostDirs("db/../db/schema/00_super/late")
                .build();
        PrivilegeSplit split = SchemaBuilder.of(config).split();
        assertThat(split.files(Part.SUPERUSER_PRE)).hasSize(1);
        assertThat(split.files(Part.SUPERUSER_POST)).hasSize(1);
    }

    @Test
    void aFolderOnTheClassPathIsSplitAndNoneOnDiskOfTheSameName() throws IOException {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {project.toUri().toURL()}, null)) {
            SchemaBuilder builder = SchemaBuilder.of(config().schemaDirs("classpath:db/schema")
                            .superuserDirs("classpath:/db/schema/00_super/")
                            .build())
                    .withClassLoader(loader);
            assertThat(builder.split().files(Part.SUPERUSER_PRE)).hasSize(2);
            SchemaBuilder mixed = SchemaBuilder.of(config().schemaDirs("classpath:db/schema")
                            .superuserDirs("db/schema/00_super")
                            .build())
                    .withClassLoader(loader);
            assertThatThrownBy(mixed::split).isInstanceOf(ConfigurationException.class);
        }
    }

    @Test
    void aFolderThatHoldsNoFileIsAnErrorSinceItsStatementsWouldBeTheApplications() {
        SchemaBuilder builder =
                SchemaBuilder.of(config().superuserDirs("db/schema/00_supper").build());
        assertThatThrownBy(builder::split)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("db/schema/00_supper");
    }
}
