package io.confiture.migrate;

import java.util.Locale;

/**
 * Where a migration stands, found by comparing files, ledger and the progress kept beside it.
 *
 * @since 0.1.0
 */
public enum MigrationState {
    /** In the ledger, and its file says what was applied. */
    APPLIED,
    /** In the ledger, and its text cannot be compared: it has no checksum there, or the migration declares none. */
    APPLIED_UNVERIFIED,
    /** In the ledger by {@code baseline}, which did not run it; its file says what was recorded. */
    BASELINE,
    /**
     * Has a file, is not in the ledger, and its labels keep it from running here; or a repeatable one, which they keep from
     * running with its present text.
     */
    IGNORED,
    /**
     * Has a file, is not in the ledger and above everything applied; or is a repeatable one that was not run with its
     * present text.
     */
    PENDING,
    /** Has a file, is not in the ledger, and something above it is. */
    OUT_OF_ORDER,
    /**
     * Some of its segments are committed; the next run goes on where it stopped, or does not begin where its file is gone
     * and stood below the newest local version.
     */
    PARTIAL,
    /** Nobody can tell whether one of its segments took effect; the run stops there. */
    IN_DOUBT,
    /** In the ledger, and its file says something else than what was applied. */
    CHANGED,
    /** In the ledger without a file, at or below the newest local version. */
    MISSING,
    /**
     * In the ledger without a file, above the newest local version: applied by a newer build, or begun by one and not
     * finished; or a repeatable one whose file is not here.
     */
    FUTURE;

    /** Whether the ledger has it. */
    public boolean isApplied() {
        return this == APPLIED
                || this == APPLIED_UNVERIFIED
                || this == BASELINE
                || this == CHANGED
                || this == MISSING
                || this == FUTURE;
    }

    /** The printed form, such as {@code out_of_order}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
