package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.postgres.Secrets;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Settles a segment that an earlier attempt has begun and not finished, or stops where nobody can. */
final class UnfinishedSegment {
    private final Session session;
    private final Migration migration;
    private final Duration wait;
    private final Recovery recovery;

    /** @param wait how long to wait for a server process that is still at it */
    UnfinishedSegment(Session session, Recovery recovery, Migration migration, Duration wait) {
        this.session = session;
        this.recovery = recovery;
        this.migration = migration;
        this.wait = wait;
    }

    /**
     * Whether the segment's statement took effect; if not, nothing is left of it and it may run again.
     *
     * @throws LockTimeoutException if a server process is still at it when the time is over
     * @throws MigrationException if nobody can tell
     */
    boolean tookEffect(Progress.Entry segment) throws SQLException {
        long deadline = System.nanoTime() + wait.toNanos();
        for (int attempt = 1; ; attempt++) {
            switch (recovery.decide(segment)) {
                case TOOK_EFFECT -> {
                    return true;
                }
                case MAY_RUN_AGAIN -> {
                    return false;
                }
                case IN_DOUBT -> throw inDoubt(segment);
                case STILL_RUNNING -> {
                    if (System.nanoTime() - deadline > 0) {
                        throw stillRunning(session, recovery, migration.id(), segment, wait);
                    }
                    Backoff.await(Math.min(attempt, 3), migration);
                }
            }
        }
    }

    private MigrationException inDoubt(Progress.Entry segment) {
        return new MigrationException(
                ErrorCode.IN_DOUBT,
                "Migration " + migration.id() + " was interrupted in its statement " + segment.fromStatement()
                        + ", and nobody can tell whether that took effect: "
                        + excerpt(segment) + ". Nothing more was run",
                decideHint(migration.id()) + " Then start again.",
                Place.of(migration.id()));
    }

    /** What somebody has to do about a statement in doubt. */
    static String decideHint(String migration) {
        return "Look at the database, then repair(Repair.nothing().decide(\"" + migration
                + "\", DONE)) if the statement"
                + " took effect, and RETRY in place of DONE if it did not or may run again (confiture.run=repair in a"
                + " Spring Boot application).";
    }

    /** The statement, bounded in length and without passwords. */
    static String excerpt(Progress.Entry segment) {
        String statement = segment.statement() == null ? "" : segment.statement();
        return Secrets.mask(statement.length() > 200 ? statement.substring(0, 200) + "…" : statement);
    }

    static LockTimeoutException stillRunning(
            Session session, Recovery recovery, String migration, Progress.Entry segment, Duration wait)
            throws SQLException {
        List<Integer> pids = recovery.carriedOutBy(segment);
        if (pids.isEmpty()) {
            pids = session.query(
                    "SELECT pid FROM pg_catalog.pg_stat_progress_create_index"
                            + " WHERE datname = pg_catalog.current_database()",
                    rs -> rs.getInt(1));
        }
        String named = pids.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return new LockTimeoutException(
                ErrorCode.LOCK_TIMEOUT,
                "Statement " + segment.fromStatement() + " of migration " + migration
                        + ", begun by an earlier run, is still being carried out by backend pid " + named + " after "
                        + wait.toSeconds() + " s of waiting."
                        + " Nothing more was run",
                "Wait until it is done, or end it with SELECT pg_terminate_backend(pid); then start again.",
                Place.of(migration));
    }
}
