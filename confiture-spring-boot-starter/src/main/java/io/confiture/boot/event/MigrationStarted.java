package io.confiture.boot.event;

/**
 * A migration begins.
 *
 * @since 0.1.0
 */
public final class MigrationStarted extends MigrationEvent {
    private static final long serialVersionUID = 1L;

    MigrationStarted(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    @Override
    MigrationStarted replay() {
        return new MigrationStarted(moment(), true);
    }
}
