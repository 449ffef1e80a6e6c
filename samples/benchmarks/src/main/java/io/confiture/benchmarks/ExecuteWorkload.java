package io.confiture.benchmarks;

import io.confiture.build.BuildResult;
import io.confiture.build.SchemaBuilder;
import io.confiture.config.Config;
import io.confiture.config.IncludeDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How fast a schema is run on a fresh database, beside {@code psql} with the same files. */
final class ExecuteWorkload {
    private final BenchmarkServer server;
    private final BuildWorkload projects;
    private final Path work;
    private final @Nullable Path corpus;

    /** @param corpus the folder above {@code sakila}; null to leave it out */
    ExecuteWorkload(BenchmarkServer server, BuildWorkload projects, Path work, @Nullable Path corpus) {
        this.server = server;
        this.projects = projects;
        this.work = work;
        this.corpus = corpus;
    }

    private record Task(String name, Config config, List<Path> files) {}

    String run(int rounds) throws Exception {
        List<Task> tasks = new ArrayList<>();
        Path project = projects.project(100);
        tasks.add(new Task(
                "100 files of a table and two indexes",
                BuildProject.config(project),
                List.of(all(project.resolve("db/schema")))));
        if (corpus != null) {
            Path folder = Files.createDirectories(work.resolve("sakila-project"));
            Path sakila = Files.createDirectories(folder.resolve("sakila"));
            for (String file : List.of("sakila-schema.sql", "sakila-data.sql")) {
                copy(corpus.resolve("sakila").resolve(file), sakila.resolve(file));
            }
            tasks.add(new Task(
                    "Sakila, schema and data",
                    Config.builder()
                            .projectDir(folder)
                            .includeDirs(List.of(part("*-schema.sql", 1), part("*-data.sql", 2)))
                            .build(),
                    List.of(sakila.resolve("sakila-schema.sql"), sakila.resolve("sakila-data.sql"))));
        }
        Table table = new Table(
                "", List.of("Confiture", "psql", "Confiture ÷ psql", "start of psql, included", "tables, indexes"));
        for (Task task : tasks) {
            System.err.println("Running " + task.name() + " …");
            table.row(task.name(), cells(task, rounds));
        }
        return "\n### Running a schema on a fresh database\n\nMedian (least–most) of " + rounds
                + " rounds, connecting included; Confiture in a warm JVM, psql with --single-transaction.\n\n" + table;
    }

    private List<String> cells(Task task, int rounds) throws Exception {
        SchemaBuilder builder = SchemaBuilder.of(task.config());
        Sample ours = new Sample();
        Sample psql = new Sample();
        Sample start = new Sample();
        String made = "";
        // The first rounds warm up.
        for (int i = -2; i < rounds; i++) {
            String database = server.createDatabase();
            long begin = System.nanoTime();
            BuildResult result;
            try (Connection connection = DriverManager.getConnection(server.clientUrl(database))) {
                result = builder.execute(connection);
            }
            long nanos = System.nanoTime() - begin;
            server.dropDatabase(database);
            made = result.tablesCreated() + ", " + result.indexesCreated();

            database = server.createDatabase();
            long other = psql(database, fileArguments(task.files()));
            long nothing = psql(database, List.of("-c", "SELECT 1"));
            server.dropDatabase(database);
            if (i >= 0) {
                ours.add(nanos);
                psql.add(other);
                start.add(nothing);
            }
        }
        return List.of(ours.wall(), psql.wall(), ours.ratio(psql), start.wall(), made);
    }

    /** A dump of an old server switches to literals that neither it nor anything of today has; both get it without. */
    private static void copy(Path from, Path to) throws IOException {
        Files.writeString(
                to,
                Files.readString(from)
                        .replace("SET standard_conforming_strings = off", "SET standard_conforming_strings = on"));
    }

    private static IncludeDir part(String files, int order) {
        return new IncludeDir("sakila", false, List.of(files), List.of(), order, false);
    }

    /** One script of psql that includes all files of a folder, by name. */
    private static Path all(Path folder) throws IOException {
        Path script = folder.resolveSibling("all.psql");
        StringBuilder text = new StringBuilder();
        try (var files = Files.list(folder)) {
            files.sorted()
                    .forEach(file ->
                            text.append("\\i '").append(file.toAbsolutePath()).append("'\n"));
        }
        return Files.writeString(script, text);
    }

    private static List<String> fileArguments(List<Path> files) {
        return files.stream()
                .flatMap(file -> List.of("-f", file.toString()).stream())
                .toList();
    }

    private long psql(String database, List<String> arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-d"));
        command.add(server.libpqUrl(database));
        command.addAll(arguments);
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int end = process.waitFor();
        long nanos = System.nanoTime() - begin;
        if (end != 0) {
            throw new IOException("psql ended with " + end);
        }
        return nanos;
    }
}
