package io.confiture.migrate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One migration with its state, whether it comes from a file, from the ledger or from both.
 *
 * @param version as spelt in the file, else in the ledger
 * @param name without version and suffix
 * @param state where it stands
 * @param file its source as the user knows it, or null when there is none
 * @param reversible whether it can be rolled back with the files at hand
 * @param appliedAt when it was applied, or null
 * @param executionTimeMs how long that took, or null
 * @param detail what is wrong with it, in a sentence, or null
 * @since 0.1.0
 */
public record MigrationInfo(
        String version,
        String name,
        MigrationState state,
        @Nullable String file,
        boolean reversible,
        @Nullable Instant appliedAt,
        @Nullable Integer executionTimeMs,
        @Nullable String detail) {}
