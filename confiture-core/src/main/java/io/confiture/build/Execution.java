package io.confiture.build;

import io.confiture.config.SeedConfig;
import io.confiture.error.SchemaException;
import io.confiture.postgres.Session;
import io.confiture.postgres.StatementCall;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementEffect.TransactionControl;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of the sources on one session. */
final class Execution {
    private final Session session;
    private final List<SchemaFile> files;
    private final SeedConfig seeds;
    private final ExecuteOptions options;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();

    private @Nullable SchemaFile file;
    private @Nullable StatementCall call;
    private long begun;
    private long statements;
    private long bytes;
    private final List<SeedFileResult> seedResults = new ArrayList<>();
    /** How many of these are of seeds that are committed, or tell that nothing is. */
    private int seedsCommitted;
    /** What is committed, in words; null for nothing. */
    private @Nullable String committed;
    /** What is to be said of schemas that were to be emptied and do not exist; null if all do. */
    private @Nullable String absent;
    /** Whether a statement is under way that no transaction holds. */
    private boolean outside;

    Execution(Session session, List<SchemaFile> files, SeedConfig seeds, ExecuteOptions options) {
        this.session = session;
        this.files = files;
        this.seeds = seeds;
        this.options = options;
    }

    /** Runs all of it in transactions of its own. The session is prepared for work. */
    BuildResult run() {
        return told(() -> {
            check();
            begun = System.nanoTime();
            session.beginTransaction();
            Map<String, Long> before = CatalogCounts.read(session);
            ExistingObjects.drop(options.dropExisting(), session);
            if (options.transaction() == TransactionMode.SINGLE) {
                runFiles();
            } else {
                if (!options.dropExisting().isEmpty()) {
                    commit("what was in " + String.join(", ", options.dropExisting()) + " is dropped");
                }
                runFiles();
                commit("all " + files.size() + " files");
                begin();
            }
            session.reset();
            Map<String, Long> after = CatalogCounts.read(session);
            session.commit();
            return result(before, after);
        });
    }

    /** Runs all of it within the transaction that is open on the session, which goes on. */
    BuildResult runWithin() {
        return told(() -> {
            check();
            begun = System.nanoTime();
            Map<String, Long> before = CatalogCounts.read(session);
            ExistingObjects.drop(options.dropExisting(), session);
            runFiles();
            return result(before, CatalogCounts.read(session));
        });
    }

    private BuildResult told(Session.Work<BuildResult> work) {
        session.notices().listen((warning, text) -> (warning ? warnings : notices).add(text));
        try {
            return work.run();
        } catch (SQLException e) {
            throw BuildFailure.of(file, call, e, state());
        } finally {
            session.notices().listen(null);
        }
    }

    private void check() throws SQLException {
        ScriptCheck.Outcome outcome = ScriptCheck.of(files, SeedTransactions.sequential(seeds), options.transaction());
        LockTable.requireRoomFor(
                outcome.mostRelations() + ExistingObjects.relations(options.dropExisting(), session), session);
        warnings.addAll(outcome.warnings());
        absent = ExistingObjects.absent(options.dropExisting(), session);
        if (absent != null) {
            warnings.add(absent);
        }
    }

    private BuildResult result(Map<String, Long> before, Map<String, Long> after) {
        return new BuildResult(
                Duration.ofNanos(System.nanoTime() - begun),
                files.size(),
                statements,
                bytes,
                CatalogCounts.added(before, after),
                seedResults,
                warnings,
                notices);
    }

    private String state() {
        return changed() + (absent == null ? "" : "; " + absent);
    }

    private String changed() {
        if (outside) {
            return (committed == null ? "Nothing was committed before" : "Committed, and stays: " + committed)
                    + "; the statement ran outside of a transaction and may have left a part, such as an invalid index;"
                    + " the rest was not run";
        }
        return committed == null
                ? "Nothing was changed: all of it is rolled back"
                : "Committed, and stays: " + committed + "; the rest is rolled back or was not run";
    }

    private void runFiles() throws SQLException {
        int next = 0;
        while (next < files.size()) {
            int end = next + 1;
            if (files.get(next).seed()) {
                while (end < files.size() && files.get(end).seed()) {
                    end++;
                }
                runSeeds(files.subList(next, end));
            } else {
                run(files.get(next));
            }
            if (options.transaction() == TransactionMode.PER_FILE) {
                commit("the first " + end + " of " + files.size() + " files, up to "
                        + files.get(end - 1).location());
            }
            next = end;
        }
    }

    private void run(SchemaFile next) throws SQLException {
        file = next;
        try (CountedInput in = new CountedInput(next.open());
                ScriptReader reader = ScriptReader.open(next.location(), in, ScriptSection.WHOLE)) {
            for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                run(statement, reader);
            }
            bytes += in.count();
        } catch (IOException e) {
            throw SchemaText.unreadable(next, e, state());
        }
        file = null;
    }

    /** Seed files that follow each other. */
    private void runSeeds(List<SchemaFile> group) throws SQLException {
        SeedRun run = SeedRun.withSchema(session, seeds, this::runOutsideOfSeeds);
        begin();
        boolean sequential = SeedTransactions.sequential(seeds);
        SeedReport report;
        if (sequential) {
            session.resetSettings();
        }
        if (sequential && options.transaction() != TransactionMode.SINGLE) {
            commit("what stands before " + group.get(0).location());
            try {
                report = run.run(group);
            } finally {
                SchemaFile last = run.lastCommitted();
                committed = last == null ? committed : "what stands up to " + last.location();
            }
            seedResults.addAll(report.files());
            seedsCommitted = seedResults.size();
        } else {
            report = run.within(group);
            seedResults.addAll(report.files());
        }
        bytes += run.bytes();
        report.files().forEach(result -> statements += result.statements());
        SeedScript.Stop stopped = run.stopped();
        if (stopped != null) {
            throw failed(stopped, sequential);
        }
    }

    private void runOutsideOfSeeds(SchemaFile seed, SqlStatement statement) throws SQLException {
        file = seed;
        runOutside(statement);
        begin();
        file = null;
    }

    private SchemaException failed(SeedScript.Stop stopped, boolean sequential) {
        if (!sequential) {
            return BuildFailure.ofSeed(stopped, state());
        }
        SeedRun.rolledBack(seedResults.subList(seedsCommitted, seedResults.size()));
        SeedReport report = new SeedReport(seedResults, Duration.ofNanos(System.nanoTime() - begun));
        return BuildFailure.ofSeeds("The schema could not be built at", stopped, state(), report);
    }

    private void run(SqlStatement statement, ScriptReader reader) throws SQLException {
        if (statement.effect() instanceof TransactionControl) {
            return;
        }
        if (statement.changesSession()) {
            session.rememberSettingsOf(statement.text());
        }
        if (statement.effect().transactional()) {
            begin();
            call = new StatementCall(statement);
            call.send(session, reader);
            call = null;
        } else {
            runOutside(statement);
        }
        statements++;
    }

    private void runOutside(SqlStatement statement) throws SQLException {
        String before = statement.file() + ":" + statement.start().line();
        if (session.inTransaction()) {
            commit("what stands before " + before);
        }
        call = new StatementCall(statement);
        outside = true;
        session.execute(statement.text());
        outside = false;
        committed = "what stands up to " + before;
        call = null;
    }

    private void begin() throws SQLException {
        if (!session.inTransaction()) {
            session.beginTransaction();
        }
    }

    private void commit(String what) throws SQLException {
        if (session.inTransaction()) {
            session.commit();
        }
        committed = what;
        seedsCommitted = seedResults.size();
    }
}
