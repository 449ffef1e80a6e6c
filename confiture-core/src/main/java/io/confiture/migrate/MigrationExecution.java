package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.hook.HookContext;
import io.confiture.hook.HookContext.Direction;
import io.confiture.hook.HookPoint;
import io.confiture.postgres.Secrets;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import io.confiture.sql.SqlStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
            SqlMigration migration,
            MigrationScript script,
            Direction direction,
            ScriptPlan plan,
            List<Progress.Entry> begunSegments,
            String ledgerVersion) {}

    private final Run run;
    private final LockedSession locked;
    private final Session session;
    private final Step step;
    private final SqlMigration migration;
    private final Progress progress;
    private final StatementRunner statements;
    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> alreadyCommitted = new ArrayList<>();

    private ScriptPlan plan;
    private boolean segmented;
    private boolean hooksCalledBefore;
    private long rows;

    MigrationExecution(Run run, LockedSession locked, Step step) {
        this.run = run;
        this.locked = locked;
        this.session = locked.session();
        this.step = step;
        this.migration = step.migration();
        this.progress = new Progress(locked.ledger());
        this.statements = new StatementRunner(session, migration, step.script(), locked.watch());
        this.plan = step.plan();
    }

    /** Runs what is left to run. */
    MigrationResult execute() {
        try {
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
            throw toldToHooks(Failures.of(
                    migration, verb(), statements.current(), statements.copyDataLine(), e, state(ServerError.of(e))));
        } catch (RuntimeException e) {
            undo();
            throw toldToHooks(e);
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
                session.reset();
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
        if (!run.hooks().isEmpty()) {
            HookContext.Builder context = context(HookPoint.AFTER_COMMIT)
                    .status(HookContext.Status.SUCCESS)
                    .endTime(Instant.now());
            warnings.addAll(run.hooks().call(context.build()));
        }
        return new MigrationResult(migration, action, duration, step.script()::sql, rows, warnings);
    }

    private void prepare() throws SQLException {
        if (!step.begunSegments().isEmpty()) {
            resume();
        }
        segmented |= !plan.transactional();
        if (segmented) {
            refuseSessionChangesBehindPooler();
            locked.createProgressIfAbsent(progress);
        }
        if (plan.skipOuter()) {
            warn(step.script().file() + " begins with BEGIN and ends with COMMIT; both are left out: a migration is a"
                    + " transaction anyway");
        }
    }

    /** Checks that what is committed is still what the file says, decides about what was under way, and goes on there. */
    private void resume() throws SQLException {
        segmented = true;
        int next = 1;
        for (Progress.Entry segment : step.begunSegments()) {
            if (segment.state() == Progress.State.DONE) {
                requireUnchanged(segment);
                next = Math.max(next, segment.toStatement() + 1);
            }
        }
        // Before anything is decided: the names of an unfinished statement are found on the path that the script set.
        statements.replaySessionChanges(next);
        for (Progress.Entry segment : step.begunSegments()) {
            if (segment.state() != Progress.State.DONE
                    && new UnfinishedSegment(session, progress, run.settings(), migration).tookEffect(segment)) {
                requireUnchanged(segment);
                next = Math.max(next, segment.toStatement() + 1);
            }
        }
        if (next > 1) {
            alreadyCommitted.add("statements 1 to " + (next - 1));
        }
        log.info(
                "{} goes on at statement {} of {}",
                migration.id(),
                next,
                step.script().file());
        plan = ScriptPlan.of(migration, step.script(), next);
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
        for (int attempt = 1; ; attempt++) {
            long rowsBefore = rows;
            boolean hooksBefore = hooksCalledBefore;
            try {
                if (segment == null || segment.transactional()) {
                    runInTransaction(segment, endsMigration);
                } else {
                    runAlone(segment);
                }
                return;
            } catch (SQLException e) {
                session.rollback();
                ServerError error = ServerError.of(e);
                if (!error.retryable() || attempt > run.settings().retries()) {
                    throw e;
                }
                rows = rowsBefore;
                // A veto or a write of a hook in the transaction that was rolled back has to happen again.
                hooksCalledBefore = hooksBefore;
                warn(migration.id() + " met \"" + error.message() + "\" and is tried again (" + attempt + " of "
                        + run.settings().retries() + ")");
                Backoff.await(attempt, migration);
                if (segment != null && !segment.transactional()) {
                    clearFailedAttempt(segment);
                }
            }
        }
    }

    private void runInTransaction(ScriptPlan.@Nullable Segment segment, boolean endsMigration) throws SQLException {
        session.beginTransaction();
        locked.setLocalTimeouts(plan.directives(), run.settings());
        callHooksBefore();
        if (segment != null) {
            rows += statements.run(segment);
        }
        if (endsMigration) {
            callHooks(step.direction() == Direction.UP ? HookPoint.AFTER_EXECUTE : HookPoint.AFTER_ROLLBACK);
            // Before the ledger is written: it is ours, not that of a role the script has taken on.
            session.reset();
            writeLedger();
        } else if (segment != null) {
            record(segment, Progress.State.DONE, null, null);
        }
        session.commit();
        if (!endsMigration && segment != null) {
            noteCommitted(segment);
        }
    }

    private void writeLedger() throws SQLException {
        long millis = (System.nanoTime() - startNanos) / 1_000_000;
        boolean written = step.direction() == Direction.UP
                ? locked.ledger()
                        .insert(
                                session,
                                locked.lock(),
                                migration,
                                migration.up().checksum().normalized(),
                                millis,
                                Instant.now())
                : locked.ledger().delete(session, locked.lock(), step.ledgerVersion());
        if (!written) {
            throw Run.lockLost(migration, locked.lock());
        }
        if (segmented) {
            progress.deleteAll(session, migration.version());
        }
    }

    /** Runs a statement that cannot be part of a transaction, between an intent that is committed before and its end. */
    private void runAlone(ScriptPlan.Segment segment) throws SQLException {
        callHooksBefore();
        SqlStatement statement = statements.statementOf(segment);
        Long existing = new Recovery(session).existing(statement.effect());
        long id = record(segment, Progress.State.INTENT, Secrets.mask(statement.text()), existing);
        locked.setSessionTimeouts(plan.directives(), run.settings());
        try {
            rows += statements.run(segment);
        } catch (SQLException e) {
            if (!session.isBroken() && !ServerError.of(e).connectionLost()) {
                progress.finish(session, id, Progress.State.FAILED);
                locked.unsetSessionTimeouts(plan.directives(), run.settings());
            }
            throw e;
        }
        progress.finish(session, id, Progress.State.DONE);
        locked.unsetSessionTimeouts(plan.directives(), run.settings());
        noteCommitted(segment);
    }

    private long record(
            ScriptPlan.Segment segment, Progress.State state, @Nullable String statement, @Nullable Long existing)
            throws SQLException {
        long id = progress.insert(
                session,
                locked.lock(),
                run.id(),
                migration.version(),
                step.direction(),
                segment,
                state,
                statement,
                existing);
        if (id < 0) {
            throw Run.lockLost(migration, locked.lock());
        }
        return id;
    }

    private void clearFailedAttempt(ScriptPlan.Segment segment) throws SQLException {
        for (Progress.Entry entry : progress.read(session)) {
            if (entry.state() != Progress.State.DONE
                    && entry.version().equals(migration.version())
                    && entry.fromStatement() == segment.fromStatement()) {
                new UnfinishedSegment(session, progress, run.settings(), migration).tookEffect(entry);
            }
        }
    }

    private void noteCommitted(ScriptPlan.Segment segment) {
        alreadyCommitted.add(
                segment.fromStatement() == segment.toStatement()
                        ? "statement " + segment.fromStatement()
                        : "statements " + segment.fromStatement() + " to " + segment.toStatement());
    }

    private void callHooksBefore() {
        if (!hooksCalledBefore) {
            callHooks(step.direction() == Direction.UP ? HookPoint.BEFORE_EXECUTE : HookPoint.BEFORE_ROLLBACK);
            hooksCalledBefore = true;
        }
    }

    private void callHooks(HookPoint point) {
        if (!run.hooks().isEmpty()) {
            run.hooks().call(context(point).build());
        }
    }

    private HookContext.Builder context(HookPoint point) {
        return run.context(point, step.direction())
                .migration(migration.version(), migration.name())
                .schema(locked.currentSchema())
                .startTime(start)
                .rowsAffected(rows)
                .alreadyCommitted(alreadyCommitted)
                .tables(() -> segmented || !session.inTransaction()
                        ? Optional.empty()
                        : Optional.of(TableChanges.observe(session)))
                .jdbc(session.isBroken() ? null : session.jdbc());
    }

    private RuntimeException toldToHooks(RuntimeException error) {
        if (!run.hooks().isEmpty()) {
            run.hooks()
                    .call(context(HookPoint.ON_ERROR)
                            .status(HookContext.Status.ERROR)
                            .endTime(Instant.now())
                            .error(error)
                            .build());
        }
        return error;
    }

    private String verb() {
        return step.direction() == Direction.UP ? "applied" : "rolled back";
    }

    private String state(ServerError error) {
        if (statements.current() == null && error.connectionLost()) {
            return "the connection broke while Confiture was committing; whether " + migration.id() + " is " + verb()
                    + " is in the ledger, which the next start reads.";
        }
        if (!segmented) {
            return "rolled back; nothing of " + migration.id() + " is " + verb() + ".";
        }
        return (alreadyCommitted.isEmpty()
                        ? "nothing of " + migration.id() + " is committed"
                        : "of " + migration.id() + " these are committed and stay: "
                                + String.join(", ", alreadyCommitted))
                + ". The next start goes on after them.";
    }

    private void warn(String warning) {
        log.warn("{}", warning);
        warnings.add(warning);
    }
}
