package io.confiture.build;

import static io.confiture.build.SourceTree.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ConfigurationException;
import io.confiture.error.SchemaException;
import io.confiture.test.TestJar;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources on the class path, in folders and in jars. */
class SchemaJarTest {
    @TempDir
    Path temp;

    /** One loader over these entries, closed behind the work. */
    private void over(Check check, Path... entries) throws IOException {
        URL[] urls = new URL[entries.length];
        for (int i = 0; i < entries.length; i++) {
            urls[i] = entries[i].toUri().toURL();
        }
        try (URLClassLoader loader = new URLClassLoader(urls, null)) {
            check.of(new SourceTree(temp)
                    .builder(config ->
                            config.schemaDirs("classpath:db/schema").excludeDirs("classpath:db/schema/drafts"))
                    .withClassLoader(loader));
        }
    }

    private interface Check {
        void of(SchemaBuilder builder);
    }

    private TestJar jar() {
        return new TestJar()
                .add("db/schema/drafts/x.sql", "nonsense '")
                .add("db/schema/20/db/schema/b.sql", "SELECT 2;")
                .add("db/schema/10 ä/a.sql", "SELECT 1;");
    }

    @Test
    void aJarGivesWhatTheSameFolderGives() throws IOException {
        SourceTree disk = new SourceTree(temp.resolve("disk"))
                .write("db/schema/drafts/x.sql", "nonsense '")
                .write("db/schema/20/db/schema/b.sql", "SELECT 2;")
                .write("db/schema/10 ä/a.sql", "SELECT 1;");
        SchemaBuilder onDisk = disk.builder(config -> config.excludeDirs("db/schema/drafts"));
        Path jar = jar().write(temp.resolve("lib/one two.jar"));
        for (Path entry : List.of(jar, temp.resolve("disk"))) {
            over(
                    builder -> {
                        assertThat(names(builder)).containsExactly("10 ä/a.sql", "20/db/schema/b.sql");
                        assertThat(builder.findSqlFiles().get(0).location()).isEqualTo("db/schema/10 ä/a.sql");
                        assertThat(builder.build()).isEqualTo(onDisk.build());
                        assertThat(builder.computeHash()).isEqualTo(onDisk.computeHash());
                    },
                    entry);
        }
    }

    @Test
    void aFileThatTwoJarsHaveIsRefusedAndBothAreNamed() throws IOException {
        Path one = jar().write(temp.resolve("one.jar"));
        Path two = jar().write(temp.resolve("two.jar"));
        over(
                builder -> assertThatThrownBy(builder::findSqlFiles)
                        .isInstanceOf(SchemaException.class)
                        .hasMessageContaining("one.jar!")
                        .hasMessageContaining("two.jar!"),
                one,
                two);
    }

    @Test
    void aFolderThatNoJarHasIsTold() throws IOException {
        Path jar = new TestJar().add("db/migration/a.sql", "").write(temp.resolve("one.jar"));
        over(
                builder -> assertThatThrownBy(builder::findSqlFiles)
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("classpath:db/schema")
                        .hasMessageContaining("on the class path"),
                jar);
    }
}
