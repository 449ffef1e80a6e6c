package io.confiture.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs the workloads that the options name and prints their tables. Ends with 1 if Confiture asks more of the server than
 * {@link CallBudget} allows.
 */
final class Benchmarks {
    private final Options options;
    private final ToolJars jars;
    private final Path work;
    private final CallBudget budget = new CallBudget();
    private final StringBuilder report = new StringBuilder();

    private Benchmarks(Options options, ToolJars jars, Path work) {
        this.options = options;
        this.jars = jars;
        this.work = work;
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.parse(args);
        ToolJars jars = new ToolJars(Path.of(System.getProperty("benchmark.home", "samples/benchmarks/target")));
        Path work = Files.createTempDirectory("confiture-benchmark");
        Benchmarks benchmarks = new Benchmarks(options, jars, work);
        try {
            benchmarks.run();
        } finally {
            deleteTree(work);
        }
        List<String> broken = benchmarks.budget.broken();
        broken.forEach(line -> System.out.println("BUDGET BROKEN: " + line));
        if (!broken.isEmpty()) {
            System.exit(1);
        }
        if (options.workloads().contains(Options.MIGRATIONS) && options.tools().contains(Tool.CONFITURE)) {
            System.out.println("The call budgets hold: nothing to do ≤ " + CallBudget.NOTHING_TO_DO
                    + ", a migration ≤ " + CallBudget.PER_MIGRATION + ", one that changes the session ≤ "
                    + CallBudget.PER_SESSION_CHANGING_MIGRATION + ".");
        }
    }

    private void run() throws Exception {
        long begin = System.nanoTime();
        try (BenchmarkServer server = BenchmarkServer.start(false)) {
            tell(environment() + "; " + server.describe() + ", unless a table says otherwise.\n");
            if (options.workloads().contains(Options.MIGRATIONS)) {
                migrations(server);
            }
            if (options.workloads().contains(Options.CONTEXT)) {
                tell(new ContextWorkload(server, jars, work).run(options.repeats()));
            }
            if (options.workloads().contains(Options.SCHEMA)) {
                schema(server);
            }
        }
        if (options.workloads().contains(Options.MIGRATIONS)
                && !options.durable().isEmpty()) {
            durable();
        }
        if (options.workloads().contains(Options.SPLIT)) {
            tell(new SplitWorkload(jars, work).run(options.repeats(), options.dumps()));
        }
        tell("\nTaken in %d s.\n"
                .formatted(Duration.ofNanos(System.nanoTime() - begin).toSeconds()));
    }

    private void schema(BenchmarkServer server) throws Exception {
        BuildWorkload projects = new BuildWorkload(jars, work, options.python());
        int rounds = options.repeats();
        tell(projects.run(options.files(), rounds, options.cold()));
        tell(new ExecuteWorkload(server, projects, work, options.corpus()).run(rounds));
        tell(new EmptyStartWorkload(server, work).run(rounds));
        tell(new SeedWorkload(server, work).run(rounds));
        tell(new CloneWorkload(server, projects).run(rounds));
        tell(new CatalogWorkload(server).run(rounds));
    }

    private void migrations(BenchmarkServer server) throws Exception {
        MigrationWorkload workload = new MigrationWorkload(server, jars, work, budget);
        List<MigrationResults> all = new ArrayList<>();
        for (int size : options.sizes()) {
            MigrationResults results =
                    workload.measure(size, options.toolsFor(size), options.coldFor(size), options.repeats());
            if (results.tools().containsKey(Tool.CONFITURE) && size <= Options.LARGE) {
                results.of(Tool.CONFITURE).callsPerSessionChangingMigration = workload.callsOfSessionChange(size);
            }
            all.add(results);
            tell(results.table());
        }
        for (int size : options.alone()) {
            MigrationResults results =
                    workload.measure(size, List.of(Tool.CONFITURE), options.coldFor(size), options.repeats());
            all.add(results);
            tell(results.table());
        }
        if (!all.isEmpty()) {
            tell(MigrationResults.growth(all));
        }
    }

    private void durable() throws Exception {
        try (BenchmarkServer server = BenchmarkServer.start(true)) {
            tell("\n" + server.describe() + ":\n");
            // The folders of the other rounds hold what was one more pending there.
            MigrationWorkload workload = new MigrationWorkload(server, jars, work.resolve("durable"), budget);
            for (int size : options.durable()) {
                tell(workload.measure(size, options.toolsIfDurable(), 1, 0).table());
            }
        }
    }

    /** Tells at once, so that an end that comes too early loses nothing. */
    private void tell(String text) throws IOException {
        System.out.println(text);
        report.append(text);
        if (options.markdown() != null) {
            Files.writeString(options.markdown(), report);
        }
    }

    private String environment() throws IOException {
        return "%s, %d processors (%s), %s %s; Java %s; HikariCP %s, driver %s"
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        processor(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.version(),
                        jars.hikari(),
                        jars.driver());
    }

    private static String processor() throws IOException {
        Path facts = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(facts)) {
            return "model unknown";
        }
        try (Stream<String> lines = Files.lines(facts)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("model unknown");
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }
}
