package io.confiture.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The examples of docs/catalog.md. */
class DocumentedCatalogTest {
    private static final Logger log = LoggerFactory.getLogger("documented");

    @Test
    void theGuideComparesALiveSchemaWithTheExpectedOne() throws SQLException {
        try (TestDatabase database = TestDatabase.create();
                Connection connection = database.connect()) {
            database.execute(
                    "CREATE SCHEMA shop",
                    "CREATE TABLE shop.customer (name text, email text)",
                    "CREATE INDEX customer_name ON shop.customer (name)");
            Catalog expected = Catalog.read(connection, List.of("shop"));
            database.execute(
                    "ALTER TABLE shop.customer ALTER COLUMN email TYPE varchar(120)",
                    "DROP INDEX shop.customer_name",
                    "ALTER TABLE shop.customer OWNER TO pg_monitor");
            // compare
            Catalog live = Catalog.read(connection, List.of("shop"));
            CatalogComparison drift = live.compareTo(expected, CatalogAspect.OWNERS, CatalogAspect.GRANTS);
            if (!drift.isEqual() || !drift.caveats().isEmpty()) {
                log.warn("The schema is not what it should be: {}", drift);
            }
            // end
            assertThat(drift).hasToString("""
                    2 differences
                      table shop.customer: column email: type: text → character varying(120)
                      table shop.customer: index customer_name: removed""");
        }
    }
}
