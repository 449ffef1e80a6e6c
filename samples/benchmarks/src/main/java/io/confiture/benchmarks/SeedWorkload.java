package io.confiture.benchmarks;

import io.confiture.build.SeedLoader;
import io.confiture.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** How fast INSERTs of seed data are loaded, which go through COPY, beside the same statements as they are written. */
final class SeedWorkload {
    private static final int ROWS = 20_000;

    private final BenchmarkServer server;
    private final Path work;

    SeedWorkload(BenchmarkServer server, Path work) {
        this.server = server;
        this.work = work;
    }

    String run(int rounds) throws Exception {
        System.err.println("Loading seeds …");
        Table table =
                new Table(ROWS + " rows", List.of("Confiture, through COPY", "as written", "as written ÷ Confiture"));
        table.row("a row in each INSERT", cells(1, rounds));
        table.row("1000 rows in each INSERT", cells(1000, rounds));
        return "\n### Loading seeds\n\nMedian (least–most) of " + rounds
                + " rounds in turns, in one transaction each, in a warm JVM; as written: statement by statement over JDBC,"
                + " without reading a file.\n\n" + table;
    }

    private List<String> cells(int rowsOfEach, int rounds) throws Exception {
        List<String> statements = statements(rowsOfEach);
        Path seeds = Files.createDirectories(work.resolve("seeds-" + rowsOfEach).resolve("db/seeds"));
        Files.writeString(seeds.resolve("001_people.sql"), String.join("\n", statements) + "\n");
        SeedLoader loader = SeedLoader.of(Config.builder()
                .projectDir(work.resolve("seeds-" + rowsOfEach))
                .seedDirs("db/seeds")
                .build());
        Sample ours = new Sample();
        Sample written = new Sample();
        String database = server.createDatabase();
        try (Connection connection = DriverManager.getConnection(server.clientUrl(database));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, email text NOT NULL,"
                    + " balance numeric(10,2), joined date, note text)");
            for (int i = -2; i < rounds; i++) {
                statement.execute("TRUNCATE people");
                long begin = System.nanoTime();
                long rows = loader.load(connection).rows();
                long our = System.nanoTime() - begin;
                if (rows != ROWS) {
                    throw new IOException("Loaded " + rows + " rows");
                }
                statement.execute("TRUNCATE people");
                long other = asWritten(connection, statement, statements);
                if (i >= 0) {
                    ours.add(our);
                    written.add(other);
                }
            }
        }
        server.dropDatabase(database);
        return List.of(ours.wall(), written.wall(), written.ratio(ours));
    }

    private static long asWritten(Connection connection, Statement statement, List<String> statements)
            throws SQLException {
        long begin = System.nanoTime();
        connection.setAutoCommit(false);
        for (String sql : statements) {
            statement.execute(sql);
        }
        connection.commit();
        connection.setAutoCommit(true);
        return System.nanoTime() - begin;
    }

    private static List<String> statements(int rowsOfEach) {
        List<String> statements = new ArrayList<>();
        for (int from = 1; from <= ROWS; from += rowsOfEach) {
            List<String> rows = IntStream.range(from, from + rowsOfEach)
                    .mapToObj(
                            "(%1$d, 'Person number %1$d', 'person%1$d@example.com', %1$d.50, '2026-01-31', 'It''s row %1$d')"
                                    ::formatted)
                    .toList();
            statements.add("INSERT INTO people (id, name, email, balance, joined, note) VALUES\n"
                    + String.join(",\n", rows) + ";");
        }
        return statements;
    }
}
