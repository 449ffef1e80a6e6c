package io.confiture.benchmarks;

import io.confiture.catalog.Catalog;
import io.confiture.catalog.CatalogComparison;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;

/** How fast the catalog of a large database is read and compared. */
final class CatalogWorkload {
    private static final int TABLES = 2_000;
    private static final int CHANGES = 100;
    private static final List<String> SCHEMAS = List.of("public");

    private final BenchmarkServer server;

    CatalogWorkload(BenchmarkServer server) {
        this.server = server;
    }

    String run(int rounds) throws Exception {
        System.err.println("Reading a catalog …");
        String database = server.createDatabase();
        Sample read = new Sample();
        Sample same = new Sample();
        Sample different = new Sample();
        long calls;
        int facts;
        int differences = 0;
        try (Connection connection = DriverManager.getConnection(server.clientUrl(database));
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < TABLES; i++) {
                statement.execute(BuildProject.table(i));
            }
            Catalog before = Catalog.read(connection, SCHEMAS);
            facts = before.facts().size();
            for (int i = 0; i < CHANGES; i++) {
                statement.execute("ALTER TABLE bench_" + i * (TABLES / CHANGES) + " ALTER slug DROP NOT NULL");
            }
            server.calls().reset(database);
            Catalog after = Catalog.read(connection, SCHEMAS);
            calls = server.calls().count(database);
            for (int i = -2; i < rounds; i++) {
                long begin = System.nanoTime();
                Catalog again = Catalog.read(connection, SCHEMAS);
                long reading = System.nanoTime() - begin;
                begin = System.nanoTime();
                CatalogComparison none = again.compareTo(after);
                long equal = System.nanoTime() - begin;
                begin = System.nanoTime();
                differences = again.compareTo(before).differences().size();
                long changed = System.nanoTime() - begin;
                if (!none.differences().isEmpty() || differences == 0) {
                    throw new IllegalStateException(none + ", " + differences);
                }
                if (i >= 0) {
                    read.add(reading);
                    same.add(equal);
                    different.add(changed);
                }
            }
        }
        server.dropDatabase(database);
        Table table = new Table("", List.of("time"));
        table.row("read: " + calls + " SQL calls, transaction control included", List.of(read.wall()));
        table.row("compare with an equal one", List.of(same.wall()));
        table.row("compare, " + differences + " differences", List.of(different.wall()));
        return "\n### Catalog of " + TABLES + " tables\n\n" + facts + " facts; median (least–most) of " + rounds
                + " rounds in a warm JVM.\n\n" + table;
    }
}
