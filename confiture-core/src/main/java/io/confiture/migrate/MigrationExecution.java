package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.hook.HookContext.Direction;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import io.confiture.sql.SqlStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one migration up or down: its segments one after the other, each in a transaction or as a statement by itself, the
 * last of them together with the ledger's row. A migration that needs no segments is one transaction.
 */
final class MigrationExecution {
    private static final Logger log = LoggerFactory.getLogger(MigrationExecution.class);

    /**
     * A migration to run.
     *
     * @param script its up or down part
     * @param plan of all of the script
     * @param begunSegments what earlier runs have left of it
     * @param ledgerVersion the version as the ledger spells it; differs from the file's only for a rollback
     */
    record Step(
            LocalMigration migration,
            MigrationScript script,
            Direction direction,
            ScriptPlan plan,
            List<Progress.Entry> begunSegments,
            String ledgerVersion) {

        /** What is done to the migration, behind "could not be". */
        String verb() {
            return direction == Direction.UP ? "applied" : "rolled back";
        }
    }

    private final Run run;
    private final LockedSession locked;
    private final Session session;
    private final Step step;
    private final LocalMigration local;
    private final Migration migration;
    private final StatementRunner statements;
    private final SegmentJournal journal;
    private final long startNanos = System.nanoTime();
    private final List<String> warnings = new ArrayList<>();
    private final MigrationHooks hooks;
    private final LoneStatement lone;

    private ScriptPlan plan;
    private boolean segmented;
    private boolean completing;

    /** What is committed by itself and has begun; null between such segments. */
    private ScriptPlan.@Nullable Segment underWay;

    private long rows;

    MigrationExecution(Run run, LockedSession locked, Step step) {
        this.run = run;
        this.locked = locked;
        this.session = locked.session();
        this.step = step;
        this.local = step.migration();
        this.migration = local.migration();
        this.statements = new StatementRunner(session, migration, step.script(), locked.watch());
        this.journal = new SegmentJournal(run.id(), locked, local, step.direction(), statements, step.begunSegments());
        this.hooks = new MigrationHooks(run, locked, migration, step.direction());
        this.plan = step.plan();
        this.lone = new LoneStatement(run.settings(), locked, step, statements, journal, hooks, this::warn);
    }

    /** Runs what is left to run. */
    MigrationResult execute() {
        return run.observed(local, step.direction(), this::executeSegments);
    }

    private MigrationResult executeSegments() {
        try (statements) {
            prepare();
            List<ScriptPlan.Segment> segments = plan.segments();
            boolean lastEndsMigration =
                    !segments.isEmpty() && segments.get(segments.size() - 1).transactional();
            for (int i = 0; i < segments.size(); i++) {
                runWithRetries(segments.get(i), lastEndsMigration && i == segments.size() - 1);
            }
            if (!lastEndsMigration) {
                runWithRetries(null, true);
            }
        } catch (SQLException e) {
            undo();
            throw hooks.onError(
                    Failures.of(
                            migration,
                            step.verb(),
                            statements.current(),
                            step.script().placeholders(),
                            statements.copyDataLine(),
                            e,
                            state(e)),
                    rows);
        } catch (RuntimeException e) {
            undo();
            throw hooks.onError(e, rows);
        } catch (Error e) {
            undo();
            throw e;
        }
        return succeeded();
    }

    /** Rolls back what is open, and what committed segments have set in the session: the lock may outlive this run. */
    private void undo() {
        session.rollback();
        if (segmented && !session.isBroken()) {
            try {
                session.uncancelled(() -> {
                    session.reset();
                    return true;
                });
            } catch (SQLException e) {
                // Nothing may run in a session of which nobody knows role and search path.
                session.abort();
            }
        }
    }

    private MigrationResult succeeded() {
        Duration duration = Duration.ofNanos(System.nanoTime() - startNanos);
        MigrationAction action =
                step.direction() == Direction.UP ? MigrationAction.APPLIED : MigrationAction.ROLLED_BACK;
        run.committed(migration, action, duration, rows);
        warnings.addAll(hooks.afterCommit(rows));
        return new MigrationResult(migration, action, duration, step.script()::sql, rows, warnings);
    }

    private void prepare() throws SQLException {
        if (!step.begunSegments().isEmpty()) {
            resume();
        }
        if (local.repeatable()) {
            journal.prepare();
        }
        if (segmented || !plan.transactional()) {
            becomeSegmented();
            refuseSessionChangesBehindPooler();
            journal.prepare();
        }
        if (plan.skipOuter()) {
            warn(step.script().file() + " begins with BEGIN and ends with COMMIT; both are left out: a migration is a"
                    + " transaction anyway");
        }
    }

    private void becomeSegmented() {
        segmented = true;
        hooks.segmented();
    }

    /** Checks that what is committed is still what the file says, decides about what was under way, and goes on there. */
    private void resume() throws SQLException {
        becomeSegmented();
        int next = 1;
        for (Progress.Entry segment : step.begunSegments()) {
            if (segment.state() == Progress.State.DONE) {
                requireUnchanged(segment);
                next = Math.max(next, segment.toStatement() + 1);
            }
        }
        if (next > 1) {
            hooks.committed("statements 1 to " + (next - 1));
        }
        // Before anything is decided: the names of an unfinished statement are found on the path that the script set.
        statements.replaySessionChanges(next);
        for (Progress.Entry segment : step.begunSegments()) {
            if (segment.state() != Progress.State.DONE && tookEffect(segment)) {
                requireUnchanged(segment);
                next = Math.max(next, segment.toStatement() + 1);
                hooks.committed("statement " + segment.toStatement());
            }
        }
        log.info(
                "{} goes on at statement {} of {}",
                migration.id(),
                next,
                step.script().file());
        plan = ScriptPlan.of(migration, step.script(), next);
    }

    private boolean tookEffect(Progress.Entry segment) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return journal.tookEffect(segment, run.settings());
            } catch (SQLException e) {
                awaitRetry(e, attempt);
            }
        }
    }

    /** @throws SQLException the failure, if it is none after which to try again, or was met too often */
    private void awaitRetry(SQLException failure, int attempt) throws SQLException {
        ServerError error = ServerError.of(failure);
        if (!error.retryable() || attempt > run.settings().retries()) {
            throw failure;
        }
        warn(migration.id() + " met \"" + step.script().placeholders().withoutValues(error.message())
                + "\" and is tried again (" + attempt + " of " + run.settings().retries() + ")");
        Backoff.await(attempt, migration);
    }

    private void requireUnchanged(Progress.Entry segment) {
        String now = ScriptPlan.checksum(step.script(), segment.fromStatement(), segment.toStatement());
        if (!now.equals(segment.checksum())) {
            throw new MigrationException(
                    ErrorCode.PARTIAL_CHANGED,
                    "Migration " + migration.id() + " was interrupted, and statements " + segment.fromStatement()
                            + " to " + segment.toStatement() + " of "
                            + step.script().file()
                            + ", which are committed, have been changed since. Nothing was run",
                    "Put these statements back as they were; those after them may be changed.",
                    Place.of(migration.id(), step.script().file(), 1, 1));
        }
    }

    private void refuseSessionChangesBehindPooler() {
        SqlStatement change = locked.transactionPooler() ? statements.firstSessionChange() : null;
        if (change != null) {
            throw new MigrationException(
                    ErrorCode.REFUSED_SETTING,
                    "Migration " + migration.id() + " is committed in pieces and changes the session at "
                            + change.file() + ":" + change.start().line() + ", which does not last from one piece to"
                            + " the next behind a transaction pooler. Nothing of it was run",
                    "Qualify names with their schema instead, or migrate past the pooler (confiture.url).",
                    Place.of(
                            migration.id(),
                            change.file(),
                            change.start().line(),
                            change.start().column()));
        }
    }

    private void runWithRetries(ScriptPlan.@Nullable Segment segment, boolean endsMigration) throws SQLException {
        boolean alone = segment != null && !segment.transactional();
        for (int attempt = 1; ; attempt++) {
            long rowsBefore = rows;
            boolean hooksBefore = hooks.calledBefore();
            underWay = segment;
            try {
                if (segment != null && alone) {
                    rows += attempt == 1 ? lone.run(segment) : lone.runAgain(segment);
                    hooks.committed(segment);
                } else {
                    runInTransaction(segment, endsMigration);
                }
                statements.committed();
                underWay = null;
                return;
            } catch (SQLException e) {
                session.rollback();
                if (!mayRunAgain(e)) {
                    throw e;
                }
                awaitRetry(e, attempt);
                rows = rowsBefore;
                if (!alone) {
                    // A veto or a write of a hook in the transaction that was rolled back has to happen again.
                    hooks.forgetCalledBefore(hooksBefore);
                }
                statements.restart();
            }
        }
    }

    private boolean mayRunAgain(SQLException failure) {
        JavaMigration java = local.java();
        boolean undone = !(failure instanceof JavaFailure thrown && thrown.endedTransaction());
        return java == null || (java.retryable() && undone);
    }

    private void runInTransaction(ScriptPlan.@Nullable Segment segment, boolean endsMigration) throws SQLException {
        completing = false;
        session.beginTransaction();
        locked.setLocalTimeouts(plan.directives(), run.settings());
        hooks.before();
        JavaMigration java = local.java();
        if (segment != null) {
            rows += statements.run(segment);
        } else if (java != null) {
            new JavaExecution(run, session, java, step.direction()).execute();
        }
        if (endsMigration) {
            if (segmented || plan.mayChangeSession() || java != null) {
                // Before the hooks, so that they see what deferred constraints make of it, and before the ledger is
                // written: it is ours, not that of a role the script has taken on.
                session.reset();
            }
            if (step.direction() == Direction.UP) {
                Verification.requirePassed(session, local, plan.directives(), run.settings(), null, this::undone);
            }
            hooks.after(rows);
            writeLedger();
            completing = true;
        } else if (segment != null) {
            journal.done(segment);
        }
        session.commit();
        completing = false;
        if (!endsMigration && segment != null) {
            hooks.committed(segment);
        }
    }

    private void writeLedger() throws SQLException {
        long millis = (System.nanoTime() - startNanos) / 1_000_000;
        Records records = new Records(session, locked, run.id());
        boolean written = step.direction() == Direction.UP
                ? records.applied(local, millis)
                : records.rolledBack(step.ledgerVersion());
        if (!written) {
            throw Run.lockLost(migration.id(), locked.lock());
        }
        if (segmented) {
            journal.forgetAll();
        }
    }

    private String state(SQLException failure) {
        if (failure instanceof JavaFailure java && java.endedTransaction()) {
            return "what " + migration.id()
                    + " did before it ended the transaction may be committed, the rest is rolled"
                    + " back; in the ledger nothing has changed.";
        }
        ServerError error = ServerError.of(failure);
        if (completing && error.commitUnanswered()) {
            return "the connection broke while Confiture was committing; whether " + migration.id() + " is "
                    + step.verb() + " is in the ledger, which the next start reads.";
        }
        if (underWay != null && (error.commitUnanswered() || !underWay.transactional() && error.connectionLost())) {
            return committedSoFar() + ". Whether " + MigrationHooks.describe(underWay)
                    + " took effect as well could not be told before the connection broke; the next start finds out.";
        }
        return undone();
    }

    private String undone() {
        return segmented
                ? committedSoFar() + ". The next start goes on after them."
                : "rolled back; nothing of " + migration.id() + " is " + step.verb() + ".";
    }

    private String committedSoFar() {
        return hooks.alreadyCommitted().isEmpty()
                ? "nothing of " + migration.id() + " is committed"
                : "of " + migration.id() + " these are committed and stay: "
                        + String.join(", ", hooks.alreadyCommitted());
    }

    private void warn(String warning) {
        log.warn("{}", warning);
        warnings.add(warning);
    }
}
