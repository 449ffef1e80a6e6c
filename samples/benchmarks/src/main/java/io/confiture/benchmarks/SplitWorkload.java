package io.confiture.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How fast a script is split into statements, and whether they are the right ones, without a database. */
final class SplitWorkload {
    private final ToolJars jars;
    private final Path work;

    SplitWorkload(ToolJars jars, Path work) {
        this.jars = jars;
        this.work = work;
    }

    /** @param dumps texts to split beside the generated ones */
    String run(int rounds, List<Path> dumps) throws Exception {
        System.err.println("Splitting …");
        int bytes = 2_000_000;
        Map<String, DumpText> texts = new LinkedHashMap<>();
        for (DumpText text : List.of(
                DumpText.generate("schema only", DumpText.Rows.NONE, bytes / 4),
                DumpText.generate("rows as COPY", DumpText.Rows.COPY, bytes),
                DumpText.generate("rows as INSERT", DumpText.Rows.INSERT, bytes))) {
            Path file = work.resolve(text.name() + ".sql");
            Files.write(file, text.text());
            texts.put(file.toString(), text);
        }
        for (Path dump : dumps) {
            texts.put(dump.toString(), new DumpText(dump.getFileName().toString(), Files.readAllBytes(dump), null));
        }
        Table table = new Table(
                "text",
                List.of(
                        "size",
                        "statements",
                        jars.title(Tool.CONFITURE),
                        jars.title(Tool.FLYWAY_BOOT),
                        "driver " + jars.driver()));
        Map<String, List<String>> cells = new LinkedHashMap<>();
        for (String line : split(rounds, texts.keySet().stream().toList())) {
            String[] parts = line.split("\t", -1);
            DumpText text = texts.get(parts[0]);
            if (text == null) {
                throw new IOException("Not an answer: " + line);
            }
            cells.computeIfAbsent(parts[0], file -> new ArrayList<>()).add(cell(text, parts[2], parts[3]));
        }
        texts.forEach((file, text) -> {
            List<String> row = new ArrayList<>(List.of(
                    decimal(text.text().length / 1e6) + " MB",
                    text.statements() == null ? "not counted" : String.valueOf(text.statements())));
            row.addAll(cells.getOrDefault(file, List.of()));
            table.row(text.name(), row);
        });
        return "\n### Splitting\n\nMB/s, median (least–most) of " + rounds
                + " rounds in one warm JVM; then the statements found.\n\n" + table;
    }

    private static String cell(DumpText text, String found, String nanos) {
        if (!Splitters.isCount(found)) {
            return "fails: " + found;
        }
        List<Double> speeds = new ArrayList<>();
        for (String value : nanos.split(",")) {
            speeds.add(text.text().length / 1e6 / (Long.parseLong(value) / 1e9));
        }
        List<Double> sorted = speeds.stream().sorted().toList();
        boolean right = text.statements() == null || text.statements() == Integer.parseInt(found);
        return "%s (%s–%s); %s%s"
                .formatted(
                        decimal(sorted.get(sorted.size() / 2)),
                        decimal(sorted.get(0)),
                        decimal(sorted.get(sorted.size() - 1)),
                        found,
                        right ? "" : ", **wrong**");
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
    }

    private List<String> split(int rounds, List<String> files) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(
                        File.pathSeparator,
                        jars.classPath(Tool.CONFITURE, Tool.FLYWAY_BOOT).stream()
                                .map(Path::toString)
                                .toList()),
                Splitters.class.getName(),
                String.valueOf(rounds)));
        command.addAll(files);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines = reader.lines().toList();
        }
        if (process.waitFor() != 0) {
            throw new IOException("The splitters ended with " + process.exitValue());
        }
        return lines;
    }
}
