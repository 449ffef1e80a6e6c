package io.confiture.boot.event;

/**
 * A run holds the lock and knows its plan; also published when there is nothing to do.
 *
 * @since 0.1.0
 */
public final class MigrationRunStarted extends MigrationRunEvent {
    private static final long serialVersionUID = 1L;

    MigrationRunStarted(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    @Override
    MigrationRunStarted replay() {
        return new MigrationRunStarted(moment(), true);
    }
}
