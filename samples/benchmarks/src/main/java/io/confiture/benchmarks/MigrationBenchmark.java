package io.confiture.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Applies generated migrations with each tool on an embedded PostgreSQL and prints a table. Ends with 1 if Confiture asks
 * more of the server than {@link CallBudget} allows.
 */
final class MigrationBenchmark {
    private final Options options;
    private final EmbeddedPostgres server;
    private final ServerCalls calls;
    private final Connection admin;
    private final Path target;
    private final Path work;
    private final CallBudget budget = new CallBudget();
    private int databases;

    private MigrationBenchmark(Options options, EmbeddedPostgres server, Path target, Path work) throws SQLException {
        this.options = options;
        this.server = server;
        this.target = target;
        this.work = work;
        this.calls = ServerCalls.connect(url("postgres"));
        this.admin = DriverManager.getConnection(url("postgres"));
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.parse(args);
        Path target = Path.of(System.getProperty("benchmark.home", "samples/benchmarks/target"));
        Path work = Files.createTempDirectory("confiture-benchmark");
        List<String> broken;
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                .setServerConfig("pg_stat_statements.max", "50000")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .start()) {
            broken = new MigrationBenchmark(options, server, target, work).run();
        } finally {
            deleteTree(work);
        }
        broken.forEach(line -> System.out.println("BUDGET BROKEN: " + line));
        if (!broken.isEmpty()) {
            System.exit(1);
        }
        if (options.tools().contains(Tool.CONFITURE)) {
            System.out.println("The call budgets hold: nothing to do ≤ " + CallBudget.NOTHING_TO_DO
                    + ", a migration ≤ " + CallBudget.PER_MIGRATION + ", one that changes the session ≤ "
                    + CallBudget.PER_SESSION_CHANGING_MIGRATION + ".");
        }
    }

    private List<String> run() throws Exception {
        System.out.println(environment());
        for (int size : options.sizes()) {
            Map<Tool, Measured> results = measure(size);
            System.out.println(table(size, results));
        }
        return budget.broken();
    }

    /** What was found for one tool. */
    private static final class Measured {
        long callsOfApply;
        long callsOfNothingToDo;
        double callsPerMigration;
        double callsPerSessionChangingMigration;
        final Sample applyCold = new Sample();
        final Sample applyWarm = new Sample();
        final Sample nothingCold = new Sample();
        final Sample nothingWarm = new Sample();
    }

    /** Takes turns among the tools, so that what else the machine does meets all of them. */
    private Map<Tool, Measured> measure(int size) throws Exception {
        Map<Tool, Measured> results = new EnumMap<>(Tool.class);
        Map<Tool, Path> folders = new EnumMap<>(Tool.class);
        Map<Tool, String> applied = new EnumMap<>(Tool.class);
        for (Tool tool : options.tools()) {
            results.put(tool, new Measured());
            folders.put(tool, MigrationFiles.write(work.resolve(tool.id + "-" + size), tool, size));
            applied.put(tool, createDatabase());
        }

        Map<Tool, WorkerProcess> workers = new EnumMap<>(Tool.class);
        try {
            progress(size, "apply, new JVM");
            for (int i = 0; i < options.cold(); i++) {
                for (Tool tool : options.tools()) {
                    Measured result = results.get(tool);
                    String database = i == 0 ? applied.get(tool) : createDatabase();
                    WorkerProcess worker = start(tool);
                    workers.put(tool, worker);
                    result.applyCold.add(apply(worker, database, folders.get(tool), size));
                    result.callsOfApply = calls.count(database) - 1;
                    if (i > 0) {
                        dropDatabase(database);
                    }
                    if (i < options.cold() - 1) {
                        worker.close();
                    }
                }
            }
            progress(size, "apply, warm JVM");
            for (int i = 0; i < options.repeats(); i++) {
                for (Tool tool : options.tools()) {
                    String database = createDatabase();
                    results.get(tool).applyWarm.add(apply(workers.get(tool), database, folders.get(tool), size));
                    dropDatabase(database);
                }
            }
            closeAll(workers);

            progress(size, "nothing to do, new JVM");
            for (int i = 0; i < options.cold(); i++) {
                for (Tool tool : options.tools()) {
                    Measured result = results.get(tool);
                    WorkerProcess worker = start(tool);
                    workers.put(tool, worker);
                    result.nothingCold.add(run(worker, applied.get(tool), folders.get(tool)));
                    result.callsOfNothingToDo = calls.count(applied.get(tool));
                    if (i < options.cold() - 1) {
                        worker.close();
                    }
                }
            }
            progress(size, "nothing to do, warm JVM");
            for (int i = 0; i < options.repeats(); i++) {
                for (Tool tool : options.tools()) {
                    results.get(tool).nothingWarm.add(run(workers.get(tool), applied.get(tool), folders.get(tool)));
                }
            }
        } finally {
            closeAll(workers);
        }

        for (Tool tool : options.tools()) {
            dropDatabase(applied.get(tool));
            Path one = MigrationFiles.write(work.resolve(tool.id + "-1"), tool, 1);
            Measured result = results.get(tool);
            result.callsPerMigration = (result.callsOfApply - callsOfApply(tool, one, 1)) / (size - 1.0);
        }
        Measured confiture = results.get(Tool.CONFITURE);
        if (confiture != null) {
            Path one = MigrationFiles.writeSessionChanging(work.resolve("session-1"), 1);
            Path all = MigrationFiles.writeSessionChanging(work.resolve("session-" + size), size);
            long first = callsOfApply(Tool.CONFITURE, one, 1);
            confiture.callsPerSessionChangingMigration =
                    (callsOfApply(Tool.CONFITURE, all, size) - first) / (size - 1.0);
            budget.nothingToDo(confiture.callsOfNothingToDo);
            budget.perMigration(confiture.callsPerMigration);
            budget.perSessionChangingMigration(confiture.callsPerSessionChangingMigration);
        }
        return results;
    }

    private static void progress(int size, String what) {
        System.err.println(size + " migrations: " + what + " …");
    }

    private static void closeAll(Map<Tool, WorkerProcess> workers) throws IOException {
        for (WorkerProcess worker : workers.values()) {
            worker.close();
        }
        workers.clear();
    }

    private long callsOfApply(Tool tool, Path folder, int size) throws Exception {
        String database = createDatabase();
        try (WorkerProcess worker = start(tool)) {
            apply(worker, database, folder, size);
            return calls.count(database) - 1; // the check's
        } finally {
            dropDatabase(database);
        }
    }

    private WorkerProcess.Taken apply(WorkerProcess worker, String database, Path folder, int size) throws Exception {
        WorkerProcess.Taken taken = run(worker, database, folder);
        // After the calls of the tool, so not to be counted among them: the check has a connection of its own.
        long before = calls.count(database);
        try (Connection connection = DriverManager.getConnection(ServerCalls.clientUrl(url(database)));
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname ~ '^bench_[0-9]+$'")) {
            rows.next();
            if (rows.getInt(1) != size) {
                throw new IllegalStateException("Applied " + rows.getInt(1) + " of " + size + " migrations");
            }
        }
        if (calls.count(database) != before + 1) {
            throw new IllegalStateException("The server's count is not exact");
        }
        return taken;
    }

    private WorkerProcess.Taken run(WorkerProcess worker, String database, Path folder) throws Exception {
        worker.open(ServerCalls.clientUrl(url(database)));
        calls.reset(database);
        WorkerProcess.Taken taken = worker.run(folder);
        worker.closePool();
        return taken;
    }

    private WorkerProcess start(Tool tool) throws IOException {
        List<Path> classPath = new ArrayList<>();
        classPath.add(target.resolve("classes"));
        classPath.addAll(jars(tool.id));
        classPath.addAll(jars("common"));
        return WorkerProcess.start(tool.runner, classPath);
    }

    private List<Path> jars(String folder) throws IOException {
        try (Stream<Path> files = Files.list(target.resolve("tools").resolve(folder))) {
            return files.sorted().toList();
        }
    }

    private String version(String folder, String jar) {
        try {
            return jars(folder).stream()
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(jar + "-"))
                    .map(name -> name.substring(jar.length() + 1, name.length() - ".jar".length()))
                    .findFirst()
                    .orElse("?");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String createDatabase() throws SQLException {
        String name = "bench_" + ++databases;
        try (var statement = admin.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return name;
    }

    private void dropDatabase(String name) throws SQLException {
        try (var statement = admin.createStatement()) {
            statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database + "?user=postgres";
    }

    private String environment() throws SQLException {
        try (var statement = admin.createStatement();
                ResultSet rows = statement.executeQuery("SHOW server_version")) {
            rows.next();
            return "PostgreSQL %s (embedded, fsync off), Java %s, HikariCP %s, %d processors, %s %s"
                    .formatted(
                            rows.getString(1),
                            Runtime.version(),
                            version("common", "HikariCP"),
                            Runtime.getRuntime().availableProcessors(),
                            System.getProperty("os.name"),
                            System.getProperty("os.arch"));
        }
    }

    private String table(int size, Map<Tool, Measured> results) {
        StringBuilder text = new StringBuilder("\n### " + size + " migrations\n\n");
        text.append("| |");
        results.keySet().forEach(tool -> text.append(' ').append(title(tool)).append(" |"));
        text.append("\n|---|").append("---:|".repeat(results.size())).append('\n');
        row(text, results, "SQL calls, nothing to do", m -> String.valueOf(m.callsOfNothingToDo));
        row(text, results, "SQL calls, each further migration", m -> decimal(m.callsPerMigration));
        row(text, results, "SQL calls, all applied", m -> String.valueOf(m.callsOfApply));
        row(text, results, "apply all, new JVM", m -> m.applyCold.text());
        row(text, results, "apply all, warm JVM", m -> m.applyWarm.text());
        row(text, results, "nothing to do, new JVM", m -> m.nothingCold.text());
        row(text, results, "nothing to do, warm JVM", m -> m.nothingWarm.text());
        text.append("\nTimes: least wall / median wall / median CPU of the tool's process.");
        Measured confiture = results.get(Tool.CONFITURE);
        if (confiture != null) {
            text.append(" Confiture, migration that changes the session: ")
                    .append(decimal(confiture.callsPerSessionChangingMigration))
                    .append(" SQL calls.");
            results.forEach((tool, other) -> {
                if (tool != Tool.CONFITURE) {
                    text.append("\nMedian wall time of ")
                            .append(title(tool))
                            .append(" ÷ Confiture: apply ")
                            .append(other.applyCold.ratio(confiture.applyCold))
                            .append(" new, ")
                            .append(other.applyWarm.ratio(confiture.applyWarm))
                            .append(" warm; nothing to do ")
                            .append(other.nothingCold.ratio(confiture.nothingCold))
                            .append(" new, ")
                            .append(other.nothingWarm.ratio(confiture.nothingWarm))
                            .append(" warm.");
                }
            });
        }
        return text.append('\n').toString();
    }

    private String title(Tool tool) {
        return switch (tool) {
            case CONFITURE -> "Confiture " + version(tool.id, tool.jar);
            case FLYWAY_NEWEST, FLYWAY_BOOT -> "Flyway " + version(tool.id, tool.jar);
            case LIQUIBASE -> "Liquibase " + version(tool.id, tool.jar);
        };
    }

    private static void row(
            StringBuilder text, Map<Tool, Measured> results, String name, Function<Measured, String> cell) {
        text.append("| ").append(name).append(" | ");
        text.append(results.values().stream().map(cell).collect(Collectors.joining(" | ")));
        text.append(" |\n");
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.2f", value);
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }
}
