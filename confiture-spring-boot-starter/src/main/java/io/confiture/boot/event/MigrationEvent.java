package io.confiture.boot.event;

import java.util.Objects;

/**
 * Something that happened to one migration.
 *
 * @since 0.1.0
 */
public abstract sealed class MigrationEvent extends ConfitureEvent
        permits MigrationStarted,
                MigrationExecuted,
                MigrationCommitted,
                MigrationFailed,
                RollbackStarted,
                RollbackCommitted,
                RollbackFailed {
    private static final long serialVersionUID = 1L;

    MigrationEvent(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    /** The version as spelt in the file name, such as {@code 001}. */
    public final String getVersion() {
        return Objects.requireNonNull(moment().version());
    }

    /** The name without version and suffix, such as {@code create_users}. */
    public final String getName() {
        return Objects.requireNonNull(moment().name());
    }

    /** {@code version_name}, as every operation takes it. */
    public final String getId() {
        return getVersion() + "_" + getName();
    }
}
