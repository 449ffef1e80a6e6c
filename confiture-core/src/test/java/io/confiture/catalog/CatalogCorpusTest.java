package io.confiture.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Public schemas, from a folder that {@code -Dconfiture.corpus} names. */
@Tag("corpus")
class CatalogCorpusTest {

    @ParameterizedTest
    @ValueSource(strings = {"sakila/sakila-schema.sql", "northwind/northwind.sql"})
    void aPublicSchemaIsReadWholeAndIsTheSameWhenLoadedAgainOrDumped(String script, @TempDir Path directory) {
        String corpus = System.getProperty("confiture.corpus");
        assertThat(corpus).as("-Dconfiture.corpus").isNotNull();
        try (TestDatabase one = TestDatabase.create();
                TestDatabase other = TestDatabase.create()) {
            PostgresTools.load(one, Path.of(corpus, script));
            PostgresTools.load(other, Path.of(corpus, script));
            Catalog expected = CatalogGround.read(one, List.of("public"));
            assertThat(expected.notModelled()).isEmpty();
            assertThat(expected.facts(FactKind.TABLE)).hasSizeGreaterThan(10);
            assertThat(expected.facts(FactKind.CONSTRAINT)).hasSizeGreaterThan(20);
            assertThat(CatalogGround.read(other, List.of("public")).compareTo(expected))
                    .hasToString("no differences");
            assertThat(Catalog.fromJson(expected.toJson()).compareTo(expected)).hasToString("no differences");
            String dumped = "not dumped, pg_dump is older";
            if (PostgresTools.dumpMajor() >= CatalogGround.major(one)) {
                try (TestDatabase restored = PostgresTools.restored(one, directory)) {
                    assertThat(CatalogGround.read(restored, List.of("public")).compareTo(expected))
                            .hasToString("no differences");
                }
                dumped = "the same after dump and restore";
            }
            System.out.printf(
                    "catalog: %s, %d facts, %s%n", script, expected.facts().size(), dumped);
        }
    }
}
