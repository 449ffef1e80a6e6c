package io.confiture.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CatalogReadTest {
    private static TestDatabase database;
    private static Catalog catalog;

    @BeforeAll
    static void read() {
        database = CatalogGround.whole();
        catalog = CatalogGround.read(database);
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @Test
    void everyKindOfObjectIsRead() {
        if (Boolean.getBoolean("dump")) {
            catalog.facts().forEach(f -> System.out.println(f.id() + " " + f.properties()));
        }
        assertThat(FactKind.values())
                .allSatisfy(kind -> assertThat(kind == FactKind.FOREIGN_TABLE
                                || kind == FactKind.SECURITY_LABEL
                                || kind == FactKind.PUBLISHED_SCHEMA
                                || !catalog.facts(kind).isEmpty())
                        .as("a fact about a %s", kind.label())
                        .isTrue());
        assertThat(catalog.notModelled()).isEmpty();
    }
}
