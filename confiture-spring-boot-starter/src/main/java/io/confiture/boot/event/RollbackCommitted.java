package io.confiture.boot.event;

import java.time.Duration;

/**
 * The rollback of a migration is committed and its ledger row is gone.
 *
 * @since 0.1.0
 */
public final class RollbackCommitted extends MigrationEvent {
    private static final long serialVersionUID = 1L;

    RollbackCommitted(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    @Override
    RollbackCommitted replay() {
        return new RollbackCommitted(moment(), true);
    }

    /** From its start to this moment. */
    public Duration getDuration() {
        return moment().duration();
    }

    /** Sum of the rows that its statements reported. */
    public long getRowsAffected() {
        return moment().rowsAffected();
    }
}
