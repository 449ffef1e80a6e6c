package io.confiture.boot.autoconfigure;

import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.ValidationException;
import io.confiture.migrate.Migration;
import io.confiture.migrate.MigrationInfo;
import io.confiture.migrate.MigrationState;
import io.confiture.migrate.MigrationStatus;
import io.confiture.migrate.Migrator;
import io.confiture.postgres.LockHolder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until somebody else has migrated a database. Reads only, without the migration lock; works on a standby. */
final class StartupWait {
    private static final Logger log = LoggerFactory.getLogger(StartupWait.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 3_000;
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);
    private static final int NAMED = 10;

    private StartupWait() {}

    /**
     * Returns when everything up to the target is applied, and is as the files say.
     *
     * @throws ValidationException if that does not come within the database's wait timeout, or what is applied is not as
     *     the files say and no policy allows it
     * @throws DatabaseConnectionException if the database cannot be reached at first, or when the time is up
     */
    static void untilApplied(DatabaseStartup database) {
        Migrator migrator = database.migrator();
        long begin = System.nanoTime();
        long toldAt = begin - TELL_EVERY.toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        List<String> open = open(database);
        DatabaseConnectionException unreachable = null;
        while (!open.isEmpty()) {
            long now = System.nanoTime();
            if (now - toldAt >= TELL_EVERY.toNanos()) {
                toldAt = now;
                log.info(
                        "Waiting for database '{}' to be migrated: {} to be applied: {}; {}",
                        database.database(),
                        open.size(),
                        first(open),
                        holder(migrator));
            }
            if (now - begin >= database.waitTimeout().toNanos()) {
                throw unreachable != null ? unreachable : timeout(database, open);
            }
            sleep(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
            try {
                open = open(database);
                unreachable = null;
            } catch (DatabaseConnectionException e) {
                // A server that was there and is restarted or replaced meanwhile is waited for as well.
                log.warn("Database '{}' cannot be reached for the moment: {}", database.database(), e.getMessage());
                unreachable = e;
            }
        }
        StartupValidation.check(database.database(), migrator, database.target());
    }

    /** What this build has and the database has not, or of which nobody can tell; a ledger that is absent has nothing. */
    private static List<String> open(DatabaseStartup database) {
        String target = database.target();
        MigrationStatus status = database.migrator().status();
        Stream<String> pending = (target == null
                        ? status.pending()
                        : database.migrator().pending(target))
                .stream().map(Migration::id);
        Stream<String> unfinished = status.migrations().stream()
                .filter(info -> info.state() == MigrationState.IN_DOUBT || info.state() == MigrationState.PARTIAL)
                .map(StartupWait::id);
        return Stream.concat(pending, unfinished).distinct().toList();
    }

    private static String id(MigrationInfo info) {
        return info.version() + "_" + info.name();
    }

    private static ValidationException timeout(DatabaseStartup database, List<String> open) {
        return new ValidationException(
                ErrorCode.PENDING_MIGRATIONS,
                "Database '" + database.database() + "' was not migrated within "
                        + database.waitTimeout().toMillis() / 1000.0 + " s; to be applied: " + first(open) + "; "
                        + holder(database.migrator()) + StartupValidation.obstacles(database.migrator())
                        + ". This application has changed nothing",
                "Look at the job or the instance that is to migrate, or start one with confiture.run=migrate; if it only"
                        + " needs longer, raise confiture.migrate.wait-timeout.");
    }

    private static String first(List<String> open) {
        return String.join(", ", open.subList(0, Math.min(NAMED, open.size())))
                + (open.size() > NAMED ? " and " + (open.size() - NAMED) + " more" : "");
    }

    private static String holder(Migrator migrator) {
        try {
            return migrator.lockHolder()
                    .map(LockHolder::describe)
                    .map(who -> "the migration lock is held by " + who)
                    .orElse("nobody holds the migration lock");
        } catch (DatabaseConnectionException e) {
            return "who holds the migration lock is not known, because the database cannot be reached";
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MigrationException(
                    ErrorCode.CANCELLED,
                    "Interrupted while waiting for the database to be migrated. This application has changed nothing",
                    "Start again.",
                    MigrationException.Place.UNKNOWN);
        }
    }
}
