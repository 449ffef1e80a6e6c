package io.confiture.migrate;

import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes down, in the transaction that completes it, that a migration is applied or is so no longer. */
final class Records {
    private final Session session;
    private final LockedSession locked;
    private final UUID runId;

    Records(Session session, LockedSession locked, UUID runId) {
        this.session = session;
        this.locked = locked;
        this.runId = runId;
    }

    /** False if the lock is no longer held. */
    boolean applied(LocalMigration migration, long millis) throws SQLException {
        Checksum checksum = migration.checksumNow();
        @Nullable String text = checksum == null ? null : checksum.normalized();
        if (migration.repeatable()) {
            Progress progress = new Progress(locked.ledger());
            progress.deleteMarks(session, RunMark.Kind.REPEATABLE, migration.key());
            return progress.insertMark(session, locked.lock(), runId, RunMark.Kind.REPEATABLE, migration.key(), text);
        }
        return locked.ledger().insert(session, locked.lock(), migration.migration(), text, millis, Instant.now());
    }

    /**
     * False if the lock is no longer held.
     *
     * @param version as the ledger spells it
     */
    boolean rolledBack(String version) throws SQLException {
        for (RunMark mark : locked.history().marks()) {
            if (mark.version().equals(version)) {
                new Progress(locked.ledger()).deleteMarks(session, mark.kind(), version);
            }
        }
        return locked.ledger().delete(session, locked.lock(), version);
    }
}
