package io.confiture.benchmarks;

import io.confiture.benchmarks.MigrationResults.Measured;
import io.confiture.benchmarks.WorkerProcess.Taken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Applies generated migrations with each tool; then there is nothing to do; then there is one more. */
final class MigrationWorkload {
    private final BenchmarkServer server;
    private final ToolJars jars;
    private final Path work;
    private final CallBudget budget;

    MigrationWorkload(BenchmarkServer server, ToolJars jars, Path work, CallBudget budget) {
        this.server = server;
        this.jars = jars;
        this.work = work;
        this.budget = budget;
    }

    /**
     * Takes turns among the tools, so that what else the machine does meets all of them.
     *
     * @param cold runs that are the first of a new JVM
     * @param repeats runs in a JVM that has run the tool before; beyond {@link Options#LARGE} migrations none that apply all
     */
    MigrationResults measure(int size, List<Tool> tools, int cold, int repeats) throws Exception {
        Map<Tool, String> titles = new EnumMap<>(Tool.class);
        for (Tool tool : tools) {
            titles.put(tool, jars.title(tool));
        }
        MigrationResults results = new MigrationResults(size, titles);
        try (Round round = new Round(results)) {
            round.apply(cold, size <= Options.LARGE ? repeats : 0);
            round.nothingToDo(cold, repeats);
            round.oneMore(cold, repeats);
        }
        for (Tool tool : results.tools().keySet()) {
            Path one = MigrationFiles.write(work.resolve(tool.id + "-1"), tool, 1);
            Measured measured = results.of(tool);
            measured.callsPerMigration = (measured.callsOfApply - callsOfApply(tool, one, 1)) / (size - 1.0);
        }
        if (tools.contains(Tool.CONFITURE)) {
            Measured confiture = results.of(Tool.CONFITURE);
            budget.nothingToDo(confiture.callsOfNothingToDo);
            budget.perMigration(confiture.callsPerMigration);
        }
        return results;
    }

    /** SQL calls of each further migration of Confiture that changes the session. */
    double callsOfSessionChange(int size) throws Exception {
        Path one = MigrationFiles.writeSessionChanging(work.resolve("session-1"), 1);
        Path all = MigrationFiles.writeSessionChanging(work.resolve("session-" + size), size);
        long first = callsOfApply(Tool.CONFITURE, one, 1);
        double each = (callsOfApply(Tool.CONFITURE, all, size) - first) / (size - 1.0);
        budget.perSessionChangingMigration(each);
        return each;
    }

    /** One folder and one database a tool, in which everything is applied, and the JVMs at work. */
    private final class Round implements AutoCloseable {
        private final MigrationResults results;
        private final Map<Tool, Path> folders = new EnumMap<>(Tool.class);
        private final Map<Tool, String> applied = new EnumMap<>(Tool.class);
        private final Map<Tool, WorkerProcess> workers = new EnumMap<>(Tool.class);
        private int migrations;

        Round(MigrationResults results) throws Exception {
            this.results = results;
            this.migrations = results.size();
            for (Tool tool : results.tools().keySet()) {
                folders.put(tool, MigrationFiles.write(work.resolve(tool.id + "-" + migrations), tool, migrations));
                applied.put(tool, server.createDatabase());
            }
        }

        void apply(int cold, int repeats) throws Exception {
            progress("apply, new JVM");
            for (int i = 0; i < cold; i++) {
                for (Map.Entry<Tool, Measured> entry : results.tools().entrySet()) {
                    Tool tool = entry.getKey();
                    String database = i == 0 ? applied(tool) : server.createDatabase();
                    entry.getValue().applyCold.add(apply(restart(tool), tool, database));
                    entry.getValue().callsOfApply = server.calls().count(database) - 1; // the check's
                    if (i > 0) {
                        server.dropDatabase(database);
                    }
                }
            }
            progress("apply, warm JVM");
            for (int i = 0; i < repeats; i++) {
                for (Map.Entry<Tool, Measured> entry : results.tools().entrySet()) {
                    String database = server.createDatabase();
                    entry.getValue().applyWarm.add(apply(worker(entry.getKey()), entry.getKey(), database));
                    server.dropDatabase(database);
                }
            }
        }

        void nothingToDo(int cold, int repeats) throws Exception {
            progress("nothing to do");
            for (int i = 0; i < cold + repeats; i++) {
                for (Map.Entry<Tool, Measured> entry : results.tools().entrySet()) {
                    Tool tool = entry.getKey();
                    Measured measured = entry.getValue();
                    WorkerProcess worker = i < cold ? restart(tool) : worker(tool);
                    (i < cold ? measured.nothingCold : measured.nothingWarm).add(run(worker, tool, applied(tool)));
                    measured.callsOfNothingToDo = server.calls().count(applied(tool));
                }
            }
        }

        void oneMore(int cold, int repeats) throws Exception {
            progress("one more pending");
            for (int i = 0; i < cold + repeats; i++) {
                migrations++;
                for (Map.Entry<Tool, Measured> entry : results.tools().entrySet()) {
                    Tool tool = entry.getKey();
                    Measured measured = entry.getValue();
                    MigrationFiles.writeOne(folder(tool), tool, migrations);
                    WorkerProcess worker = i < cold ? restart(tool) : worker(tool);
                    (i < cold ? measured.oneMoreCold : measured.oneMoreWarm).add(apply(worker, tool, applied(tool)));
                    measured.callsOfOneMore = server.calls().count(applied(tool)) - 1; // the check's
                }
            }
        }

        private Taken apply(WorkerProcess worker, Tool tool, String database) throws Exception {
            Taken taken = run(worker, tool, database);
            check(database, migrations);
            return taken;
        }

        private Taken run(WorkerProcess worker, Tool tool, String database) throws Exception {
            return MigrationWorkload.this.run(worker, database, folder(tool));
        }

        private WorkerProcess restart(Tool tool) throws IOException {
            WorkerProcess before = workers.remove(tool);
            if (before != null) {
                before.close();
            }
            WorkerProcess worker = start(tool);
            workers.put(tool, worker);
            return worker;
        }

        private WorkerProcess worker(Tool tool) throws IOException {
            WorkerProcess worker = workers.get(tool);
            return worker == null ? restart(tool) : worker;
        }

        private String applied(Tool tool) {
            return Objects.requireNonNull(applied.get(tool));
        }

        private Path folder(Tool tool) {
            return Objects.requireNonNull(folders.get(tool));
        }

        private void progress(String what) {
            System.err.println(results.size() + " migrations: " + what + " …");
        }

        @Override
        public void close() throws Exception {
            for (WorkerProcess worker : workers.values()) {
                worker.close();
            }
            for (String database : applied.values()) {
                server.dropDatabase(database);
            }
        }
    }

    private long callsOfApply(Tool tool, Path folder, int size) throws Exception {
        String database = server.createDatabase();
        try (WorkerProcess worker = start(tool)) {
            run(worker, database, folder);
            check(database, size);
            return server.calls().count(database) - 1; // the check's
        } finally {
            server.dropDatabase(database);
        }
    }

    private Taken run(WorkerProcess worker, String database, Path folder) throws Exception {
        worker.open(server.clientUrl(database));
        server.calls().reset(database);
        Taken taken = worker.run(folder);
        worker.closePool();
        return taken;
    }

    /** After the calls of the tool, so not to be counted among them: the check has a connection of its own. */
    private void check(String database, int migrations) throws Exception {
        long before = server.calls().count(database);
        int tables = server.tables(database);
        if (tables != migrations) {
            throw new IllegalStateException("Applied " + tables + " of " + migrations + " migrations");
        }
        if (server.calls().count(database) != before + 1) {
            throw new IllegalStateException("The server's count is not exact");
        }
    }

    private WorkerProcess start(Tool tool) throws IOException {
        return WorkerProcess.start(tool.runner, jars.classPath(tool));
    }
}
