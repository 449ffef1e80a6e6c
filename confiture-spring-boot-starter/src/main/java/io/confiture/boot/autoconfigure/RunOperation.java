package io.confiture.boot.autoconfigure;

/**
 * The one thing that a process is started for ({@code confiture.run}): it is done instead of what the mode says, and the
 * process ends.
 *
 * @since 0.1.0
 */
public enum RunOperation {
    /** Apply what is pending, up to the target if there is one. */
    MIGRATE,
    /** Roll back everything above the target. */
    ROLLBACK_TO,
    /** Build an empty database from the files of its schema and record all migrations as applied. */
    BUILD,
    /** Compare what is applied with the files and run the verify files; more if {@code confiture.verify} asks. Changes nothing. */
    VERIFY,
    /** Put right what the ledger says, as far as {@code confiture.repair} asks. */
    REPAIR,
    /** Record everything up to the baseline version as applied without running it. */
    BASELINE;

    /** As it is written in properties, such as {@code rollback-to}. */
    @Override
    public String toString() {
        return PropertyNames.valueOf(this);
    }
}
