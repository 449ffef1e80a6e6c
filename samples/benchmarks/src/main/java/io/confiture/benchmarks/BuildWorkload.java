package io.confiture.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** How fast a schema in many files becomes one text, and a hash; beside the original, where it is given. No database. */
final class BuildWorkload {
    private static final int WARMING_MILLIS = 3_000;

    private final ToolJars jars;
    private final Path work;
    private final @Nullable String python;
    private final Map<Integer, Path> projects = new HashMap<>();

    /** @param python an interpreter that has the original; null to leave it out */
    BuildWorkload(ToolJars jars, Path work, @Nullable String python) {
        this.jars = jars;
        this.work = work;
        this.python = python;
    }

    /** What has been measured of one of the two at one size. */
    private static final class Side {
        final Sample process = new Sample();
        final Sample first = new Sample();
        Sample build = new Sample();
        Sample hash = new Sample();
        String hashed = "";

        long buildAndHash() {
            return build.median() + hash.median();
        }
    }

    Path project(int files) throws IOException {
        Path project = projects.get(files);
        if (project == null) {
            project = BuildProject.write(work.resolve("project-" + files), files);
            projects.put(files, project);
        }
        return project;
    }

    /**
     * @param rounds in a process that has built before
     * @param cold processes that build once
     */
    String run(List<Integer> sizes, int rounds, int cold) throws Exception {
        Map<Integer, Side> ours = new TreeMap<>();
        Map<Integer, Side> originals = new TreeMap<>();
        for (int size : sizes) {
            System.err.println("Building " + size + " files …");
            Path project = project(size);
            Side our = new Side();
            Side original = new Side();
            // They take turns, so that what else the machine does meets both.
            for (int i = 0; i <= cold; i++) {
                int measured = i < cold ? 0 : rounds;
                measure(our, command(project, measured));
                if (python != null) {
                    measure(original, command(python, project, measured));
                }
            }
            ours.put(size, our);
            originals.put(size, original);
        }
        Table table = new Table(
                "", ours.keySet().stream().map(size -> size + " files").toList());
        rows(table, "Confiture", ours);
        if (python != null) {
            rows(table, "the original", originals);
            table.row(
                    "the original ÷ Confiture, build and hash, warm",
                    each(ours, (size, our) -> Sample.ratio(of(originals, size).buildAndHash(), our.buildAndHash())));
            table.row(
                    "the original ÷ Confiture, whole process",
                    each(
                            ours,
                            (size, our) ->
                                    Sample.ratio(of(originals, size).process.median(), our.process.median())));
            table.row(
                    "the same hash",
                    each(ours, (size, our) -> our.hashed.equals(of(originals, size).hashed) ? "yes" : "**no**"));
        }
        return "\n### Building a schema from files\n\nMedian (least–most) of " + rounds
                + " rounds in a process that has built for " + WARMING_MILLIS / 1000 + " s before; a whole process, "
                + cold + " of each, builds and hashes once, from its start to its end.\n\n" + table;
    }

    private static void rows(Table table, String who, Map<Integer, Side> sides) {
        table.row(who + ": build, warm", each(sides, (size, side) -> side.build.wall()));
        table.row(who + ": hash, warm", each(sides, (size, side) -> side.hash.wall()));
        table.row(
                who + ": build and hash, warm, of each file",
                each(sides, (size, side) -> Sample.duration(side.buildAndHash() / size)));
        table.row(who + ": build and hash, the first of a process", each(sides, (size, side) -> side.first.wall()));
        table.row(who + ": whole process", each(sides, (size, side) -> side.process.wall()));
    }

    private static List<String> each(Map<Integer, Side> sides, BiFunction<Integer, Side, String> cell) {
        return sides.entrySet().stream()
                .map(entry -> cell.apply(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Side of(Map<Integer, Side> sides, Integer size) {
        return Objects.requireNonNull(sides.get(size));
    }

    private List<String> command(Path project, int rounds) throws IOException {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(
                        File.pathSeparator,
                        jars.classPath(Tool.CONFITURE).stream()
                                .map(Path::toString)
                                .toList()),
                BuildRounds.class.getName(),
                project.toString(),
                String.valueOf(rounds),
                String.valueOf(WARMING_MILLIS));
    }

    private static List<String> command(String python, Path project, int rounds) throws IOException {
        try (InputStream script = Objects.requireNonNull(BuildWorkload.class.getResourceAsStream("original.py"))) {
            return List.of(
                    python,
                    "-c",
                    new String(script.readAllBytes(), StandardCharsets.UTF_8),
                    project.toString(),
                    String.valueOf(rounds),
                    String.valueOf(WARMING_MILLIS));
        }
    }

    private static void measure(Side side, List<String> command) throws Exception {
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines;
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            lines = reader.lines().toList();
        }
        int end = process.waitFor();
        long nanos = System.nanoTime() - begin;
        if (end != 0) {
            throw new IOException(command.get(0) + " ended with " + end);
        }
        boolean whole = true;
        for (String line : lines) {
            String[] told = line.split("\t");
            switch (told[0]) {
                case "hash" -> side.hashed = told[1];
                case "first" -> side.first.add(Long.parseLong(told[1]));
                case "build" -> side.build = Sample.of(told[1]);
                case "hashed" -> {
                    side.hash = Sample.of(told[1]);
                    whole = false;
                }
                default -> throw new IOException("Not an answer: " + line);
            }
        }
        if (whole) {
            side.process.add(nanos);
        }
    }
}
