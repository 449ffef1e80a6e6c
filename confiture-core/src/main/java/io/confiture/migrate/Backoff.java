package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Waits between attempts: longer each time, and never at the same moment as others that wait. */
final class Backoff {
    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 5_000;

    private Backoff() {}

    /**
     * @param attempt 1 for the first wait
     * @throws MigrationException if the thread was interrupted; its interrupt flag is set again
     */
    static void await(int attempt, @Nullable Migration migration) {
        long bound = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempt, 10));
        sleep(bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1), migration);
    }

    static void sleep(long millis, @Nullable Migration migration) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MigrationException(
                    ErrorCode.CANCELLED,
                    "Interrupted while waiting; what was open is rolled back",
                    null,
                    migration == null ? MigrationException.Place.UNKNOWN : MigrationException.Place.of(migration.id()),
                    e);
        }
    }
}
