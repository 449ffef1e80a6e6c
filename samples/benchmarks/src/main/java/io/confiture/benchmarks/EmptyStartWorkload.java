package io.confiture.benchmarks;

import io.confiture.build.SchemaBuilder;
import io.confiture.catalog.Catalog;
import io.confiture.catalog.CatalogComparison;
import io.confiture.config.Config;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.MigratorBuilder;
import io.confiture.verification.SchemaVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** What an empty database takes until it is what years of migrations made: built from its DDL, beside replayed. */
final class EmptyStartWorkload {
    private static final int TABLES = 100;
    private static final int MIGRATIONS = 1_000;

    private final BenchmarkServer server;
    private final Path work;

    EmptyStartWorkload(BenchmarkServer server, Path work) {
        this.server = server;
        this.work = work;
    }

    String run(int rounds) throws Exception {
        System.err.println("Starting on empty databases …");
        Path project = work.resolve("years");
        Path history = Files.createDirectories(project.resolve("db/migrations"));
        Path schema = Files.createDirectories(project.resolve("db/schema"));
        for (int i = 0; i < MIGRATIONS; i++) {
            Files.writeString(
                    history.resolve("%04d_change.up.sql".formatted(i + 1)),
                    i < TABLES
                            ? "CREATE TABLE years_%d (id bigint PRIMARY KEY, name text NOT NULL);\n".formatted(i)
                            : "ALTER TABLE years_%d ADD COLUMN c_%d integer NOT NULL DEFAULT 0;\n"
                                    .formatted(i % TABLES, i / TABLES));
        }
        for (int i = 0; i < TABLES; i++) {
            StringBuilder table =
                    new StringBuilder("CREATE TABLE years_%d (id bigint PRIMARY KEY, name text NOT NULL".formatted(i));
            for (int column = 1; column < MIGRATIONS / TABLES; column++) {
                table.append(", c_%d integer NOT NULL DEFAULT 0".formatted(column));
            }
            Files.writeString(schema.resolve("%03d_years.sql".formatted(i)), table.append(");\n"));
        }
        SchemaBuilder builder = SchemaBuilder.of(
                Config.builder().projectDir(project).schemaDirs("db/schema").build());
        Sample built = new Sample();
        Sample replayed = new Sample();
        // The first rounds warm up.
        for (int i = -1; i < rounds; i++) {
            String one = server.createDatabase();
            long build = taken(migrator(one, history).initialSchema(SchemaVerification.initialSchema(builder)));
            String other = server.createDatabase();
            long replay = taken(migrator(other, history));
            requireAlike(one, other);
            server.dropDatabase(one);
            server.dropDatabase(other);
            if (i >= 0) {
                built.add(build);
                replayed.add(replay);
            }
        }
        Table table = new Table(
                MIGRATIONS + " migrations, " + TABLES + " tables",
                List.of("built from DDL, migrations recorded", "migrations replayed", "replayed ÷ built"));
        table.row("applyAll() on an empty database", List.of(built.wall(), replayed.wall(), replayed.ratio(built)));
        return "\n### Starting on an empty database\n\nMedian (least–most) of " + rounds
                + " rounds in turns, in a warm JVM; both leave the same catalog.\n\n" + table;
    }

    private MigratorBuilder migrator(String database, Path history) {
        return Migrator.builder(server.clientUrl(database)).locations("file:" + history);
    }

    private static long taken(MigratorBuilder migrator) throws IOException {
        long begin = System.nanoTime();
        Migrator made = migrator.build();
        made.applyAll();
        long nanos = System.nanoTime() - begin;
        if (made.applied().size() != MIGRATIONS) {
            throw new IOException(made.applied().size() + " migrations are recorded");
        }
        return nanos;
    }

    private void requireAlike(String one, String other) throws SQLException, IOException {
        CatalogComparison comparison = catalog(one).compareTo(catalog(other));
        if (!comparison.isEqual()) {
            throw new IOException("What was built differs from what was replayed: " + comparison);
        }
    }

    private Catalog catalog(String database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.clientUrl(database))) {
            // The table beside the ledger is made when something is to be kept in it.
            return Catalog.read(connection, List.of("public"))
                    .without(id -> id.toString().contains("tb_confiture_run"));
        }
    }
}
