package io.confiture.migrate;

import io.confiture.hook.HookContext.Direction;
import io.confiture.postgres.Secrets;
import io.confiture.postgres.Session;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementEffect;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes down how far one migration has come, as the role that Confiture works with, whatever role its script has taken on. */
final class SegmentJournal {
    private final UUID runId;
    private final LockedSession locked;
    private final Session session;
    private final Migration migration;
    private final String key;
    private final Direction direction;
    private final StatementRunner statements;
    private final Progress progress;
    private final List<Long> ids = new ArrayList<>();

    SegmentJournal(
            UUID runId,
            LockedSession locked,
            LocalMigration migration,
            Direction direction,
            StatementRunner statements,
            List<Progress.Entry> begun) {
        this.runId = runId;
        this.locked = locked;
        this.session = locked.session();
        this.migration = migration.migration();
        this.key = migration.key();
        this.direction = direction;
        this.statements = statements;
        this.progress = new Progress(locked.ledger());
        begun.forEach(entry -> ids.add(entry.id()));
    }

    /** Creates the table if this is the first migration that needs it. */
    void prepare() throws SQLException {
        locked.createProgressIfAbsent(progress);
    }

    /** Records that a statement is about to run by itself; committed before it runs. */
    long begin(ScriptPlan.Segment segment, SqlStatement statement, @Nullable Long existing) throws SQLException {
        // What recovery looks for goes by the names that were sent. Nothing looks for what a procedure was called with.
        String text = statement.effect() instanceof StatementEffect.Procedural ? statement.source() : statement.text();
        return asOurselves(() ->
                session.inTransaction(() -> insert(segment, Progress.State.INTENT, Secrets.mask(text), existing)));
    }

    /** Records a segment within its own transaction. */
    void done(ScriptPlan.Segment segment) throws SQLException {
        asOurselves(() -> insert(segment, Progress.State.DONE, null, null));
    }

    private long insert(
            ScriptPlan.Segment segment, Progress.State state, @Nullable String statement, @Nullable Long existing)
            throws SQLException {
        long id = progress.insert(session, locked.lock(), runId, key, direction, segment, state, statement, existing);
        if (id < 0) {
            throw Run.lockLost(migration.id(), locked.lock());
        }
        ids.add(id);
        return id;
    }

    /** Records the end of a statement that nothing undoes, though the run be cancelled. */
    void finish(long id, Progress.State state) throws SQLException {
        session.uncancelled(() -> asOurselves(() -> session.inTransaction(() -> {
            progress.finish(session, id, state);
            return true;
        })));
    }

    /** Takes an intent back: its statement did nothing. */
    void forget(long id) throws SQLException {
        session.uncancelled(() -> asOurselves(() -> session.inTransaction(() -> {
            progress.delete(session, id);
            return true;
        })));
    }

    /** Within the transaction that completes the migration. */
    void forgetAll() throws SQLException {
        progress.deleteAll(session, ids);
    }

    /** What an earlier attempt of this very run has begun and not finished. */
    List<Progress.Entry> unfinished() throws SQLException {
        return asOurselves(() -> progress.read(session)).segments().stream()
                .filter(entry -> ids.contains(entry.id()) && entry.state() != Progress.State.DONE)
                .toList();
    }

    /**
     * Settles a segment that was begun and not finished.
     *
     * @return whether its statement took effect; if not, it may run again
     */
    boolean tookEffect(Progress.Entry segment, MigratorSettings settings) throws SQLException {
        UnfinishedSegment unfinished = new UnfinishedSegment(
                session, new Recovery(session, !locked.transactionPooler()), migration, settings.lockWait());
        if (unfinished.tookEffect(segment)) {
            finish(segment.id(), Progress.State.DONE);
            return true;
        }
        forget(segment.id());
        return false;
    }

    private <T> T asOurselves(Session.Work<T> work) throws SQLException {
        List<String> roles = statements.roleChanges();
        if (roles.isEmpty()) {
            return work.run();
        }
        session.resetRole();
        T result = work.run();
        for (String role : roles) {
            session.execute(role);
        }
        return result;
    }
}
