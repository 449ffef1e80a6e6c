package io.confiture.boot.event;

import java.time.Duration;

/**
 * A migration is committed and in the ledger.
 *
 * @since 0.1.0
 */
public final class MigrationCommitted extends MigrationEvent {
    private static final long serialVersionUID = 1L;

    MigrationCommitted(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    @Override
    MigrationCommitted replay() {
        return new MigrationCommitted(moment(), true);
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
