package io.confiture.boot.autoconfigure;

/**
 * What happens to the database when the application starts.
 *
 * @since 0.1.0
 */
public enum MigrateMode {
    /** Apply what is pending, then go on. */
    MIGRATE,
    /** Change nothing; the start fails if something is pending or not as the files say. */
    VALIDATE,
    /** Change nothing; wait until another process has applied everything, and fail the start if that takes too long. */
    WAIT,
    /** Leave the database alone. */
    OFF,
    /** Apply what is pending, then end the process with exit code 0 before any request is served. */
    MIGRATE_AND_EXIT
}
