package io.confiture.boot.actuate;

import io.confiture.boot.event.MigrationCommitted;
import io.confiture.boot.event.MigrationRunCompleted;
import io.confiture.boot.event.MigrationRunFailed;
import io.confiture.boot.event.RollbackCommitted;
import io.confiture.migrate.MigrationStatus;
import io.confiture.migrate.Migrator;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.event.EventListener;

/**
 * Out of service while a database lacks migrations that this application has, contradicts its files, or cannot be read.
 * A database that a newer build has migrated further is in service: that is how versions are exchanged.
 *
 * <p>Probes do not read the databases: what was read is kept for 30 seconds, or until this process migrates.
 *
 * @since 0.1.0
 */
public final class ConfitureHealthIndicator implements HealthIndicator {
    private static final long KEPT_FOR = Duration.ofSeconds(30).toNanos();

    private final Map<String, Migrator> migrators;
    private final Map<String, String> targets;
    private final Set<String> leftAlone;
    private final LongSupplier nanoTime;
    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicInteger changes = new AtomicInteger();
    private volatile @Nullable Reading last;

    /**
     * What was read.
     *
     * @param changes how often this process had changed a database before
     */
    private record Reading(Health health, long at, int changes) {}

    /**
     * @param migrators by the names of their databases
     * @param targets the last migrations that are to be applied, by the names of their databases; all where there is none
     * @param leftAlone the databases of which this application does not care how far they are, as in mode {@code off}
     */
    public ConfitureHealthIndicator(
            Map<String, Migrator> migrators, Map<String, String> targets, Set<String> leftAlone) {
        this(migrators, targets, leftAlone, System::nanoTime);
    }

    ConfitureHealthIndicator(
            Map<String, Migrator> migrators,
            Map<String, String> targets,
            Set<String> leftAlone,
            LongSupplier nanoTime) {
        this.migrators = new LinkedHashMap<>(migrators);
        this.targets = Map.copyOf(targets);
        this.leftAlone = Set.copyOf(leftAlone);
        this.nanoTime = nanoTime;
    }

    @Override
    public Health health() {
        Reading known = last;
        if (known != null && isFresh(known)) {
            return known.health();
        }
        if (known == null) {
            reading.lock();
        } else if (!reading.tryLock()) {
            // Another probe is reading; the database may be slow, and what is known is old by seconds only.
            return known.health();
        }
        try {
            known = last;
            return known != null && isFresh(known) ? known.health() : read();
        } finally {
            reading.unlock();
        }
    }

    private boolean isFresh(Reading known) {
        return known.changes() == changes.get() && nanoTime.getAsLong() - known.at() < KEPT_FOR;
    }

    private Health read() {
        long at = nanoTime.getAsLong();
        int changesBefore = changes.get();
        Health.Builder health = Health.up();
        migrators.forEach((database, migrator) -> {
            Map<String, Object> details = new LinkedHashMap<>();
            if (!isInService(database, migrator, details)) {
                health.outOfService();
            }
            health.withDetail(database, details);
        });
        Reading current = new Reading(health.build(), at, changesBefore);
        last = current;
        return current.health();
    }

    private boolean isInService(String database, Migrator migrator, Map<String, Object> details) {
        try {
            MigrationStatus status = migrator.status();
            DatabaseState state = DatabaseState.of(status);
            details.put("state", state.toString());
            details.put("applied", status.appliedCount());
            details.put("pending", status.pendingCount());
            details.put("problems", DatabaseState.problems(status));
            if (leftAlone.contains(database)) {
                return true;
            }
            return switch (state) {
                case UP_TO_DATE, AHEAD -> true;
                case PENDING -> nothingPendingUpToTarget(database, migrator);
                // A problem that the operator has allowed does not stop a start either.
                case PROBLEMS ->
                    status.pendingCount() == 0 && migrator.plan().blockers().isEmpty();
                default -> false;
            };
        } catch (RuntimeException e) {
            ReadFailure failure = ReadFailure.of(database, e);
            details.put("state", failure.state().toString());
            details.put("error", failure.error());
            return false;
        }
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
        changes.incrementAndGet();
    }
}
