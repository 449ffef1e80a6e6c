package io.confiture.migrate;

/**
 * Which names of migration files are read.
 *
 * @since 0.1.0
 */
public enum Naming {
    /** {@code 001_create_users.up.sql}. A name of Flyway's is an error that tells the right one. */
    CONFITURE,
    /**
     * {@code V1__create_users.sql}, {@code U1__create_users.sql} (its down part) and {@code B10__all.sql} (a baseline
     * migration) as well, beside Confiture's own. A version that stands twice is an error, whichever way it is written.
     */
    FLYWAY
}
