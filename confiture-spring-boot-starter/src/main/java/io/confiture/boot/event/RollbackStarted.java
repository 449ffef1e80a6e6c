package io.confiture.boot.event;

/**
 * The rollback of a migration begins.
 *
 * @since 0.1.0
 */
public final class RollbackStarted extends MigrationEvent {
    private static final long serialVersionUID = 1L;

    RollbackStarted(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    @Override
    RollbackStarted replay() {
        return new RollbackStarted(moment(), true);
    }
}
