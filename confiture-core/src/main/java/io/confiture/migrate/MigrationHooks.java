package io.confiture.migrate;

import io.confiture.hook.HookContext;
import io.confiture.hook.HookContext.Direction;
import io.confiture.hook.HookPoint;
import io.confiture.postgres.Session;
import io.confiture.sql.ScriptDirectives;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls the hooks around one migration and keeps what they are told of it. */
final class MigrationHooks {
    private final Run run;
    private final LockedSession locked;
    private final Migration migration;
    private final Direction direction;
    private final Instant start = Instant.now();
    private final List<String> alreadyCommitted = new ArrayList<>();
    private boolean calledBefore;
    private boolean segmented;

    MigrationHooks(Run run, LockedSession locked, Migration migration, Direction direction) {
        this.run = run;
        this.locked = locked;
        this.migration = migration;
        this.direction = direction;
    }

    /** From now on what a veto cannot undo may be committed, and what the transaction shows is not all. */
    void segmented() {
        segmented = true;
    }

    /** Notes what a veto cannot undo any more. */
    void committed(String what) {
        alreadyCommitted.add(what);
    }

    /** Notes that a veto cannot undo these statements any more. */
    void committed(ScriptPlan.Segment segment) {
        committed(describe(segment));
    }

    static String describe(ScriptPlan.Segment segment) {
        return segment.fromStatement() == segment.toStatement()
                ? "statement " + segment.fromStatement()
                : "statements " + segment.fromStatement() + " to " + segment.toStatement();
    }

    /** What is committed of the migration although it is not complete. */
    List<String> alreadyCommitted() {
        return alreadyCommitted;
    }

    /** Whether the hooks before the first statement were called. */
    boolean calledBefore() {
        return calledBefore;
    }

    /** What they wrote was rolled back, so that they are to be called again. */
    void forgetCalledBefore(boolean before) {
        calledBefore = before;
    }

    /** Calls the hooks before the first statement, once. */
    void before() {
        if (!calledBefore) {
            call(direction == Direction.UP ? HookPoint.BEFORE_EXECUTE : HookPoint.BEFORE_ROLLBACK, 0);
            calledBefore = true;
        }
    }

    /** What hooks write before a statement that runs by itself is committed before it. */
    void beforeInTransaction(ScriptDirectives directives) throws SQLException {
        if (!calledBefore && !run.hooks().isEmpty()) {
            locked.session().inTransaction(() -> {
                locked.setLocalTimeouts(directives, run.settings());
                before();
                locked.requireLock(migration.id());
                return true;
            });
            committed("what hooks wrote before it");
        }
        calledBefore = true;
    }

    /** Calls the hooks after the last statement, before the commit. */
    void after(long rows) {
        call(direction == Direction.UP ? HookPoint.AFTER_EXECUTE : HookPoint.AFTER_ROLLBACK, rows);
    }

    private void call(HookPoint point, long rows) {
        if (!run.hooks().isEmpty()) {
            run.hooks().call(context(point, rows).build());
        }
    }

    /** Calls the hooks after the commit and tells which of them failed. */
    List<String> afterCommit(long rows) {
        return run.hooks().isEmpty()
                ? List.of()
                : run.callUncancelled(
                        context(HookPoint.AFTER_COMMIT, rows)
                                .status(HookContext.Status.SUCCESS)
                                .endTime(Instant.now())
                                .build(),
                        locked.session());
    }

    /** Calls the hooks after a failure, which it gives back. */
    RuntimeException onError(RuntimeException error, long rows) {
        if (!run.hooks().isEmpty()) {
            run.callUncancelled(
                    context(HookPoint.ON_ERROR, rows)
                            .status(HookContext.Status.ERROR)
                            .endTime(Instant.now())
                            .error(error)
                            .build(),
                    locked.session());
        }
        return error;
    }

    private HookContext.Builder context(HookPoint point, long rows) {
        Session session = locked.session();
        return run.context(point, direction)
                .migration(migration.version(), migration.name())
                .migrationMetadata(migration::metadata)
                .schema(locked.currentSchema())
                .startTime(start)
                .rowsAffected(rows)
                .alreadyCommitted(alreadyCommitted)
                .tables(() -> segmented || !session.inTransaction()
                        ? Optional.empty()
                        : Optional.of(TableChanges.observe(session)))
                .jdbc(session.isBroken() ? null : session.jdbc());
    }
}
