package io.confiture.boot.event;

import java.util.List;

/**
 * Something that happened to a run: one call that applies or rolls back any number of migrations.
 *
 * @since 0.1.0
 */
public abstract sealed class MigrationRunEvent extends ConfitureEvent
        permits MigrationRunStarted, MigrationRunCompleted, MigrationRunFailed {
    private static final long serialVersionUID = 1L;

    MigrationRunEvent(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    /** What is planned (when started) or was done (afterwards), as {@code version_name}, in order. */
    public final List<String> getMigrations() {
        return moment().migrations();
    }
}
