package io.confiture.migrate;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the ledger.
 *
 * @param id primary key
 * @param sequence {@code pk_confiture}: the order in which rows were written
 * @param slug unique text made of version, name and time
 * @param version as spelt when it was applied
 * @param name without version and suffix
 * @param appliedAt when its transaction began, by the server's clock
 * @param executionTimeMs from the first statement to the commit; null if the tool that wrote the row did not say
 * @param checksum SHA-256 of what was applied, in hexadecimal; null if the tool that wrote the row did not say
 * @since 0.1.0
 */
public record AppliedMigration(
        UUID id,
        long sequence,
        String slug,
        String version,
        String name,
        Instant appliedAt,
        @Nullable Integer executionTimeMs,
        @Nullable String checksum) {}
