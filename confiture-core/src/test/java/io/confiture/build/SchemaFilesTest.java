package io.confiture.build;

import static io.confiture.build.SourceTree.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.config.IncludeDir;
import io.confiture.config.SortMode;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files are built, under which names, and in which order. */
class SchemaFilesTest {
    @TempDir
    Path project;

    private SourceTree tree;

    @BeforeEach
    void tree() {
        tree = new SourceTree(project);
    }

    private static IncludeDir entry(String path, List<String> include, List<String> exclude) {
        return new IncludeDir(path, true, include, exclude, 0, false);
    }

    private static IncludeDir ordered(String path, int order) {
        return new IncludeDir(path, true, List.of("**/*.sql"), List.of(), order, false);
    }

    @Test
    void alphabeticalOrderComparesNamesOneByOneByCodePoint() {
        tree.files("a.sql", "a/z.sql", "10_x.sql", "2_y.sql", "B.sql", "\uFF21.sql", "\uD835\uDC00.sql", "a/b/c.sql");
        assertThat(names(tree.builder()))
                .containsExactly(
                        "10_x.sql",
                        "2_y.sql",
                        "B.sql",
                        "a/b/c.sql",
                        "a/z.sql",
                        "a.sql",
                        "\uFF21.sql",
                        "\uD835\uDC00.sql");
    }

    @Test
    void naturalOrderReadsDigitsAsNumbers() {
        tree.files("10_x.sql", "2_y.sql", "v9/a10.sql", "v9/a9.sql", "v10/a.sql", "2_a.sql", "002_b.sql", "x1/2.sql");
        assertThat(names(tree.builder(config -> config.sortMode(SortMode.NATURAL))))
                .containsExactly(
                        "2_a.sql",
                        "002_b.sql",
                        "2_y.sql",
                        "10_x.sql",
                        "v9/a9.sql",
                        "v9/a10.sql",
                        "v10/a.sql",
                        "x1/2.sql");
    }

    @Test
    void hexOrderKnows0xAndRespectsDirectories() {
        tree.files(
                "20_tables/01_b.sql",
                "0x10_types/0x0a_b.sql",
                "0x10_types/0x9_c.sql",
                "0x10_types/add_users.sql",
                "01F231_views/A_x.sql",
                "zoo.sql",
                "ab_small.sql",
                "0B_flat.sql");
        assertThat(names(tree.builder(config -> config.sortMode(SortMode.HEX))))
                .containsExactly(
                        "0B_flat.sql",
                        "0x10_types/0x9_c.sql",
                        "0x10_types/0x0a_b.sql",
                        "0x10_types/add_users.sql",
                        "20_tables/01_b.sql",
                        "01F231_views/A_x.sql",
                        "ab_small.sql",
                        "zoo.sql");
    }

    /** A comparison that contradicts itself fails in the sort, or gives another order to another beginning. */
    @Test
    void everyOrderIsTotal() {
        String[] parts = {
            "a", "A", "0x1", "0x01", "1", "01", "10", "9", "_", "_a", "-", "\uD835\uDC00", "\uFF21", "/", "x/y"
        };
        Random random = new Random(42);
        for (PathOrder order : PathOrder.values()) {
            List<String> paths = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                StringBuilder path = new StringBuilder();
                for (int j = random.nextInt(6); j >= 0; j--) {
                    path.append(parts[random.nextInt(parts.length)]);
                }
                if (!paths.contains(path.toString())) {
                    paths.add(path.toString());
                }
            }
            List<String> sorted = paths.stream().sorted(order).toList();
            for (int i = 0; i < 20; i++) {
                Collections.shuffle(paths, random);
                assertThat(paths.stream().sorted(order).toList())
                        .as(order.name())
                        .isEqualTo(sorted);
            }
            for (int i = 1; i < sorted.size(); i++) {
                assertThat(order.compare(sorted.get(i - 1), sorted.get(i))).isNegative();
            }
        }
    }

    @Test
    void entriesComeByTheirOrderAndThenAsListed() {
        tree.write("db/c/1.sql", "").write("db/b/1.sql", "").write("db/a/1.sql", "");
        assertThat(names(tree.including(ordered("db/c", 5), ordered("db/b", 1), ordered("db/a", 1))))
                .containsExactly("b/1.sql", "a/1.sql", "c/1.sql");
    }

    @Test
    void aFileThatTwoEntriesFindIsBuiltOnce() throws IOException {
        tree.files("10/a.sql", "20/b.sql");
        Files.createSymbolicLink(project.resolve("db/schema/30"), project.resolve("db/schema/10"));
        Files.createSymbolicLink(project.resolve("db/schema/40_other.sql"), project.resolve("db/schema/20/b.sql"));
        assertThat(names(tree.including(
                        ordered("db/schema/20", 0), ordered("db/schema", 1), ordered("db/../db/schema", 2))))
                .containsExactly("20/b.sql", "10/a.sql");
    }

    @Test
    void twoFilesOfOneContentAreTwoFiles() throws IOException {
        tree.files("a.sql");
        Files.createLink(project.resolve("db/schema/b.sql"), project.resolve("db/schema/a.sql"));
        assertThat(names(tree.builder())).containsExactly("a.sql", "b.sql");
    }

    @Test
    void twoFilesOfOneContentAndOneNameAreTwoFilesInTwoFolders() throws IOException {
        tree.files("10/a.sql").write("db/schema/20/b.sql", "");
        Files.createLink(project.resolve("db/schema/20/a.sql"), project.resolve("db/schema/10/a.sql"));
        Files.createSymbolicLink(project.resolve("db/schema/30"), project.resolve("db/schema/20"));
        assertThat(names(tree.builder())).containsExactly("10/a.sql", "20/a.sql", "20/b.sql");
    }

    @Test
    void aLinkThatLeadsBackIsTold() throws IOException {
        tree.files("a.sql");
        Files.createSymbolicLink(project.resolve("db/schema/again"), project.resolve("db/schema"));
        assertThatThrownBy(() -> tree.builder().findSqlFiles())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("again");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "**/*.sql | a.sql x/b.sql x/y/c.sql",
                "*.sql | a.sql",
                "x/*.sql | x/b.sql",
                "x/** | x/b.sql x/y/c.sql x/y/d.ddl",
                "**/{b,d}.* | x/b.sql x/y/d.ddl",
                "**/?.ddl | x/y/d.ddl",
                "x/**/y/*.sql | x/y/c.sql",
            })
    void patternsAreRelativeToTheirEntry(String pattern, String expected) {
        tree.files("a.sql", "x/b.sql", "x/y/c.sql", "x/y/d.ddl");
        List<String> matching = List.of(expected.split(" "));
        assertThat(names(tree.including(entry("db/schema", List.of(pattern), List.of()))))
                .containsExactlyInAnyOrderElementsOf(matching);
        tree.files("z.all");
        List<String> others = new ArrayList<>(List.of("a.sql", "x/b.sql", "x/y/c.sql", "x/y/d.ddl", "z.all"));
        others.removeAll(matching);
        assertThat(names(tree.including(entry("db/schema", List.of("**"), List.of("never", pattern)))))
                .containsExactlyInAnyOrderElementsOf(others);
    }

    @Test
    void aPatternThatIsNoneNamesItsEntry() {
        tree.files("a.sql");
        assertThatThrownBy(() -> tree.including(entry("db/schema", List.of("{a,b"), List.of()))
                        .findSqlFiles())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("db/schema")
                .hasMessageContaining("{a,b");
    }

    @Test
    void anEntryThatIsNotRecursiveEndsAtItsFolder() {
        tree.files("a.sql", "x/b.sql");
        assertThat(names(tree.including(new IncludeDir("db/schema", false, List.of("**/*.sql"), List.of(), 0, false))))
                .containsExactly("a.sql");
    }

    @Test
    void whatEditorsAndVersionControlKeepThereIsPassedOver() {
        tree.files("a.sql", ".git/b.sql", ".#a.sql");
        assertThat(names(tree.builder())).containsExactly("a.sql");
    }

    @Test
    void aMissingEntryIsToldWithTheNearestFolder() {
        tree.files("a.sql").write("db/scripts/b.sql", "");
        assertThatThrownBy(() ->
                        tree.builder(config -> config.schemaDirs("db/shcema")).findSqlFiles())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("The folder db/shcema of the schema sources does not exist")
                .hasMessageContaining("There is db/schema.");
        assertThat(names(tree.including(
                        new IncludeDir("db/shcema", true, List.of("**/*.sql"), List.of(), 0, true),
                        ordered("db/schema", 1))))
                .containsExactly("schema/a.sql");
    }

    @Test
    void nothingToBuildIsAnError() {
        tree.write("db/schema/README.md", "");
        assertThatThrownBy(() -> tree.builder().findSqlFiles())
                .isInstanceOfSatisfying(
                        SchemaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_INVALID))
                .hasMessageContaining("No SQL file is found in db/schema");
    }

    @Test
    void excludedFoldersAreLeftOutAndMustBeThere() {
        tree.files("10/a.sql", "drafts/b.sql", "drafts_old/c.sql", "10/drafts/d.sql");
        assertThat(names(tree.builder(config -> config.excludeDirs("db/schema/drafts", "db/schema/10/drafts/"))))
                .containsExactly("10/a.sql", "drafts_old/c.sql");
        tree.write("db/other/x.sql", "");
        assertThatThrownBy(() ->
                        tree.builder(config -> config.excludeDirs("db/other")).findSqlFiles())
                .hasMessageContaining("exclude_dirs names db/other, which is no folder below");
        for (String wrong : List.of("db/schema/draft", "drafts")) {
            assertThatThrownBy(() ->
                            tree.builder(config -> config.excludeDirs(wrong)).findSqlFiles())
                    .as(wrong)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("exclude_dirs names " + wrong)
                    .hasMessageContaining("There is db/schema/drafts");
        }
    }

    @Test
    void aDirectoryIsTakenForSeedsByAWholeWordBelowTheEntryOnly() {
        SourceTree within = new SourceTree(project.resolve("my_seed_app"));
        within.files("30_seed_x/a.sql", "seeds/b.sql", "Seed-data/c.sql", "seedlings/d.sql", "plain/seed.sql");
        List<String> seeds = new ArrayList<>();
        within.builder().findSqlFiles().stream().filter(SchemaFile::seed).forEach(file -> seeds.add(file.name()));
        assertThat(seeds).containsExactly("30_seed_x/a.sql", "Seed-data/c.sql", "seeds/b.sql");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seeds",
                "db/seeds/",
                "db/seeds//",
                "classpath:seeds",
                "classpath*:seeds/",
                "file:seeds",
                "file:./db/30_seed"
            })
    void anEntryThatIsAFolderOfSeedsIsKnownHoweverItIsWritten(String entry) {
        assertThat(SeedNames.isSeedFolder(entry)).isTrue();
        assertThat(SeedNames.isSeedFolder(entry + "/tables")).isFalse();
    }

    @Test
    void seedsOfAnEntryWithASlashAtItsEndAreNoSchema() {
        tree.files("a.sql").write("db/seeds/b.sql", "");
        assertThat(tree.including(IncludeDir.of("db/schema"), IncludeDir.of("db/seeds/"))
                        .findSqlFiles())
                .extracting(SchemaFile::seed)
                .containsExactly(false, true);
    }

    @Test
    void seedDirectoriesComeLastByTheirOwnFilesOnly() {
        tree.files("a.sql")
                .write("db/seeds/common/2.sql", "")
                .write("db/seeds/common/1.sql", "")
                .write("db/seeds/common/deep/3.sql", "");
        List<SchemaFile> files =
                tree.builder(config -> config.seedDirs("db/seeds/common")).findSqlFiles();
        assertThat(files)
                .extracting(SchemaFile::name)
                .containsExactly("a.sql", "seeds/common/1.sql", "seeds/common/2.sql");
        assertThat(files).extracting(SchemaFile::seed).containsExactly(false, true, true);
        assertThat(files)
                .allSatisfy(file -> assertThat(Path.of(file.location())).exists());
    }
}
