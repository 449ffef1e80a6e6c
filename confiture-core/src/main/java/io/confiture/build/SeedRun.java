package io.confiture.build;

import io.confiture.build.SeedFileResult.Outcome;
import io.confiture.config.SeedConfig;
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
    private final SeedScript.@Nullable Outside outside;

    private final List<SeedFileResult> results = new ArrayList<>();
    private final long start = System.nanoTime();
    private SeedScript.@Nullable Stop stopped;
    private @Nullable SeedHistory history;
    private @Nullable SchemaFile lastCommitted;
    private long bytes;

    /**
     * @param once whether files that were loaded before are passed over, and those loaded now recorded
     * @param schema where the record of loaded files is
     */
    SeedRun(Session session, SeedConfig config, boolean once, String schema) {
        this(session, config, once, schema, null);
    }

    private SeedRun(
            Session session, SeedConfig config, boolean once, String schema, SeedScript.@Nullable Outside outside) {
        this.session = session;
        this.config = config;
        this.once = once;
        this.schema = schema;
        this.outside = outside;
    }

    /** For seeds that are run with their schema, of which nothing is recorded. */
    static SeedRun withSchema(Session session, SeedConfig config, SeedScript.Outside outside) {
        return new SeedRun(session, config, false, "", outside);
    }

    /** The last file of those committed by now; null for none. */
    @Nullable
    SchemaFile lastCommitted() {
        return lastCommitted;
    }

    /** How much of the files was read. */
    long bytes() {
        return bytes;
    }

    /** Why it was stopped; null if it went to the end. */
    SeedScript.@Nullable Stop stopped() {
        return stopped;
    }

    /** Loads the files; tells of each what became of it. */
    SeedReport run(List<SchemaFile> files) throws SQLException {
        if (SeedTransactions.each(config)) {
            for (SchemaFile file : files) {
                together(List.of(file));
            }
        } else {
            together(files);
        }
        return new SeedReport(results, since(start));
    }

    /** Loads the files within the transaction that is open, which goes on; it has failed if this was stopped. */
    SeedReport within(List<SchemaFile> files) throws SQLException {
        for (SchemaFile file : files) {
            results.add(stopped == null ? load(file) : unloaded(file, Outcome.NOT_RUN, null));
        }
        return new SeedReport(results, since(start));
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** One transaction. */
    private void together(List<SchemaFile> files) throws SQLException {
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
            for (SchemaFile file : files) {
                results.add(stopped == null ? load(file) : unloaded(file, Outcome.NOT_RUN, null));
            }
            if (stopped == null && !files.isEmpty()) {
                fireDeferred(files.get(files.size() - 1), first);
            }
            if (stopped == null) {
                session.commit();
                lastCommitted = files.get(files.size() - 1);
            }
        } finally {
            session.rollback();
        }
        if (stopped != null) {
            rolledBack(results.subList(first, results.size()));
            if (config.continueOnError() && files.size() == 1) {
                stopped = null;
            }
        }
    }

    /** Says of files that their transaction did not hold. */
    static void rolledBack(List<SeedFileResult> results) {
        results.replaceAll(
                result -> result.outcome() == Outcome.LOADED ? with(result, Outcome.ROLLED_BACK, null) : result);
    }

    /** What is checked at the end of a transaction: afterwards a COMMIT has nothing more to refuse. */
    private void fireDeferred(SchemaFile last, int first) throws SQLException {
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

    private SeedFileResult load(SchemaFile file) throws SQLException {
        SeedHistory record = history;
        String checksum = "";
        if (record != null) {
            checksum = SeedHistory.checksum(file);
            String before = record.loaded(file);
            if (checksum.equals(before)) {
                return unloaded(file, Outcome.ALREADY_LOADED, null);
            }
            if (before != null) {
                return changed(file);
            }
        }
        boolean sequential = SeedTransactions.sequential(config);
        long begin = System.nanoTime();
        SeedScript script = new SeedScript(session, file, null, outside);
        if (sequential) {
            session.execute("SAVEPOINT confiture_file");
        }
        try {
            script.run();
            bytes += script.bytes();
            if (sequential) {
                if (script.changesSession()) {
                    session.resetSettings();
                }
                session.execute("RELEASE SAVEPOINT confiture_file");
            }
            if (record != null) {
                record.record(file, checksum);
            }
            return result(file, Outcome.LOADED, script, begin, null);
        } catch (SeedScript.Stop e) {
            if (sequential && config.continueOnError()) {
                session.execute("ROLLBACK TO SAVEPOINT confiture_file");
                session.execute("RELEASE SAVEPOINT confiture_file");
            } else {
                stopped = e;
            }
            return result(file, Outcome.FAILED, script, begin, e.failure());
        }
    }

    private SeedFileResult changed(SchemaFile file) {
        SeedFailure failure = new SeedFailure(
                file.location(),
                1,
                1,
                null,
                null,
                null,
                "it was loaded before with another text, and what that has left is not known. To load it as it is now,"
                        + " undo the former by hand and delete its row in " + schema + "." + SeedHistory.TABLE,
                "");
        if (!SeedTransactions.sequential(config) || !config.continueOnError()) {
            stopped = new SeedScript.Stop(failure, null);
        }
        return unloaded(file, Outcome.FAILED, failure);
    }

    private static SeedFileResult unloaded(SchemaFile file, Outcome outcome, @Nullable SeedFailure failure) {
        return new SeedFileResult(file.location(), outcome, 0, 0, 0, Duration.ZERO, failure);
    }

    private static SeedFileResult result(
            SchemaFile file, Outcome outcome, SeedScript script, long begin, @Nullable SeedFailure failure) {
        return new SeedFileResult(
                file.location(),
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
