package io.confiture.boot.actuate;

import io.confiture.boot.event.MigrationCommitted;
import io.confiture.boot.event.MigrationRunCompleted;
import io.confiture.boot.event.MigrationRunFailed;
import io.confiture.boot.event.RollbackCommitted;
import io.confiture.migrate.MigrationStatus;
import io.confiture.migrate.Migrator;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;

/**
 * What the databases were last seen like, for health, info and meters, which are asked often. What was read is kept for 30
 * seconds, or until this process migrates. Reads nothing before it is asked. Thread-safe.
 *
 * @since 0.1.0
 */
public final class DatabaseReadings {
    private static final long KEPT_FOR = Duration.ofSeconds(30).toNanos();

    private final Map<String, Migrator> migrators;
    private final Map<String, String> targets;
    private final Set<String> leftAlone;
    private final LongSupplier nanoTime;
    private final ReentrantLock reading = new ReentrantLock();
    private final DatabaseChanges changes;
    private volatile @Nullable Kept last;

    /** @param changes how often this process had changed a database before */
    private record Kept(Map<String, Reading> readings, long at, int changes) {}

    /**
     * One database.
     *
     * @param status null if it could not be read
     * @param failure why it could not be read, else null
     * @param inService whether it is as far as this application needs it
     */
    record Reading(
            @Nullable MigrationStatus status, @Nullable ReadFailure failure, boolean inService) {}

    /**
     * @param migrators by the names of their databases
     * @param targets the last migrations that are to be applied, by the names of their databases; all where there is none
     * @param leftAlone the databases of which this application does not care how far they are, as in mode {@code off}
     * @param changes after each of which what was read is read again
     */
    public DatabaseReadings(
            Map<String, Migrator> migrators,
            Map<String, String> targets,
            Set<String> leftAlone,
            DatabaseChanges changes) {
        this(migrators, targets, leftAlone, changes, System::nanoTime);
    }

    DatabaseReadings(
            Map<String, Migrator> migrators,
            Map<String, String> targets,
            Set<String> leftAlone,
            DatabaseChanges changes,
            LongSupplier nanoTime) {
        this.changes = changes;
        this.migrators = new LinkedHashMap<>(migrators);
        this.targets = Map.copyOf(targets);
        this.leftAlone = Set.copyOf(leftAlone);
        this.nanoTime = nanoTime;
    }

    /** The names of the databases. */
    public Set<String> databases() {
        return Collections.unmodifiableSet(migrators.keySet());
    }

    /** What was read of a database last; null if it could not be read, or if there is none of that name. */
    public @Nullable MigrationStatus status(String database) {
        Reading found = all().get(database);
        return found == null ? null : found.status();
    }

    Map<String, Reading> all() {
        Kept known = last;
        if (known != null && isFresh(known)) {
            return known.readings();
        }
        if (known == null) {
            reading.lock();
        } else if (!reading.tryLock()) {
            // Somebody else is reading; the database may be slow, and what is known is old by seconds only.
            return known.readings();
        }
        try {
            known = last;
            return known != null && isFresh(known) ? known.readings() : read();
        } finally {
            reading.unlock();
        }
    }

    private boolean isFresh(Kept known) {
        return known.changes() == changes.count() && nanoTime.getAsLong() - known.at() < KEPT_FOR;
    }

    private Map<String, Reading> read() {
        long at = nanoTime.getAsLong();
        int changesBefore = changes.count();
        Map<String, Reading> readings = new LinkedHashMap<>();
        migrators.forEach((database, migrator) -> readings.put(database, read(database, migrator)));
        last = new Kept(Collections.unmodifiableMap(readings), at, changesBefore);
        return readings;
    }

    private Reading read(String database, Migrator migrator) {
        try {
            MigrationStatus status = migrator.status();
            return new Reading(status, null, leftAlone.contains(database) || isInService(database, migrator, status));
        } catch (RuntimeException e) {
            return new Reading(null, ReadFailure.of(database, e), false);
        }
    }

    private boolean isInService(String database, Migrator migrator, MigrationStatus status) {
        return switch (DatabaseState.of(status)) {
            case UP_TO_DATE, AHEAD -> true;
            case PENDING -> nothingPendingUpToTarget(database, migrator);
            // A problem that the operator has allowed does not stop a start either.
            case PROBLEMS ->
                status.pendingCount() == 0 && migrator.plan().blockers().isEmpty();
            default -> false;
        };
    }

    private boolean nothingPendingUpToTarget(String database, Migrator migrator) {
        String target = targets.get(database);
        return target != null && migrator.pending(target).isEmpty();
    }

    /** This process has changed a database: what was read of it is no longer true. */
    @EventListener({
        MigrationCommitted.class,
        RollbackCommitted.class,
        MigrationRunCompleted.class,
        MigrationRunFailed.class
    })
    void forget() {
        changes.add();
    }
}
