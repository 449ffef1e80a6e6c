package io.confiture.build;

import io.confiture.build.SeedFileResult.Outcome;
import io.confiture.config.SeedConfig;
import io.confiture.config.SeedConfig.ExecutionMode;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loads seed files on one session, in the transactions that the configuration asks for. */
final class SeedRun {
    private final Session session;
    private final SeedConfig config;
    private final boolean once;
    private final String schema;

    private final List<SeedFileResult> results = new ArrayList<>();
    private final long start = System.nanoTime();
    private SeedScript.@Nullable Stop stopped;
    private @Nullable SeedHistory history;

    /**
     * @param once whether files that were loaded before are passed over, and those loaded now recorded
     * @param schema where the record of loaded files is
     */
    SeedRun(Session session, SeedConfig config, boolean once, String schema) {
        this.session = session;
        this.config = config;
        this.once = once;
        this.schema = schema;
    }

    /** Why it was stopped; null if it went to the end. */
    SeedScript.@Nullable Stop stopped() {
        return stopped;
    }

    /** Loads the files; tells of each what became of it. */
    SeedReport run(List<SeedPlan> files) throws SQLException {
        boolean each = config.executionMode() == ExecutionMode.SEQUENTIAL
                && config.transactionMode() == SeedConfig.TransactionMode.TRANSACTION;
        if (each) {
            for (SeedPlan file : files) {
                together(List.of(file));
            }
        } else {
            together(files);
        }
        return new SeedReport(results, since(start));
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** One transaction. */
    private void together(List<SeedPlan> files) throws SQLException {
        if (stopped != null) {
            files.forEach(file -> results.add(unloaded(file, Outcome.NOT_RUN, null)));
            return;
        }
        int first = results.size();
        session.beginTransaction();
        try {
            if (once) {
                history = SeedHistory.open(session, schema);
            }
            for (SeedPlan file : files) {
                results.add(stopped == null ? load(file) : unloaded(file, Outcome.NOT_RUN, null));
            }
            if (stopped == null && !files.isEmpty()) {
                fireDeferred(files.get(files.size() - 1), first);
            }
            if (stopped == null) {
                session.commit();
            }
        } finally {
            session.rollback();
        }
        if (stopped != null) {
            for (int i = first; i < results.size(); i++) {
                SeedFileResult result = results.get(i);
                if (result.outcome() == Outcome.LOADED) {
                    results.set(i, with(result, Outcome.ROLLED_BACK, null));
                }
            }
            if (config.continueOnError() && files.size() == 1) {
                stopped = null;
            }
        }
    }

    /** What is checked at the end of a transaction: afterwards a COMMIT has nothing more to refuse. */
    private void fireDeferred(SeedPlan last, int first) throws SQLException {
        try {
            session.execute("SET CONSTRAINTS ALL IMMEDIATE");
        } catch (SQLException e) {
            SeedFailures.requireGoingOn(e);
            SeedFailure failure = SeedFailures.ofDeferred(last, e);
            stopped = new SeedScript.Stop(failure, e);
            int index = results.size() - 1;
            while (index > first && results.get(index).outcome() != Outcome.LOADED) {
                index--;
            }
            results.set(index, with(results.get(index), Outcome.FAILED, failure));
        }
    }

    private SeedFileResult load(SeedPlan plan) throws SQLException {
        SeedHistory record = history;
        String checksum = "";
        if (record != null) {
            checksum = SeedHistory.checksum(plan.file());
            String before = record.loaded(plan.file());
            if (checksum.equals(before)) {
                return unloaded(plan, Outcome.ALREADY_LOADED, null);
            }
            if (before != null) {
                return changed(plan);
            }
        }
        boolean sequential = config.executionMode() == ExecutionMode.SEQUENTIAL;
        long begin = System.nanoTime();
        SeedScript script = new SeedScript(session, plan, null);
        if (sequential) {
            session.execute("SAVEPOINT confiture_file");
        }
        try {
            script.run();
            if (sequential) {
                if (script.changesSession()) {
                    session.resetSettings();
                }
                session.execute("RELEASE SAVEPOINT confiture_file");
            }
            if (record != null) {
                record.record(plan.file(), checksum);
            }
            return result(plan, Outcome.LOADED, script, begin, null);
        } catch (SeedScript.Stop e) {
            if (sequential && config.continueOnError()) {
                session.execute("ROLLBACK TO SAVEPOINT confiture_file");
                session.execute("RELEASE SAVEPOINT confiture_file");
            } else {
                stopped = e;
            }
            return result(plan, Outcome.FAILED, script, begin, e.failure());
        }
    }

    private SeedFileResult changed(SeedPlan plan) {
        SeedFailure failure = new SeedFailure(
                plan.file().location(),
                1,
                1,
                null,
                null,
                null,
                "it was loaded before with another text, and what that has left is not known. To load it as it is now,"
                        + " undo the former by hand and delete its row in " + schema + "." + SeedHistory.TABLE,
                "");
        if (config.executionMode() != ExecutionMode.SEQUENTIAL || !config.continueOnError()) {
            stopped = new SeedScript.Stop(failure, null);
        }
        return unloaded(plan, Outcome.FAILED, failure);
    }

    private static SeedFileResult unloaded(SeedPlan plan, Outcome outcome, @Nullable SeedFailure failure) {
        return new SeedFileResult(plan.file().location(), outcome, 0, 0, 0, Duration.ZERO, failure);
    }

    private static SeedFileResult result(
            SeedPlan plan, Outcome outcome, SeedScript script, long begin, @Nullable SeedFailure failure) {
        return new SeedFileResult(
                plan.file().location(),
                outcome,
                script.statements(),
                script.rows(),
                script.copiedRows(),
                since(begin),
                failure);
    }

    private static SeedFileResult with(SeedFileResult result, Outcome outcome, @Nullable SeedFailure failure) {
        return new SeedFileResult(
                result.file(),
                outcome,
                result.statements(),
                result.rows(),
                result.copiedRows(),
                result.duration(),
                failure);
    }
}
