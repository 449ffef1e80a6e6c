package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import io.confiture.sql.ScriptDirectives;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementEffect;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/** A statement that cannot be part of a transaction: runs between an intent that is committed before and its end. */
final class LoneStatement {
    private final MigratorSettings settings;
    private final LockedSession locked;
    private final Session session;
    private final MigrationExecution.Step step;
    private final StatementRunner statements;
    private final SegmentJournal journal;
    private final MigrationHooks hooks;
    private final Consumer<String> warn;

    LoneStatement(
            MigratorSettings settings,
            LockedSession locked,
            MigrationExecution.Step step,
            StatementRunner statements,
            SegmentJournal journal,
            MigrationHooks hooks,
            Consumer<String> warn) {
        this.settings = settings;
        this.locked = locked;
        this.session = locked.session();
        this.step = step;
        this.statements = statements;
        this.journal = journal;
        this.hooks = hooks;
        this.warn = warn;
    }

    /** Runs it and tells the rows affected. */
    long run(ScriptPlan.Segment segment) throws SQLException {
        hooks.beforeInTransaction(step.plan().directives());
        SqlStatement statement = statements.at(segment.fromStatement());
        Recovery recovery = new Recovery(session);
        if (recovery.invalidIndexInTheWay(statement.effect())) {
            throw invalidIndexInTheWay(statement);
        }
        Long existing = recovery.existing(statement.effect());
        ScriptDirectives directives = step.plan().directives();
        List<String> notSet = locked.setSessionTimeouts(directives, settings, patient(statement.effect()));
        if (!notSet.isEmpty()) {
            warn.accept(timeoutsNotSet(statement, notSet));
        }
        long id = journal.begin(segment, statement, existing);
        long rows;
        try {
            rows = statements.run(segment);
        } catch (SQLException e) {
            ServerError error = ServerError.of(e);
            if (!session.isBroken() && !error.connectionLost()) {
                if (wasNotBegun(error)) {
                    journal.forget(id);
                } else {
                    journal.finish(id, Progress.State.FAILED);
                }
                locked.unsetSessionTimeouts(directives, settings);
            }
            throw e;
        }
        journal.finish(id, Progress.State.DONE);
        locked.unsetSessionTimeouts(directives, settings);
        return rows;
    }

    /**
     * What is done concurrently waits for the transactions of others without making readers and writers wait; of a detached
     * partition only those who use it by its own name. Of a procedure that met a timeout nobody could tell what it had
     * committed before. All others may queue for a lock that keeps everybody out, as VACUUM FULL and CLUSTER do.
     */
    private static boolean patient(StatementEffect effect) {
        return effect instanceof StatementEffect.CreateIndexConcurrently
                || effect instanceof StatementEffect.DropIndexConcurrently
                || effect instanceof StatementEffect.ReindexConcurrently
                || effect instanceof StatementEffect.DetachPartitionConcurrently
                || effect instanceof StatementEffect.Procedural;
    }

    /** Clears away what a failed attempt has left and runs it again, unless it took effect after all. */
    long runAgain(ScriptPlan.Segment segment) throws SQLException {
        boolean tookEffect = false;
        for (Progress.Entry entry : journal.unfinished()) {
            tookEffect |= entry.fromStatement() == segment.fromStatement() && journal.tookEffect(entry, settings);
        }
        return tookEffect ? 0 : run(segment);
    }

    /**
     * The run was cancelled before the statement was sent, or the server found the statement itself wrong, at a place in
     * it: a name or the syntax. Nothing of it was run.
     */
    private static boolean wasNotBegun(ServerError error) {
        return (error.is("57014") && !error.fromServer())
                || (error.position() != null
                        && error.sqlState() != null
                        && error.sqlState().startsWith("42"));
    }

    private String timeoutsNotSet(SqlStatement statement, List<String> timeouts) {
        return step.migration().id() + ": no " + String.join(" and no ", timeouts) + " for the statement at "
                + statement.file() + ":" + statement.start().line() + ". It runs outside of a transaction, where"
                + " nothing can be set behind a transaction pooler; what ALTER ROLE or ALTER DATABASE … SET says holds."
                + " Migrate past the pooler (confiture.url) to have it";
    }

    private MigrationException invalidIndexInTheWay(SqlStatement statement) {
        String migration = step.migration().id();
        return new MigrationException(
                ErrorCode.STATEMENT_FAILED,
                "Migration " + migration + " could not be " + step.verb() + " at " + statement.file() + ":"
                        + statement.start().line() + ": an invalid index of that name exists which Confiture has not"
                        + " left behind, and IF NOT EXISTS would take it for the one that is wanted",
                "Drop it with DROP INDEX CONCURRENTLY, then start again.",
                new Place(
                        migration,
                        Excerpt.of(statement),
                        null,
                        statement.file(),
                        statement.start().line(),
                        statement.start().column(),
                        null));
    }
}
