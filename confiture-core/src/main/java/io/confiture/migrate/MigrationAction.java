package io.confiture.migrate;

import java.util.Locale;

/**
 * What was really done with a migration.
 *
 * @since 0.1.0
 */
public enum MigrationAction {
    /** This call applied it. */
    APPLIED,
    /** Another run applied it while this call waited for the lock. */
    ALREADY_APPLIED,
    /** This call rolled it back. */
    ROLLED_BACK,
    /** This call recorded it as applied without running it. */
    BASELINED,
    /** This call took over from another tool that it is applied, without running it. */
    ADOPTED;

    /** The printed form, such as {@code already_applied}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
