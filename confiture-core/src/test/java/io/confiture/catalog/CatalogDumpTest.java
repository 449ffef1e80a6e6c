package io.confiture.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code pg_dump} writes and {@code psql} loads elsewhere is the same catalog: other object ids, another order of
 * statements and columns, other texts. On servers that the installed {@code pg_dump} can read.
 */
@Tag("conformance")
class CatalogDumpTest {

    @Test
    void aSchemaIsTheSameAsItsOwnDumpRestoredElsewhere(@TempDir Path directory) {
        try (TestDatabase original = CatalogGround.whole()) {
            int major = CatalogGround.major(original);
            if (PostgresTools.dumpMajor() < major) {
                assertThat(PostgresTools.refusal(original)).contains("server version mismatch");
                System.out.printf(
                        "catalog: pg_dump %d does not read PostgreSQL %d; nothing compared with a dump%n",
                        PostgresTools.dumpMajor(), major);
                return;
            }
            Catalog expected = CatalogGround.read(original);
            try (TestDatabase restored = PostgresTools.restored(original, directory)) {
                assertThat(CatalogGround.read(restored).compareTo(expected)).hasToString("no differences");
                System.out.printf(
                        "catalog: PostgreSQL %d, %d facts the same after dump and restore%n",
                        major, expected.facts().size());
            }
        }
    }
}
