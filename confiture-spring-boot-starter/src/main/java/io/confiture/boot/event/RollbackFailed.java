package io.confiture.boot.event;

/**
 * The rollback of a migration has failed; the migration stays applied as far as the error says.
 *
 * @since 0.1.0
 */
public final class RollbackFailed extends MigrationEvent {
    private static final long serialVersionUID = 1L;

    RollbackFailed(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    @Override
    RollbackFailed replay() {
        return new RollbackFailed(moment(), true);
    }

    /** What failed. */
    public Throwable getError() {
        return moment().failure();
    }
}
