package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.config.Separators;
import io.confiture.config.SortMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hash of sources. The vectors were computed by a program of a few lines in another language: for each file in order the
 * relative path, a zero byte, its bytes and a zero byte.
 */
class SchemaHashTest {
    private static final String SCHEMA = "35ea387c6e14517356e9e06ae6e31908c3a4d9a51d5ecb44f6d03a29988f29e4";
    private static final String WITH_SEEDS = "072de4d391bd9a8758ae41fc6caae94ce22b39d486c57fb843390e88d20581c1";

    @TempDir
    Path folder;

    private SourceTree tree;

    @BeforeEach
    void vectors() {
        tree = vectors("one");
    }

    private SourceTree vectors(String project) {
        return new SourceTree(folder.resolve(project))
                .write("db/schema/00_common/00_types.sql", "CREATE TYPE mood AS ENUM ('sad', 'ok');\n")
                .write("db/schema/10_tables/users.sql", "CREATE TABLE users (id int PRIMARY KEY, m mood);\n")
                .write("db/schema/10_tables/2_orders.sql", "CREATE TABLE orders (note text DEFAULT 'déjà vu');")
                .write("db/schema/10_tables/10_lines.sql", "CREATE TABLE lines ();\n\n")
                .write("db/schema/10_tables.sql", "-- nothing here\n")
                .write("db/schema/90_seeds/a.sql", "INSERT INTO users VALUES (1, 'ok');\n")
                .write("db/schema/Zebra.sql", "");
    }

    @Test
    void oneEntryInAlphabeticalOrderHasTheHashOfTheOriginal() {
        SchemaBuilder withSeeds = tree.builder(config -> config.hashSeeds(true));
        assertThat(withSeeds.computeHash()).isEqualTo(WITH_SEEDS);
        assertThat(withSeeds.computeHash(HashAlgorithm.MD5)).isEqualTo("53c99a97a270e4d1f97dbcbaf4bfb5ed");
        assertThat(withSeeds.computeHash(HashAlgorithm.SHA1)).isEqualTo("c71345259b3cfc7eea0ccf96edfd9b6cdb772ceb");
    }

    @Test
    void seedsCountOnlyWhereAskedFor() {
        assertThat(tree.builder().computeHash()).isEqualTo(SCHEMA);
        assertThat(tree.builder().computeHash(HashAlgorithm.MD5)).isEqualTo("92aea3bb365d0e9cc16f5be03ce5c28b");
        assertThat(tree.builder().computeHash(HashAlgorithm.SHA1))
                .isEqualTo("df93d04b67ccd22018cf4bd169427c89779031bb");
        tree.write("db/schema/90_seeds/a.sql", "INSERT INTO users VALUES (2, 'sad');\n");
        tree.write("db/seeds/b.sql", "SELECT 1;");
        assertThat(tree.builder(config -> config.seedDirs("db/seeds")).computeHash())
                .isEqualTo(SCHEMA);
    }

    @Test
    void severalEntriesAreNamedFromWhatTheyHaveInCommon() {
        assertThat(tree.builder(config -> config.schemaDirs("db/schema/00_common", "db/schema/10_tables"))
                        .computeHash())
                .isEqualTo("c2f85eb3021fac4651dcdb025f124532e07ef3e6b6cfda5bab5a1236ec73d4d4");
    }

    @Test
    void theHashDependsOnTheInstallation() {
        SourceTree other = vectors("elsewhere/deeper");
        assertThat(other.builder().computeHash()).isEqualTo(SCHEMA);
        tree.write("db/schema/10_tables/10_lines.sql", "\uFEFFCREATE TABLE lines ();\r\n\r\n");
        tree.write("db/schema/10_tables.sql", "-- nothing here\r\n");
        assertThat(tree.builder().computeHash()).isEqualTo(SCHEMA);
    }

    @Test
    void aSettingOfTheDeploymentChangesTheHash() {
        assertThat(tree.builder(config -> config.environment("production")
                                .separators(new Separators(Separators.Style.CUSTOM, "-- {file_path}"))
                                .twoPass(true)
                                .superuserDirs("db/schema/00_common")
                                .superuserPostDirs("db/schema/10_tables")
                                .protectedDatabase(true))
                        .computeHash())
                .isEqualTo(SCHEMA);
    }

    @Test
    void namesTextsAndOrderMoveTheHash() {
        assertThat(tree.builder(config -> config.sortMode(SortMode.NATURAL)).computeHash())
                .isNotEqualTo(SCHEMA);
        tree.write("db/schema/Zebra.sql", " ");
        assertThat(tree.builder().computeHash()).isNotEqualTo(SCHEMA);
    }

    @Test
    void largeFilesAreReadInPieces() {
        byte[] large = "-- déjà vu\r\n".repeat(40_000).getBytes(StandardCharsets.UTF_8);
        String unix = "-- déjà vu\n".repeat(40_000);
        SourceTree windows = new SourceTree(folder.resolve("windows")).write("db/schema/a.sql", large);
        SourceTree other = new SourceTree(folder.resolve("unix")).write("db/schema/a.sql", unix);
        assertThat(windows.builder().computeHash()).isEqualTo(other.builder().computeHash());
        assertThat(windows.builder().build()).isEqualTo(other.builder().build()).contains(unix);
    }
}
