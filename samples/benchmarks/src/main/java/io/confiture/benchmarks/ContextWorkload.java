package io.confiture.benchmarks;

import io.confiture.benchmarks.WorkerProcess.Taken;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** How long a Spring Boot application takes to start with each starter, each time in a new JVM. */
final class ContextWorkload {
    private static final int MIGRATIONS = 100;
    private static final int LIMIT_SECONDS = 300;

    private final BenchmarkServer server;
    private final ToolJars jars;
    private final Path work;

    ContextWorkload(BenchmarkServer server, ToolJars jars, Path work) {
        this.server = server;
        this.jars = jars;
        this.work = work;
    }

    /** What the starts of one starter took. */
    private static final class Starts {
        final Sample started = new Sample();
        final Sample process = new Sample();

        void add(Start start) {
            started.add(start.started());
            process.add(start.process());
        }
    }

    private record Start(Taken started, Taken process) {}

    String run(int repeats) throws Exception {
        Table table = new Table(
                "", List.of("from main to started", "whole process", "whole process, " + MIGRATIONS + " to apply"));
        Map<Starter, Starts> empty = new EnumMap<>(Starter.class);
        Map<Starter, Starts> applied = new EnumMap<>(Starter.class);
        Map<Starter, Starts> first = new EnumMap<>(Starter.class);
        measure(0, repeats, new EnumMap<>(Starter.class), empty);
        measure(MIGRATIONS, repeats, first, applied);
        rows(table, "nothing in it", empty, Map.of());
        rows(table, MIGRATIONS + " applied", applied, first);
        return "\n### Start of a Spring Boot application\n\nSpring Boot " + jars.springBoot() + ", " + server.describe()
                + ". Median (least–most); CPU is that of the process, up to \"started\".\n\n" + table;
    }

    private static void rows(Table table, String what, Map<Starter, Starts> starts, Map<Starter, Starts> first) {
        starts.forEach((starter, measured) -> {
            Starts applying = first.get(starter);
            table.row(
                    starter.migrates() ? starter.title + ", " + what : starter.title,
                    List.of(
                            measured.started.text(),
                            measured.process.wall(),
                            applying == null ? Sample.NONE : applying.process.wall()));
        });
    }

    /** Takes turns among the starters. */
    private void measure(int size, int repeats, Map<Starter, Starts> first, Map<Starter, Starts> later)
            throws Exception {
        System.err.println("Starts of an application with " + size + " migrations …");
        Map<Starter, String> databases = new EnumMap<>(Starter.class);
        for (Starter starter : Starter.values()) {
            if (size > 0 && !starter.migrates()) {
                continue;
            }
            String database = server.createDatabase();
            databases.put(starter, database);
            later.put(starter, new Starts());
            if (starter.migrates()) {
                Starts starts = new Starts();
                starts.add(start(starter, size, database));
                first.put(starter, starts);
            }
        }
        for (int i = 0; i < repeats; i++) {
            for (Map.Entry<Starter, String> entry : databases.entrySet()) {
                Starts starts = Objects.requireNonNull(later.get(entry.getKey()));
                starts.add(start(entry.getKey(), size, entry.getValue()));
            }
        }
        for (String database : databases.values()) {
            server.dropDatabase(database);
        }
    }

    private Start start(Starter starter, int size, String database) throws Exception {
        Path resources = starter.writeResources(work.resolve("context-" + starter + "-" + size), size);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dliquibase.analytics.enabled=false",
                "-cp",
                String.join(
                        File.pathSeparator,
                        jars.classPath(starter, resources).stream()
                                .map(Path::toString)
                                .toList()),
                ContextApplication.class.getName(),
                "--spring.datasource.url=" + server.clientUrl(database)));
        command.addAll(starter.arguments());
        Path output = Files.createTempFile(work, "context", ".log");
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(
                    starter.title + " did not end within " + LIMIT_SECONDS + " s:\n" + Files.readString(output));
        }
        long wall = System.nanoTime() - begin;
        String[] started = started(output).split(" ");
        int tables = server.tables(database);
        if (tables != size) {
            throw new IOException(
                    starter.title + " applied " + tables + " of " + size + " migrations:\n" + Files.readString(output));
        }
        long cpu = Long.parseLong(started[1]);
        return new Start(new Taken(Long.parseLong(started[0]), cpu), new Taken(wall, cpu));
    }

    private static String started(Path output) throws IOException {
        return Files.readAllLines(output).stream()
                .filter(line -> line.startsWith(ContextApplication.STARTED))
                .map(line -> line.substring(ContextApplication.STARTED.length()))
                .findFirst()
                .orElseThrow(() -> new IOException("The application did not start:\n" + read(output)));
    }

    private static String read(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
