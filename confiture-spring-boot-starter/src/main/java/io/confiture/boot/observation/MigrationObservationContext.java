package io.confiture.boot.observation;

import io.confiture.hook.RunListener;
import io.micrometer.observation.Observation;

/**
 * What is known of a migration that is observed.
 *
 * @since 0.1.0
 */
public final class MigrationObservationContext extends Observation.Context {
    private final String database;
    private final RunListener.Step step;
    private boolean ended;

    public MigrationObservationContext(String database, RunListener.Step step) {
        this.database = database;
        this.step = step;
    }

    /** The name of the database. */
    public String database() {
        return database;
    }

    public RunListener.Step step() {
        return step;
    }

    /** Whether the migration is over. */
    public boolean isEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }
}
