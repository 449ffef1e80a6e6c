package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.hook.RunListeners;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.Identifiers;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of one migrator: who of its threads works on which connection, and under which lock. Writing work is done by
 * one thread at a time; a thread that holds the lock, or that a run calls back, reads on the session it has.
 */
final class MigratorSessions {
    private static final Logger log = LoggerFactory.getLogger(MigratorSessions.class);

    /** Work on a session, which may fail as JDBC fails. */
    @FunctionalInterface
    interface Work<S, T> {
        T on(S session) throws SQLException;
    }

    private final ConnectionSource source;
    private final boolean callersConnection;
    private final MigratorSettings settings;
    private final RunLock runLock;
    private final ReentrantLock guard = new ReentrantLock();
    private @Nullable HeldLock held;
    private @Nullable LockedSession running;

    MigratorSessions(
            ConnectionSource source,
            boolean callersConnection,
            @Nullable ConnectionSource outsidePool,
            MigratorSettings settings,
            RunListeners listeners) {
        this.source = source;
        this.callersConnection = callersConnection;
        this.settings = settings;
        this.runLock = new RunLock(source, outsidePool, settings.lockWait(), listeners);
    }

    ConnectionSource source() {
        return source;
    }

    /** Takes the lock, or takes it once more if this thread has it. */
    MigrationLock lock() {
        Backoff.lock(guard);
        try {
            requireNoRun();
            if (held == null) {
                held = new HeldLock(openLocked());
            }
            held.depth++;
            return new Handle(held);
        } catch (RuntimeException e) {
            guard.unlock();
            throw e;
        }
    }

    private static final class HeldLock {
        private final LockedSession session;
        private int depth;

        HeldLock(LockedSession session) {
            this.session = session;
        }
    }

    private final class Handle implements MigrationLock {
        private final HeldLock lock;
        private boolean closed;

        Handle(HeldLock lock) {
            this.lock = lock;
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            if (!guard.isHeldByCurrentThread()) {
                throw new IllegalStateException("The migration lock must be closed by the thread that took it");
            }
            closed = true;
            lock.depth--;
            if (lock.depth == 0) {
                held = null;
                lock.session.close();
            }
            guard.unlock();
        }
    }

    /** Reads without the lock, on the session of the lock if this thread holds it. */
    <T> T read(Work<Session, T> work) {
        if (guard.isHeldByCurrentThread()) {
            LockedSession mine = running != null ? running : held == null ? null : held.session;
            if (mine != null) {
                return ServerFailures.translated(() -> work.on(mine.session()));
            }
        }
        if (!callersConnection) {
            return ServerFailures.translated(() -> onNewSession(work));
        }
        Backoff.lock(guard);
        try {
            return ServerFailures.translated(() -> onNewSession(work));
        } finally {
            guard.unlock();
        }
    }

    private <T> T onNewSession(Work<Session, T> work) throws SQLException {
        try (Session session = Session.open(source)) {
            return work.on(session);
        }
    }

    /** Works under the lock: the one this thread holds, else one taken for this call. */
    <T> T locked(UUID runId, Work<LockedSession, T> work) {
        return lockedUnless(runId, session -> Optional.empty(), work);
    }

    /**
     * Reads without the lock first, so that instances with nothing to do never queue, and goes on under the lock on the
     * same connection if there is work.
     *
     * @param look what to do without the lock; an answer ends the call
     */
    <T> T lockedUnless(UUID runId, Work<Session, Optional<T>> look, Work<LockedSession, T> work) {
        Backoff.lock(guard);
        try {
            requireNoRun();
            if (held != null) {
                Optional<T> answer = look.on(held.session.session());
                return answer.isPresent() ? answer.get() : running(held.session, work);
            }
            Session session = Session.open(source);
            boolean handedOn = false;
            try {
                Optional<T> answer = look.on(session);
                if (answer.isPresent()) {
                    return answer.get();
                }
                LockedSession locked = acquire(session, runId);
                handedOn = true;
                try (locked) {
                    return running(locked, work);
                }
            } finally {
                if (!handedOn) {
                    session.close();
                }
            }
        } catch (SQLException e) {
            throw ServerFailures.translate(e);
        } finally {
            guard.unlock();
        }
    }

    private <T> T running(LockedSession locked, Work<LockedSession, T> work) throws SQLException {
        running = locked;
        try {
            locked.refresh(settings);
            return work.on(locked);
        } finally {
            running = null;
        }
    }

    /** A hook is called by a run that holds the lock and the connection: another one within it would wait for both. */
    private void requireNoRun() {
        if (running != null) {
            throw new MigrationException(
                    ErrorCode.INSIDE_TRANSACTION,
                    "A writing operation was called by a hook of a run of the same migrator, and did nothing",
                    "Call it after the run; a hook writes with context.jdbc().",
                    MigrationException.Place.UNKNOWN);
        }
    }

    /**
     * @param operation named in the message
     * @param writes whether it takes the lock
     * @throws MigrationException if it would wait on another thread for what this one holds
     */
    void requireNotHeldHere(String operation, boolean writes) {
        if (guard.isHeldByCurrentThread() && (writes || callersConnection)) {
            throw new MigrationException(
                    ErrorCode.INSIDE_TRANSACTION,
                    operation
                            + " was called by a thread that holds the migration lock, or by a hook of a run, for which"
                            + " it would wait on another thread. It did nothing",
                    "Call it after the lock is closed or the run has ended; under the lock, call the operation of the"
                            + " Migrator itself.",
                    MigrationException.Place.UNKNOWN);
        }
    }

    private LockedSession openLocked() {
        return ServerFailures.translated(() -> {
            Session session = Session.open(source);
            try {
                return acquire(session, UUID.randomUUID());
            } catch (SQLException | RuntimeException e) {
                session.close();
                throw e;
            }
        });
    }

    private LockedSession acquire(Session session, UUID runId) throws SQLException {
        History history = History.read(session, settings);
        return LockedSession.acquire(session, runLock, history, runId, settings.lockTimeout());
    }

    /** Asks first: IF NOT EXISTS wants the privilege to create one also where there is nothing to create. */
    static boolean createSchemaIfAbsent(LockedSession locked) throws SQLException {
        String schema = locked.ledger().schema();
        boolean exists = !locked.session()
                .query("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?", rs -> rs.getInt(1), schema)
                .isEmpty();
        if (!exists) {
            try {
                locked.session().execute("CREATE SCHEMA " + Identifiers.quote(schema));
            } catch (SQLException e) {
                throw ServerFailures.schemaNotCreated(e, locked.history());
            }
        }
        return !exists;
    }

    /** Creates the ledger under the lock if it is absent; false if it was there. */
    boolean createLedger(LockedSession locked) throws SQLException {
        History history = locked.history();
        if (history.ledgerExists()) {
            return false;
        }
        ServerFailures.requireWritable(history);
        try {
            locked.session().inTransaction(() -> {
                // Two that create it at once would both fail, for all that IF NOT EXISTS says.
                locked.requireLock(null);
                if (settings.createSchema() && createSchemaIfAbsent(locked)) {
                    log.info("Created the schema {}", locked.ledger().schema());
                }
                locked.ledger().create(locked.session());
                return true;
            });
        } catch (SQLException e) {
            throw ServerFailures.ledgerNotCreated(e, history);
        }
        if (!locked.refresh(settings).ledgerExists()) {
            throw History.noLedger(locked.ledger(), "it is no table", null);
        }
        return true;
    }
}
