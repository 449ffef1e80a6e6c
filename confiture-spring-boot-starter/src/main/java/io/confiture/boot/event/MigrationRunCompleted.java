package io.confiture.boot.event;

import java.time.Duration;

/**
 * A run has succeeded; also published when there was nothing to do.
 *
 * @since 0.1.0
 */
public final class MigrationRunCompleted extends MigrationRunEvent {
    private static final long serialVersionUID = 1L;

    MigrationRunCompleted(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    @Override
    MigrationRunCompleted replay() {
        return new MigrationRunCompleted(moment(), true);
    }

    /** From its start to this moment. */
    public Duration getDuration() {
        return moment().duration();
    }
}
