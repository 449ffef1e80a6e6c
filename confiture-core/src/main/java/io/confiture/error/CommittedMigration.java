package io.confiture.error;

import java.io.Serializable;
import java.time.Duration;

/**
 * A migration that a failing call had committed before it failed, and which therefore stays.
 *
 * @param version as spelt in the file name
 * @param name without version and suffix
 * @param action {@code applied} or {@code rolled_back}
 * @param duration from its first statement to its commit
 * @param rowsAffected sum of the rows its statements reported
 * @since 0.1.0
 */
public record CommittedMigration(String version, String name, String action, Duration duration, long rowsAffected)
        implements Serializable {}
