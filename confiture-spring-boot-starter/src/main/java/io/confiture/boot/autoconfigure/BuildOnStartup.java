package io.confiture.boot.autoconfigure;

/**
 * What a start does with the files that describe the schema ({@code confiture.build.on-startup}).
 *
 * @since 0.1.0
 */
public enum BuildOnStartup {
    /** Nothing: the schema comes from the migrations alone. */
    NEVER,
    /** An empty database is built from the files, and all migrations are recorded as applied; any other is migrated. */
    WHEN_EMPTY
}
