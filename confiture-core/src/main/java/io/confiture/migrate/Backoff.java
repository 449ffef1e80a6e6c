package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.postgres.Cancellation;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** Waits between attempts: longer each time, and never at the same moment as others that wait. */
final class Backoff {
    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 5_000;

    private Backoff() {}

    /**
     * @param attempt 1 for the first wait
     * @throws MigrationException if the run was cancelled, or the thread interrupted; its interrupt flag is set again then
     */
    static void await(int attempt, @Nullable Migration migration) {
        long bound = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempt, 10));
        sleep(bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1), migration);
    }

    static void sleep(long millis, @Nullable Migration migration) {
        try {
            Cancellation.interruptibly(() -> {
                Thread.sleep(millis);
                return true;
            });
        } catch (InterruptedException e) {
            throw cancelled(
                    "what was open is rolled back",
                    migration == null ? MigrationException.Place.UNKNOWN : MigrationException.Place.of(migration.id()),
                    e);
        }
    }

    /** Waits for the other threads of this migrator. */
    static void lock(Lock lock) {
        try {
            Cancellation.interruptibly(() -> {
                lock.lockInterruptibly();
                return true;
            });
        } catch (InterruptedException e) {
            throw cancelled("nothing was done", MigrationException.Place.UNKNOWN, e);
        }
    }

    private static MigrationException cancelled(
            String state, MigrationException.Place place, InterruptedException reason) {
        return new MigrationException(
                ErrorCode.CANCELLED, "Cancelled or interrupted while waiting; " + state, null, place, reason);
    }
}
