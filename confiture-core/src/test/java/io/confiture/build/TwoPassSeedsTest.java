package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Thirty tables that refer to each other in circles, spread over files whose order is left to chance. */
class TwoPassSeedsTest {
    private static final int TABLES = 30;
    private static final int SEEDS = 200;
    private static final String NOISE = " -- , REFERENCES t0 (\n/* ' , ( */";

    private static TestDatabase database;
    private static Connection connection;

    @BeforeAll
    static void connect() throws SQLException {
        database = TestDatabase.create();
        connection = database.connect();
    }

    @AfterAll
    static void disconnect() throws SQLException {
        connection.close();
        database.close();
    }

    private static String schema(int table) {
        return List.of("public", "app", "\"Other one\"").get(table % 3);
    }

    private static String name(int table) {
        return schema(table) + ".t" + table;
    }

    /** Each form of a foreign key, and each table in a circle with the next and with one by chance. */
    private static List<String> statements(Random random) {
        List<String> statements = new ArrayList<>();
        for (int i = 0; i < TABLES; i++) {
            String next = name((i + 1) % TABLES);
            String other = name(random.nextInt(TABLES));
            String action = List.of("", " ON DELETE CASCADE", " ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED")
                    .get(random.nextInt(3));
            List<String> elements = new ArrayList<>(List.of(
                    "id int PRIMARY KEY",
                    "next int" + (random.nextBoolean() ? " CONSTRAINT \"to, next\"" : "") + " REFERENCES " + next
                            + action + (random.nextBoolean() ? " NOT NULL" : ""),
                    "other int DEFAULT 3 " + NOISE,
                    "label text DEFAULT 'REFERENCES (' CHECK (label <> ',')"));
            elements.add(
                    random.nextInt(elements.size() + 1), "FOREIGN KEY (other) REFERENCES " + other + "(id)" + action);
            Collections.shuffle(elements, random);
            String separator = random.nextBoolean() ? "," : NOISE + ",\n";
            statements.add("CREATE TABLE " + name(i) + " (" + String.join(separator, elements) + "\n);\n");
        }
        return statements;
    }

    private static List<SchemaFile> files(List<String> statements, Random random) {
        List<SchemaFile> files = new ArrayList<>();
        files.add(SchemaSources.file("0.sql", "CREATE SCHEMA app; CREATE SCHEMA \"Other one\";"));
        List<String> rest = new ArrayList<>(statements);
        Collections.shuffle(rest, random);
        while (!rest.isEmpty()) {
            List<String> some = rest.subList(0, 1 + random.nextInt(Math.min(5, rest.size())));
            files.add(SchemaSources.file(files.size() + ".sql", String.join("", some)));
            some.clear();
        }
        return files;
    }

    private static long built(long seed) throws SQLException {
        List<String> statements = statements(new Random(seed));
        List<String> first = SchemaSources.catalog(
                connection,
                ForeignKeyPass.over(files(statements, new Random(seed))).files());
        List<String> second = SchemaSources.catalog(
                connection,
                ForeignKeyPass.over(files(statements, new Random(~seed))).files());
        assertThat(second).as("seed %d", seed).isEqualTo(first);
        return first.stream().filter(fact -> fact.contains(" f ")).count();
    }

    @Test
    void tablesInCirclesAreBuiltWhateverTheOrderOfTheirFiles() throws SQLException {
        assertThat(built(1)).isEqualTo(2 * TABLES);
    }

    @Test
    @Tag("conformance")
    void tablesInCirclesAreBuiltInTwoHundredOrders() throws SQLException {
        long keys = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            keys += built(seed);
        }
        System.out.println("two-pass: " + SEEDS + " seeds, 2 orders each, " + keys + " foreign keys, catalogs equal");
        assertThat(keys).isEqualTo(2L * TABLES * SEEDS);
    }
}
