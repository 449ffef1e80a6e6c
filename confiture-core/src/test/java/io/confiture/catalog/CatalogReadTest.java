package io.confiture.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.SchemaException;
import io.confiture.postgres.ConnectionSource;
import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reading, of one database in which every kind of object occurs. */
class CatalogReadTest {
    private static TestDatabase database;
    private static Catalog catalog;

    @BeforeAll
    static void create() {
        database = CatalogGround.whole();
        catalog = CatalogGround.read(database);
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @Test
    void everyKindOfObjectIsReadAndNothingIsPassedOver() {
        Set<FactKind> missing = EnumSet.allOf(FactKind.class);
        catalog.facts().forEach(fact -> missing.remove(fact.id().kind()));
        missing.remove(FactKind.FOREIGN_TABLE);
        missing.remove(FactKind.SECURITY_LABEL);
        if (catalog.serverMajor() < 15) {
            missing.remove(FactKind.PUBLISHED_SCHEMA);
        }
        assertThat(missing).isEmpty();
        assertThat(catalog.notModelled()).isEmpty();
        assertThat(catalog.serverMajor()).isEqualTo(CatalogGround.major(database));
    }

    @Test
    void whatIsNotModelledIsNamedAndIsACaveatOfEachComparison() {
        try (TestDatabase other = CatalogGround.of("uncovered")) {
            Catalog read = CatalogGround.read(other, List.of("uncovered"));
            assertThat(read.notModelled())
                    .containsExactly(
                            "access method catalog_heap",
                            "conversion uncovered.recode",
                            "foreign-data wrapper catalog_wrapper",
                            "language catalog_language",
                            "operator class uncovered.order_of USING btree",
                            "operator family uncovered.orders USING btree",
                            "server catalog_server",
                            "text search configuration uncovered.words",
                            "text search dictionary uncovered.stems",
                            "type uncovered.shell",
                            "user mapping public on server catalog_server");
            assertThat(read.facts(FactKind.FOREIGN_TABLE))
                    .singleElement()
                    .satisfies(far -> assertThat(far.properties())
                            .containsEntry("server", "catalog_server")
                            .containsEntry("foreign options", "table_name=near"));
            CatalogComparison comparison = read.compareTo(read);
            assertThat(comparison.isEqual()).isTrue();
            assertThat(comparison.caveats())
                    .hasSize(11)
                    .contains("type uncovered.shell is of a kind that is not compared");
            assertThat(read.toJson()).doesNotContain("never shown");
        }
    }

    @Test
    void recordsTellWhatMostProgramsAsk() {
        Table customer = catalog.tables().stream()
                .filter(table -> table.id().equals(FactId.table("shop", "customer")))
                .findFirst()
                .orElseThrow();
        assertThat(customer.comment()).isEqualTo("Who buys");
        assertThat(customer.columns())
                .contains(new Column(
                        customer.id().child(FactKind.COLUMN, "email"),
                        "character varying(120)",
                        true,
                        null,
                        null,
                        null,
                        "\"C\"",
                        "It's unique"));
        assertThat(customer.constraints()).extracting(Constraint::type).contains("primary key", "unique", "check");
        assertThat(customer.indexes())
                .extracting(index -> index.id().name())
                .containsExactly("customer_email_once", "customer_name", "customer_pk", "customer_tags");
        assertThat(catalog.tables())
                .filteredOn(table -> table.id().name().equals("measure_south_2027"))
                .singleElement()
                .extracting(Table::partitionOf, Table::partitionBound)
                .containsExactly("parts.measure_south", "FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')");
        assertThat(catalog.views())
                .filteredOn(View::materialized)
                .singleElement()
                .satisfies(summary -> {
                    assertThat(summary.indexes()).singleElement().matches(Index::unique);
                    assertThat(summary.definition()).contains("GROUP BY");
                });
        assertThat(catalog.routines())
                .filteredOn(routine -> routine.id().name().equals("plain(text[], integer)"))
                .singleElement()
                .extracting(Routine::returns, Routine::language, Routine::comment)
                .containsExactly("text[]", "sql", "On arrays");
    }

    @Test
    void theNumberOfQueriesDoesNotDependOnWhatIsThere() throws SQLException {
        try (TestDatabase small = TestDatabase.create()) {
            small.execute("CREATE EXTENSION pg_stat_statements");
            database.execute("CREATE EXTENSION pg_stat_statements SCHEMA public");
            long ofSmall = calls(small);
            assertThat(calls(database)).isEqualTo(ofSmall);
            assertThat(ofSmall).isLessThanOrEqualTo(29);
        } finally {
            database.execute("DROP EXTENSION pg_stat_statements");
        }
    }

    /** Of one read, with what begins and ends its transaction. */
    private static long calls(TestDatabase database) throws SQLException {
        String count = "SELECT sum(calls) FROM public.pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
                + " WHERE datname = current_database()";
        try (Connection connection = database.connect()) {
            long before = Long.parseLong(value(connection, count));
            Catalog.read(connection, CatalogGround.SCHEMAS);
            return Long.parseLong(value(connection, count)) - before - 1;
        }
    }

    @Test
    void theConnectionIsGivenBackAsItCame() throws SQLException {
        try (Connection connection = database.connect()) {
            execute(connection, "SET search_path = shop, public");
            connection.setAutoCommit(false);
            assertThat(Catalog.read(connection, CatalogGround.SCHEMAS)).isEqualTo(catalog);
            assertThat(connection.getAutoCommit()).isFalse();
            connection.setAutoCommit(true);
            assertThat(value(connection, "SHOW search_path")).isEqualTo("shop, public");
            assertThat(value(connection, "SHOW transaction_read_only")).isEqualTo("off");
        }
    }

    @Test
    void settingsOfTheSessionDoNotShow() throws SQLException {
        try (Connection connection = database.connect()) {
            execute(
                    connection,
                    "SET search_path = shop, kinds, code; SET IntervalStyle = iso_8601; SET quote_all_identifiers = on;"
                            + " SET extra_float_digits = 0; SET bytea_output = escape; SET TimeZone = 'Asia/Tokyo'");
            assertThat(Catalog.read(connection, CatalogGround.SCHEMAS).compareTo(catalog))
                    .hasToString("no differences");
        }
    }

    @Test
    void allSchemasAreThoseOfUsers() throws SQLException {
        try (Connection connection = database.connect()) {
            Catalog all = Catalog.readAll(connection);
            assertThat(all.schemas()).containsExactly("code", "guarded", "kinds", "parts", "public", "shop");
            assertThat(all.without(FactId.schema("public")::equals).fingerprint())
                    .isEqualTo(catalog.fingerprint());
        }
    }

    @Test
    void aRoleWithoutAnyPrivilegeReadsTheSame() throws SQLException {
        try (Connection connection = database.connect()) {
            execute(connection, "SET ROLE catalog_reader");
            assertThat(Catalog.read(connection, CatalogGround.SCHEMAS)).isEqualTo(catalog);
        }
    }

    @Test
    void aTransactionOfTheCallerIsReadWithItsOwnChangesAndGoesOn() throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            execute(connection, "SET LOCAL search_path = kinds; CREATE TABLE shop.pending (id integer)");
            assertThat(Catalog.read(connection, CatalogGround.SCHEMAS)
                            .compareTo(catalog)
                            .differences())
                    .extracting(CatalogDifference::toString)
                    .containsExactly("table shop.pending: added");
            assertThat(value(connection, "SHOW search_path")).isEqualTo("kinds");
            assertThat(value(connection, "SELECT count(*) FROM shop.pending")).isEqualTo("0");
            connection.rollback();
        }
        assertThat(CatalogGround.read(database)).isEqualTo(catalog);
    }

    @Test
    void aTransactionThatHasFailedIsRefused() throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> execute(connection, "SELECT 1 / 0")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> Catalog.read(connection, CatalogGround.SCHEMAS))
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("SCHEMA_210")
                    .hasMessageContaining("has failed");
        }
    }

    @Test
    void aSourceIsReadAlsoOnAnotherThread() {
        ConnectionSource source = ConnectionSource.of(database.dataSource());
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            assertThat(Catalog.readAsync(executor, source, CatalogGround.SCHEMAS)
                            .join())
                    .isEqualTo(catalog);
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void anExtensionIsOneFactAndItsMembersAreNone() {
        assertThat(catalog.fact(new FactId(null, FactKind.EXTENSION, "hstore")))
                .hasValueSatisfying(hstore -> assertThat(hstore.properties()).containsEntry("schema", "guarded"));
        assertThat(catalog.facts(FactKind.FUNCTION).stream()
                        .map(fact -> fact.id().toString())
                        .filter(name -> name.contains("hstore"))
                        .collect(Collectors.toSet()))
                .isEmpty();
    }

    @Test
    void aSchemaThatIsNotThereIsACaveatWhenTheOtherSideHasNoneEither() {
        Catalog typo = CatalogGround.read(database, List.of("shpo"));
        assertThat(typo.facts(FactKind.SCHEMA)).isEmpty();
        assertThat(typo.compareTo(typo).caveats()).containsExactly("schema shpo does not exist on either side");
        assertThatThrownBy(() -> typo.compareTo(catalog))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("different schemas");
        assertThatThrownBy(() -> CatalogGround.read(database, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery(sql)) {
            rs.next();
            return rs.getString(1);
        }
    }
}
