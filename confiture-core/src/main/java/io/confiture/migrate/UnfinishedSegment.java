package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.time.Duration;

/** Settles a segment that an earlier attempt has begun and not finished, or stops where nobody can. */
final class UnfinishedSegment {
    private final Session session;
    private final Progress progress;
    private final Migration migration;
    private final Duration wait;

    /** @param wait how long to wait for a server process that is still at it */
    UnfinishedSegment(Session session, Progress progress, Migration migration, Duration wait) {
        this.session = session;
        this.progress = progress;
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
            switch (new Recovery(session).decide(segment)) {
                case TOOK_EFFECT -> {
                    return true;
                }
                case MAY_RUN_AGAIN -> {
                    return false;
                }
                case IN_DOUBT -> throw inDoubt(segment);
                case STILL_RUNNING -> {
                    if (System.nanoTime() - deadline > 0) {
                        throw stillRunning(segment);
                    }
                    Backoff.await(Math.min(attempt, 3), migration);
                }
            }
        }
    }

    private MigrationException inDoubt(Progress.Entry segment) {
        String table = progress.displayName();
        return new MigrationException(
                ErrorCode.IN_DOUBT,
                "Migration " + migration.id() + " was interrupted in its statement " + segment.fromStatement()
                        + ", and nobody can tell whether that took effect: "
                        + (segment.statement() == null ? "" : Excerpt.withoutPasswords(brief(segment.statement())))
                        + ". Nothing more was run",
                "Look at the database. If the statement took effect: UPDATE " + table
                        + " SET state = 'done' WHERE id = " + segment.id() + "; if it did not, or may run again:"
                        + " DELETE FROM " + table + " WHERE id = " + segment.id() + ". Then start again.",
                Place.of(migration.id()));
    }

    private static String brief(String statement) {
        return statement.length() > 200 ? statement.substring(0, 200) + "…" : statement;
    }

    private LockTimeoutException stillRunning(Progress.Entry segment) throws SQLException {
        String pids = String.join(
                ", ",
                session.query(
                        "SELECT pid::text FROM pg_catalog.pg_stat_progress_create_index"
                                + " WHERE datname = pg_catalog.current_database() UNION SELECT pid::text"
                                + " FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database()"
                                + " AND state = 'active' AND application_name LIKE 'confiture run%'"
                                + " AND pid <> pg_catalog.pg_backend_pid()",
                        rs -> rs.getString(1)));
        return new LockTimeoutException(
                ErrorCode.LOCK_TIMEOUT,
                "Statement " + segment.fromStatement() + " of migration " + migration.id()
                        + ", begun by an earlier run, is still being carried out by backend pid " + pids + " after "
                        + wait.toSeconds() + " s of waiting."
                        + " Nothing more was run",
                "Wait until it is done, or end it with SELECT pg_terminate_backend(pid); then start again.",
                Place.of(migration.id()));
    }
}
