package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.config.Config;
import io.confiture.error.SchemaException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources have the same names, and so the same hash, wherever the project lies. */
class SourceNamesTest {
    @TempDir
    Path machine;

    /** Builds the same on two machines, where the project lies in folders of different names and depths. */
    private List<String> sameNamesInBoth(Function<Path, SchemaBuilder> project) {
        SchemaBuilder here = project.apply(machine.resolve("home/me/shop"));
        SchemaBuilder there = project.apply(machine.resolve("build/agents/7/checkout"));
        assertThat(SourceTree.names(there)).isEqualTo(SourceTree.names(here));
        assertThat(there.computeHash()).isEqualTo(here.computeHash());
        return SourceTree.names(here);
    }

    private static SchemaBuilder builder(Path project, String... dirs) {
        return SchemaBuilder.of(
                Config.builder().projectDir(project).schemaDirs(dirs).build());
    }

    @Test
    void foldersOfTheClassPathBesideFoldersOnDisk() {
        assertThat(sameNamesInBoth(project -> {
                    new SourceTree(project.resolve("target/classes")).write("db/base/1.sql", "SELECT 1;");
                    new SourceTree(project).write("db/schema/2.sql", "SELECT 2;");
                    return builder(project, "classpath:db/base", "db/schema")
                            .withClassLoader(loader(project.resolve("target/classes")));
                }))
                .containsExactly("classpath:/db/base/1.sql", "db/schema/2.sql");
    }

    private static ClassLoader loader(Path classes) {
        try {
            return new URLClassLoader(new URL[] {classes.toUri().toURL()}, null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFolderBesideTheProject() {
        assertThat(sameNamesInBoth(project -> {
                    new SourceTree(project)
                            .write("db/schema/2.sql", "SELECT 2;")
                            .write("../shared/sql/1.sql", "SELECT 1;");
                    return builder(project, "../shared/sql", "db/schema");
                }))
                .containsExactly("../shared/sql/1.sql", "db/schema/2.sql");
    }

    @Test
    void aFolderElsewhereCountsWithItsOwnName() {
        assertThat(sameNamesInBoth(project -> {
                    Path elsewhere = machine.resolve("opt").resolve(project.getFileName());
                    new SourceTree(elsewhere).write("sql/x/1.sql", "SELECT 1;").write("more/1.sql", "SELECT 2;");
                    new SourceTree(project).write("db/schema/2.sql", "SELECT 3;");
                    return builder(
                            project, elsewhere.resolve("sql") + "/", "file:" + elsewhere.resolve("more"), "db/schema");
                }))
                .containsExactly("sql/x/1.sql", "more/1.sql", "2.sql");
    }

    @Test
    void oneFolderElsewhereIsWhatNamesAreRelativeTo() {
        assertThat(sameNamesInBoth(project -> {
                    Path elsewhere = machine.resolve("opt").resolve(project.getFileName());
                    new SourceTree(elsewhere).write("sql/x/1.sql", "SELECT 1;");
                    return builder(project, elsewhere.resolve("sql").toString());
                }))
                .containsExactly("x/1.sql");
    }

    @Test
    void anAbsolutePathIntoTheProjectIsNothingElse() throws IOException {
        Path project = machine.resolve("shop");
        new SourceTree(project).write("db/a/1.sql", "").write("db/b/2.sql", "");
        List<String> expected = List.of("a/1.sql", "b/2.sql");
        assertThat(SourceTree.names(builder(project, "db/a", "db/b"))).isEqualTo(expected);
        assertThat(SourceTree.names(builder(project, project.resolve("db/a").toString(), "./db/b")))
                .isEqualTo(expected);
        assertThat(SourceTree.names(builder(project, "../shop/db/a", "db/b"))).isEqualTo(expected);
        Path link = Files.createSymbolicLink(machine.resolve("link"), project);
        assertThat(SourceTree.names(builder(link, project.resolve("db/a").toString(), "db/b")))
                .isEqualTo(expected);
    }

    @Test
    void twoFilesOfOneNameAreRefused() {
        Path project = machine.resolve("shop");
        new SourceTree(machine).write("one/sql/1.sql", "SELECT 1;").write("other/sql/1.sql", "SELECT 2;");
        SchemaBuilder builder = builder(
                project,
                machine.resolve("one/sql").toString(),
                machine.resolve("other/sql").toString());
        assertThatThrownBy(builder::computeHash)
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("one/sql/1.sql")
                .hasMessageContaining("other/sql/1.sql")
                .hasMessageContaining("the same name in the schema, sql/1.sql");
    }
}
