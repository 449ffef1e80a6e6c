package io.confiture.boot.actuate;

import io.confiture.verification.DriftReport;

/**
 * Compares a database with what the application expects of it, each time it is asked. Thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface DatabaseDrift {

    /**
     * Compares it now.
     *
     * @param database its name
     * @throws io.confiture.error.ConfitureException if the settings of the comparison cannot be, or it was cancelled
     */
    DriftReport check(String database);
}
