package io.confiture.boot.actuate;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often this process has changed what is known of its databases. Apart from {@link DatabaseReadings}, which needs the
 * migrators that tell of it. Thread-safe.
 *
 * @since 0.1.0
 */
public final class DatabaseChanges {
    private final AtomicInteger count = new AtomicInteger();

    /** One more: what was read of a database is no longer true. */
    public void add() {
        count.incrementAndGet();
    }

    int count() {
        return count.get();
    }
}
