package io.confiture.boot.observation;

import io.confiture.hook.RunListener;
import io.micrometer.observation.Observation;

/**
 * What is known of a run that is observed.
 *
 * @since 0.1.0
 */
public final class RunObservationContext extends Observation.Context {
    private final String database;
    private final RunListener.Run run;
    private int migrations;
    private boolean ended;

    public RunObservationContext(String database, RunListener.Run run) {
        this.database = database;
        this.run = run;
    }

    /** The name of the database. */
    public String database() {
        return database;
    }

    public RunListener.Run run() {
        return run;
    }

    /** How many migrations the run has committed; 0 until it has ended. */
    public int migrations() {
        return migrations;
    }

    /** Whether the run is over. */
    public boolean isEnded() {
        return ended;
    }

    void end(int committed) {
        migrations = committed;
        ended = true;
    }
}
