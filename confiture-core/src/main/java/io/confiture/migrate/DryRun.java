package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.hook.HookContext.Direction;
import io.confiture.migrate.DryRunReport.Failure;
import io.confiture.migrate.DryRunReport.MigrationTrial;
import io.confiture.migrate.DryRunReport.Outcome;
import io.confiture.migrate.DryRunReport.StatementTrial;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import io.confiture.sql.SqlStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tries migrations one after the other within one open transaction, each behind a savepoint. What one of them did, the
 * next one finds. After one that failed nothing is tried; after something that was not tried, nothing is certain.
 */
final class DryRun {
    private static final String SAVEPOINT = "confiture_dry_run_migration";
    private static final int DETAILED_STATEMENTS = 1000;
    private static final Pattern COPY = Pattern.compile("(?i)^COPY\\b");
    /** Also what the server says when its table of locks is full. */
    private static final String OUT_OF_MEMORY = "53200";

    private static final String STATE = "this is a dry run; everything is rolled back.";

    private final LockedSession locked;
    private final Session session;
    private final Run run;
    private final MigratorSettings settings;
    private final boolean javaMigrations;
    private final DryRunLimit limit;
    private int detailed;
    private boolean anyTried;

    /** What was not run, so that nothing behind it proves anything. */
    private @Nullable String missing;

    /** Those that exist once a script has said of all how deferred they are; null as long as none has. */
    private @Nullable Set<String> constraints;

    /** Why nothing more is tried. */
    private @Nullable String stopped;

    /** @param missing what a run would have executed before, and this does not; null if there is nothing */
    DryRun(LockedSession locked, Run run, DryRunOptions options, @Nullable String missing) throws SQLException {
        this.missing = missing;
        this.locked = locked;
        this.session = locked.session();
        this.run = run;
        this.settings = run.settings();
        this.javaMigrations = options.javaMigrations();
        this.limit = new DryRunLimit(session, options.lockLimit());
    }

    /** @throws SQLException if the connection is lost or the run is cancelled */
    MigrationTrial attempt(MigrationExecution.Step step) throws SQLException {
        if (stopped == null && limit.over()) {
            stopped = limit.describe();
        }
        if (stopped != null) {
            return notTried(step, stopped);
        }
        if (!step.begunSegments().isEmpty()) {
            return missing(step, "an earlier run has begun it, and it is not one transaction");
        }
        if (Boolean.FALSE.equals(step.plan().directives().transactional())) {
            return missing(step, "transactional=false: its statements are committed one by one");
        }
        if (step.migration().java() != null && !javaMigrations) {
            return missing(
                    step,
                    "it is written in Java, and what it does outside of the database is not undone;"
                            + " DryRunOptions.javaMigrations(true) runs it");
        }
        MigrationTrial trial = new Attempt(step).run();
        anyTried = true;
        return trial;
    }

    private MigrationTrial missing(MigrationExecution.Step step, String why) {
        missing = step.migration().id();
        return notTried(step, why);
    }

    private static MigrationTrial notTried(MigrationExecution.Step step, String why) {
        return new MigrationTrial(
                step.migration().migration().version(),
                step.migration().migration().name(),
                Outcome.NOT_TRIED,
                why,
                null,
                Duration.ZERO,
                0,
                step.plan().statements(),
                List.of());
    }

    /** One migration. */
    private final class Attempt {
        private final MigrationExecution.Step step;
        private final LocalMigration local;
        private final Migration migration;
        private final StatementRunner runner;
        private final @Nullable String missingBefore = missing;
        private final List<StatementTrial> trials = new ArrayList<>();
        private final long startNanos = System.nanoTime();
        private Outcome outcome = missing == null ? Outcome.OK : Outcome.UNKNOWN;
        private @Nullable String detail = missing == null ? null : "passed without " + missing + ", which was not run";
        private @Nullable Failure failure;
        private long rows;
        private boolean saysOfAll;
        private int number;
        private long statementNanos;

        Attempt(MigrationExecution.Step step) {
            this.step = step;
            this.local = step.migration();
            this.migration = local.migration();
            this.runner = new StatementRunner(session, migration, step.script(), locked.watch());
        }

        MigrationTrial run() throws SQLException {
            Duration lockTimeout = step.plan().directives().lockTimeout();
            session.execute("SAVEPOINT " + SAVEPOINT + "; SET LOCAL lock_timeout = '"
                    + (lockTimeout == null ? settings.lockTimeout() : lockTimeout).toMillis() + "ms'");
            limit.begin(step.plan().directives(), settings);
            try (runner) {
                boolean whole = runStatements();
                runJava();
                if (stopped == null) {
                    finish(whole);
                    session.execute("RELEASE SAVEPOINT " + SAVEPOINT);
                } else {
                    undo();
                }
            } catch (SQLException e) {
                ServerError error = ServerError.of(e);
                if (error.connectionLost() || session.isBroken()) {
                    throw e;
                }
                failed(e, error);
                tellOfFailed();
                undo();
            } catch (MigrationException e) {
                failed(e);
                tellOfFailed();
                undo();
            }
            return new MigrationTrial(
                    migration.version(),
                    migration.name(),
                    outcome,
                    detail,
                    failure,
                    Duration.ofNanos(System.nanoTime() - startNanos),
                    rows,
                    step.plan().statements(),
                    trials);
        }

        private void undo() throws SQLException {
            try {
                session.execute("ROLLBACK TO SAVEPOINT " + SAVEPOINT);
                session.execute("RELEASE SAVEPOINT " + SAVEPOINT);
            } catch (SQLException e) {
                // No transaction, or another one: Java code can end the one it was given.
                if (ServerError.of(e).is("25P01") || ServerError.of(e).is("3B001")) {
                    throw new MigrationException(
                            ErrorCode.TRANSACTION_CONTROL,
                            "The dry run cannot be undone: " + migration.id()
                                    + " ended its transaction, so that what it"
                                    + " and those before it did may be committed; the ledger does not have them",
                            "Look at the database and undo by hand what is there; a migration must not commit.",
                            Place.of(migration.id()),
                            e);
                }
                throw e;
            }
        }

        /** Runs the statements up to the first that cannot be tried; whether that was all. */
        private boolean runStatements() throws SQLException {
            for (ScriptPlan.Segment segment : step.plan().segments()) {
                for (number = segment.fromStatement(); number <= segment.toStatement(); number++) {
                    SqlStatement statement = runner.at(number);
                    if (limit.over()) {
                        limitReached();
                        tell(statement, Outcome.NOT_TRIED, 0, detail, true);
                        return false;
                    }
                    if (!segment.transactional()) {
                        skip(statement, "cannot run in a transaction");
                        return false;
                    }
                    if (COPY.matcher(statement.text()).find() && !statement.copiesIn() && !statement.copiesOut()) {
                        skip(statement, "works with a file or program of the server, which no rollback undoes");
                        return false;
                    }
                    run(statement);
                }
            }
            return true;
        }

        private void runJava() throws SQLException {
            JavaMigration java = local.java();
            if (java != null) {
                limit.before();
                new JavaExecution(run, session, java, Direction.UP).execute();
            }
        }

        private void run(SqlStatement statement) throws SQLException {
            limit.before();
            statementNanos = System.nanoTime();
            long affected = runner.run(new ScriptPlan.Segment(number, number, true, ""));
            rows += affected;
            settleConstraints(statement);
            tell(statement, missingBefore == null ? Outcome.OK : Outcome.UNKNOWN, affected, null, false);
            limit.after(statement);
        }

        /** What an earlier script has said of all constraints would else hold for those that this one creates. */
        private void settleConstraints(SqlStatement statement) throws SQLException {
            if (DeferredConstraints.setsAll(statement)) {
                saysOfAll = true;
            } else if (constraints != null && !saysOfAll) {
                DeferredConstraints.settle(session, constraints);
            }
        }

        private void skip(SqlStatement statement, String why) {
            String at = statement.file() + ":" + statement.start().line();
            tell(statement, Outcome.NOT_TRIED, 0, why, true);
            outcome = Outcome.NOT_TRIED;
            detail = at + " " + why + "; it and what follows it were not tried";
            missing = at;
        }

        private void limitReached() {
            stopped = limit.describe();
            outcome = Outcome.NOT_TRIED;
            detail = stopped;
        }

        /** What happens before a commit. */
        private void finish(boolean whole) throws SQLException {
            limit.before();
            DeferredConstraints.check(session);
            if (saysOfAll || constraints != null) {
                constraints = DeferredConstraints.names(session);
            }
            if (step.plan().mayChangeSession() || local.java() != null) {
                session.resetSettings();
                // The script may have ended as a role that has not seen all of them.
                DeferredConstraints.check(session);
            }
            if (whole) {
                Verification.requirePassed(
                        session, local, step.plan().directives(), settings, limit.left(), () -> STATE);
            }
            // The row in the ledger is written only if the script has left that possible, and while the lock is held. A
            // script can give it away.
            locked.ledger().checkInsert(session);
            locked.requireLock(migration.id());
        }

        private void failed(SQLException e, ServerError error) {
            if (limit.met(error.sqlState())) {
                limitReached();
            } else if (wantsCommitBefore(error)) {
                outcome = Outcome.NOT_TRIED;
                detail = "a dry run is one transaction, in which this cannot be tried: "
                        + step.script().placeholders().withoutValues(error.message()) + " [" + error.sqlState() + "]";
                missing = migration.id();
            } else if (anyTried && error.is(OUT_OF_MEMORY)) {
                tooMuchAtOnce(step.script().placeholders().withoutValues(error.message()));
            } else {
                failed(Failures.of(
                        migration,
                        "applied",
                        runner.current(),
                        step.script().placeholders(),
                        runner.copyDataLine(),
                        e,
                        STATE));
            }
        }

        /** What runs only as the first of a transaction, or uses an enum value that a migration before it has added. */
        private boolean wantsCommitBefore(ServerError error) {
            return error.is("25001") || error.is("55P04") && anyTried;
        }

        /** A run gives back after each migration what this transaction holds of all of them. */
        private void tooMuchAtOnce(String said) {
            outcome = Outcome.NOT_TRIED;
            detail = "a dry run is one transaction, and holds more than the server has room for: " + said + " ["
                    + OUT_OF_MEMORY + "]; raise max_locks_per_transaction of the server, or take a target before this"
                    + " migration and apply that before the rest is tried";
            stopped = "it comes after " + migration.id() + ", for which the server had no room";
        }

        private void failed(MigrationException e) {
            if (limit.met(e.sqlState())) {
                limitReached();
                return;
            }
            if (anyTried && OUT_OF_MEMORY.equals(e.sqlState())) {
                tooMuchAtOnce("the server has no memory left");
                return;
            }
            failure = Failure.of(e);
            String where = e.file() == null ? "failed" : "failed at " + e.file() + ":" + e.line();
            outcome = missingBefore == null ? Outcome.FAILED : Outcome.UNKNOWN;
            detail = missingBefore == null ? where : where + " without " + missingBefore + ", which was not run";
            stopped = "it comes after " + migration.id() + ", which failed";
        }

        private void tellOfFailed() {
            if (runner.current() != null) {
                tell(runner.current(), outcome, 0, detail, true);
            }
        }

        private void tell(
                SqlStatement statement, Outcome how, long affected, @Nullable String why, boolean whateverTheirNumber) {
            if (detailed < DETAILED_STATEMENTS || whateverTheirNumber) {
                detailed++;
                trials.add(new StatementTrial(
                        number,
                        statement.file(),
                        statement.start().line(),
                        Excerpt.of(statement),
                        how,
                        Duration.ofNanos(System.nanoTime() - statementNanos),
                        affected,
                        why,
                        how == Outcome.OK ? null : failure));
            }
        }
    }
}
