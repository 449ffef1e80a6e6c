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
    /** In the ledger without a checksum, so that its text cannot be compared. */
    APPLIED_UNVERIFIED,
    /** Has a file, is not in the ledger and above everything applied. */
    PENDING,
    /** Has a file, is not in the ledger, and something above it is. */
    OUT_OF_ORDER,
    /** Some of its segments are committed; the next run goes on where it stopped. */
    PARTIAL,
    /** Nobody can tell whether one of its segments took effect; the run stops there. */
    IN_DOUBT,
    /** In the ledger, and its file says something else than what was applied. */
    CHANGED,
    /** In the ledger without a file, at or below the newest local version. */
    MISSING,
    /** In the ledger without a file, above the newest local version: applied by a newer build. */
    FUTURE,
    /** In the ledger because a baseline said so: its file was not run, and is what it was then. */
    BASELINE;

    /** Whether the ledger has it. */
    public boolean isApplied() {
        return switch (this) {
            case APPLIED, APPLIED_UNVERIFIED, CHANGED, MISSING, FUTURE, BASELINE -> true;
            case PENDING, OUT_OF_ORDER, PARTIAL, IN_DOUBT -> false;
        };
    }

    /** The printed form, such as {@code out_of_order}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
