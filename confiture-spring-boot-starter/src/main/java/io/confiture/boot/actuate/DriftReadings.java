package io.confiture.boot.actuate;

import io.confiture.verification.DriftReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether databases had drifted when they were last compared, for health, which is asked often. Compares when it is asked
 * and what it knows is too old; who asks meanwhile gets what is known. Thread-safe.
 *
 * @since 0.1.0
 */
public final class DriftReadings {
    /** What kept a comparison from being made may pass by itself, and counts no longer than this. */
    private static final Duration NOT_CHECKED = Duration.ofSeconds(30);

    /** Of no database. */
    static final DriftReadings NONE = new DriftReadings(
            database -> {
                throw new IllegalArgumentException(database);
            },
            Map.of());

    private final DatabaseDrift drift;
    private final Map<String, Duration> keptFor;
    private final LongSupplier nanoTime;
    private final Map<String, Kept> known = new ConcurrentHashMap<>();
    private final Map<String, ReentrantLock> comparing = new ConcurrentHashMap<>();

    private record Kept(DriftReport report, long at) {}

    /** @param keptFor how long a comparison counts, by the names of the databases that are compared */
    public DriftReadings(DatabaseDrift drift, Map<String, Duration> keptFor) {
        this(drift, keptFor, System::nanoTime);
    }

    DriftReadings(DatabaseDrift drift, Map<String, Duration> keptFor, LongSupplier nanoTime) {
        this.drift = drift;
        this.keptFor = Map.copyOf(keptFor);
        this.nanoTime = nanoTime;
    }

    /** Null where nobody has asked for a comparison. */
    @Nullable
    DriftReport of(String database) {
        Duration age = keptFor.get(database);
        if (age == null) {
            return null;
        }
        Kept last = known.get(database);
        if (last != null && isFresh(last, age)) {
            return last.report();
        }
        ReentrantLock lock = comparing.computeIfAbsent(database, any -> new ReentrantLock());
        if (!lock.tryLock()) {
            return last != null
                    ? last.report()
                    : new DriftReport.NotChecked("what is expected", List.of("it is being compared"));
        }
        try {
            Kept read = new Kept(read(database), nanoTime.getAsLong());
            known.put(database, read);
            return read.report();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFresh(Kept last, Duration age) {
        boolean brief = last.report() instanceof DriftReport.NotChecked && age.compareTo(NOT_CHECKED) > 0;
        return nanoTime.getAsLong() - last.at() < (brief ? NOT_CHECKED : age).toNanos();
    }

    private DriftReport read(String database) {
        try {
            return drift.check(database);
        } catch (RuntimeException e) {
            return new DriftReport.NotChecked(
                    "what is expected", List.of(ReadFailure.of(database, e).error()));
        }
    }
}
