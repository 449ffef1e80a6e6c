package io.confiture.migrate;

import io.confiture.postgres.AdvisoryLock;
import io.confiture.postgres.Session;
import io.confiture.postgres.SessionSettings;
import io.confiture.sql.ScriptDirectives;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A session that may write, because it, or a companion of it, holds the migration lock. Closing releases both. */
final class LockedSession implements AutoCloseable {
    private final Session session;
    private final AdvisoryLock lock;
    private final RunWatch watch;
    private final boolean transactionPooler;
    private History history;
    private boolean progressExists;

    private LockedSession(Session session, AdvisoryLock lock, History history, boolean transactionPooler) {
        this.session = session;
        this.lock = lock;
        this.history = history;
        this.transactionPooler = transactionPooler;
        this.progressExists = history.progressExists();
        this.watch = RunWatch.start(session);
    }

    /**
     * Takes the lock for a session that is already open, and prepares it for a run.
     *
     * @param history what was read without the lock; read again with {@link #refresh}
     */
    static LockedSession acquire(Session session, RunLock runLock, History history, UUID runId, Duration lockTimeout)
            throws SQLException {
        AdvisoryLock lock = runLock.acquire(session, history);
        try {
            boolean pooler = RunLock.behindTransactionPooler(session, history);
            String name = "confiture run " + runId.toString().substring(0, 8) + " since "
                    + Instant.now().toString().substring(0, 19) + "Z";
            session.begin(new SessionSettings.Ours(lockTimeout, name), pooler);
            return new LockedSession(session, lock, history, pooler);
        } catch (SQLException | RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    Session session() {
        return session;
    }

    AdvisoryLock lock() {
        return lock;
    }

    RunWatch watch() {
        return watch;
    }

    Ledger ledger() {
        return history.ledger();
    }

    History history() {
        return history;
    }

    boolean transactionPooler() {
        return transactionPooler;
    }

    @Nullable
    String currentSchema() {
        return history.facts().currentSchema();
    }

    /** Reads the history again: what was read without the lock may be out of date. */
    History refresh(MigratorSettings settings) throws SQLException {
        history = History.read(session, settings);
        progressExists = history.progressExists();
        return history;
    }

    /**
     * Within a transaction that writes no row into the ledger: nobody else gets the lock before it has ended.
     *
     * @param migration that is run; null for none
     */
    void requireLock(@Nullable String migration) throws SQLException {
        boolean held = session.query(
                        "SELECT " + AdvisoryLock.HELD,
                        rs -> rs.getBoolean(1),
                        lock.heldParameters().toArray())
                .get(0);
        if (!held) {
            throw Run.lockLost(migration, lock);
        }
    }

    void createProgressIfAbsent(Progress progress) throws SQLException {
        if (!progressExists) {
            try {
                session.inTransaction(() -> {
                    requireLock(null);
                    progress.create(session);
                    return true;
                });
            } catch (SQLException e) {
                throw ServerFailures.notCreated(e, history, "table " + progress.displayName(), "Nothing more was done");
            }
            progressExists = true;
        }
    }

    /** Sets what a script asks for within the open transaction. */
    void setLocalTimeouts(ScriptDirectives directives, MigratorSettings settings) throws SQLException {
        Duration lockTimeout = directives.lockTimeout();
        if (lockTimeout != null) {
            session.execute("SET LOCAL lock_timeout = '" + lockTimeout.toMillis() + "ms'");
        }
        Duration statementTimeout = statementTimeout(directives, settings);
        if (statementTimeout != null) {
            session.execute("SET LOCAL statement_timeout = '" + statementTimeout.toMillis() + "ms'");
        }
    }

    /**
     * Sets what a script asks for around a statement that runs without a transaction.
     *
     * @param patient whether it waits for locks without limit where the script does not say otherwise
     * @return which of them cannot be set, behind a transaction pooler; empty if all are
     */
    List<String> setSessionTimeouts(ScriptDirectives directives, MigratorSettings settings, boolean patient)
            throws SQLException {
        Duration lockTimeout =
                directives.lockTimeout() == null && !patient ? settings.lockTimeout() : directives.lockTimeout();
        Duration statementTimeout = statementTimeout(directives, settings);
        if (transactionPooler) {
            List<String> notSet = new ArrayList<>();
            if (lockTimeout != null) {
                notSet.add("lock_timeout of " + lockTimeout.toMillis() / 1000.0 + " s");
            }
            if (statementTimeout != null) {
                notSet.add("statement_timeout of " + statementTimeout.toMillis() / 1000.0 + " s");
            }
            return notSet;
        }
        session.execute("SET lock_timeout = '" + (lockTimeout == null ? 0 : lockTimeout.toMillis()) + "ms'");
        if (statementTimeout != null) {
            session.execute("SET statement_timeout = '" + statementTimeout.toMillis() + "ms'");
        }
        return List.of();
    }

    /** Undoes {@link #setSessionTimeouts}. */
    void unsetSessionTimeouts(ScriptDirectives directives, MigratorSettings settings) throws SQLException {
        if (transactionPooler) {
            return;
        }
        session.uncancelled(() -> {
            session.execute("SET lock_timeout = '" + settings.lockTimeout().toMillis() + "ms'");
            if (statementTimeout(directives, settings) != null) {
                session.execute("RESET statement_timeout");
            }
            return true;
        });
    }

    private static @Nullable Duration statementTimeout(ScriptDirectives directives, MigratorSettings settings) {
        return directives.statementTimeout() != null ? directives.statementTimeout() : settings.statementTimeout();
    }

    @Override
    public void close() {
        // The lock outlives the work that is still open, and the watch the lock.
        session.rollback();
        lock.close();
        watch.close();
        session.close();
    }
}
