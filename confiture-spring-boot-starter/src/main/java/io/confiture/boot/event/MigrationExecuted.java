package io.confiture.boot.event;

import java.time.Duration;

/**
 * The statements of a migration have run; the commit is still to come.
 *
 * @since 0.1.0
 */
public final class MigrationExecuted extends MigrationEvent {
    private static final long serialVersionUID = 1L;

    MigrationExecuted(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    @Override
    MigrationExecuted replay() {
        return new MigrationExecuted(moment(), true);
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
