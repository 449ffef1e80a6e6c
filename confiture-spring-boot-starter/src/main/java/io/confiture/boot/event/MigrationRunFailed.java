package io.confiture.boot.event;

/**
 * A run has failed. What it had committed before stays.
 *
 * @since 0.1.0
 */
public final class MigrationRunFailed extends MigrationRunEvent {
    private static final long serialVersionUID = 1L;

    MigrationRunFailed(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    @Override
    MigrationRunFailed replay() {
        return new MigrationRunFailed(moment(), true);
    }

    /** What failed. */
    public Throwable getError() {
        return moment().failure();
    }
}
