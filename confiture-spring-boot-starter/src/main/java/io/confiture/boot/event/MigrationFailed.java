package io.confiture.boot.event;

/**
 * A migration has failed and was rolled back as far as the error says.
 *
 * @since 0.1.0
 */
public final class MigrationFailed extends MigrationEvent {
    private static final long serialVersionUID = 1L;

    MigrationFailed(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    @Override
    MigrationFailed replay() {
        return new MigrationFailed(moment(), true);
    }

    /** What failed. */
    public Throwable getError() {
        return moment().failure();
    }
}
