package io.confiture.migrate;

import io.confiture.postgres.Session;
import io.confiture.sql.ScriptDirectives;
import io.confiture.sql.SqlStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how long a dry run lasts: gives each statement what is left of the time, unless its script, the settings or the
 * role allow it less.
 */
final class DryRunLimit {
    // So that a script of many small statements is not asked about the time before each of them.
    private static final long RENEWED_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String READ =
            "SELECT s.setting::bigint FROM pg_catalog.pg_settings s WHERE s.name = 'statement_timeout'";

    private final Session session;
    private final Duration limit;
    private final long ofSession;
    private long startNanos;
    private boolean started;

    /** In milliseconds; 0 for none. */
    private long ofScript;

    private long given;
    private long givenNanos;
    private boolean renew = true;

    DryRunLimit(Session session, Duration limit) throws SQLException {
        this.session = session;
        this.limit = limit;
        this.ofSession = read();
    }

    private long read() throws SQLException {
        return session.query(READ, rs -> rs.getLong(1)).get(0);
    }

    /** A script begins, or the transaction was rolled back to a savepoint. */
    void begin(ScriptDirectives directives, MigratorSettings settings) {
        if (directives.statementTimeout() != null) {
            ofScript = directives.statementTimeout().toMillis();
        } else if (settings.statementTimeout() != null) {
            ofScript = settings.statementTimeout().toMillis();
        } else {
            ofScript = ofSession;
        }
        renew = true;
    }

    /** Before a statement; the time counts from the first one on. */
    void before() throws SQLException {
        long now = System.nanoTime();
        if (!started) {
            started = true;
            startNanos = now;
        }
        if (renew || now - givenNanos > RENEWED_AFTER_NANOS) {
            long left = left().toMillis();
            given = ofScript == 0 ? left : Math.min(ofScript, left);
            session.execute("SET LOCAL statement_timeout = '" + given + "ms'");
            givenNanos = now;
            renew = false;
        }
    }

    /** After a statement, which may have set a limit of its own for those behind it, also by a function that it calls. */
    void after(SqlStatement statement) throws SQLException {
        if (ScriptPlan.mayChangeSession(statement)) {
            long now = read();
            if (now != given) {
                ofScript = now;
            }
            renew = true;
        }
    }

    /** Whether the time is over. */
    boolean over() {
        return started && System.nanoTime() - startNanos >= limit.toNanos();
    }

    /** What is left of the time. */
    Duration left() {
        long passed = started ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos) : 0;
        return Duration.ofMillis(Math.max(1, limit.toMillis() - passed));
    }

    /** Whether it was this limit that ended a statement with that SQLSTATE. */
    boolean met(@Nullable String sqlState) {
        return "57014".equals(sqlState) && over();
    }

    String describe() {
        return "the limit of " + limit.toMillis() + " ms for holding locks was reached";
    }
}
