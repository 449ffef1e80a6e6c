package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationAlreadyAppliedException;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookContext.Direction;
import io.confiture.hook.HookContext.Status;
import io.confiture.hook.HookPoint;
import io.confiture.hook.Hooks;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.LockHolder;
import io.confiture.postgres.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Brings a database to the state that a set of migrations describes. Every decision is taken under the migration lock of
 * the ledger, so that any number of instances may start together: each migration is applied once, and what another
 * instance has done meanwhile is success.
 *
 * <p>Thread-safe; writing operations of one migrator run one after the other. Operations that write fail at once inside a
 * Spring transaction. Operations that read take no lock.
 *
 * <p>Unless said otherwise, operations throw {@link io.confiture.error.ConfigurationException} when files or settings are
 * wrong, {@link io.confiture.error.DatabaseConnectionException} when there is no connection, and
 * {@link io.confiture.error.MigrationException} or one of its children when something stops them.
 *
 * @since 0.1.0
 */
public final class Migrator {
    private final ConnectionSource source;
    private final MigratorSettings settings;
    private final MigrationFiles files;
    private final RunLock runLock;
    private final Hooks hooks;
    private final boolean callersConnection;
    private final ReentrantLock guard = new ReentrantLock();
    private @Nullable HeldLock held;
    private @Nullable LockedSession running;

    Migrator(MigratorBuilder builder) {
        this.source = builder.source;
        this.callersConnection = builder.callersConnection;
        this.settings = builder.settings();
        this.files =
                new MigrationFiles(builder.locations, builder.defaultLocations, builder.classLoader, Clock.systemUTC());
        this.runLock = new RunLock(source, ConnectionSource.ofNullable(builder.lockDataSource), settings.lockWait());
        this.hooks = new Hooks(builder.hooks);
    }

    /** Takes a connection from the data source for each operation and gives it back as it came. */
    public static MigratorBuilder builder(DataSource dataSource) {
        return new MigratorBuilder(ConnectionSource.of(dataSource), false);
    }

    /** Works on the caller's connection, which is never closed and gets auto-commit, role and settings back. */
    public static MigratorBuilder builder(Connection connection) {
        return new MigratorBuilder(ConnectionSource.of(connection), true);
    }

    /** Opens a connection for each operation, from {@code jdbc:postgresql:…} or {@code postgresql://…}. */
    public static MigratorBuilder builder(String url) {
        return new MigratorBuilder(ConnectionSource.of(url), false);
    }

    /** Creates the ledger if it does not exist. The other operations do so themselves when they need it. */
    public void initialize() {
        SpringTransactions.requireNone("initialize()");
        locked(UUID.randomUUID(), locked -> createLedger(locked));
    }

    /**
     * Applies exactly one migration. Pending ones below it fall under the policy for out-of-order migrations.
     *
     * @param name {@code 001} or {@code 001_create_users}
     * @return what was done; {@link MigrationAction#ALREADY_APPLIED} if another run applied it meanwhile
     * @throws MigrationAlreadyAppliedException if it was applied before the call
     */
    public MigrationResult apply(String name) {
        Objects.requireNonNull(name, "name");
        SpringTransactions.requireNone("apply(\"" + name + "\")");
        List<SqlMigration> all = files.load();
        SqlMigration migration = Names.find(name, all, files.describe());
        List<MigrationResult> results = new ApplyOperation(this, all, migration.parsedVersion(), migration).run();
        return results.isEmpty()
                ? new MigrationResult(
                        migration, MigrationAction.ALREADY_APPLIED, Duration.ZERO, migration.up()::sql, 0, List.of())
                : results.get(0);
    }

    /** Applies exactly one migration; see {@link #apply(String)}. */
    public MigrationResult apply(Migration migration) {
        return apply(migration.id());
    }

    /** Applies everything that is pending, in order. */
    public List<MigrationResult> applyAll() {
        return applyAll(null);
    }

    /**
     * Applies what is pending up to and including the target, in order, each in its own transaction. When one fails, the
     * exception tells what was committed before.
     *
     * @param target {@code 001} or {@code 001_create_users}; null for everything
     * @return what this call applied; empty if there was nothing to do
     */
    public List<MigrationResult> applyAll(@Nullable String target) {
        SpringTransactions.requireNone("applyAll()");
        List<SqlMigration> all = files.load();
        Version version = target == null
                ? null
                : Names.find(target, all, files.describe()).parsedVersion();
        return new ApplyOperation(this, all, version, null).run();
    }

    /**
     * Rolls back the migration that was applied last.
     *
     * @param name {@code 001} or {@code 001_create_users}
     * @throws io.confiture.error.MigrationNotAppliedException if it is not applied
     * @throws io.confiture.error.MigrationException if it is not the newest, or has no down part
     */
    public MigrationResult rollback(String name) {
        SpringTransactions.requireNone("rollback(\"" + name + "\")");
        return new RollbackOperation(this, files.load()).one(name, false);
    }

    /** Rolls back the migration that was applied last; see {@link #rollback(String)}. */
    public MigrationResult rollback(Migration migration) {
        return rollback(migration.id());
    }

    /** Rolls back one migration although others were applied after it. */
    public MigrationResult rollbackForced(String name) {
        SpringTransactions.requireNone("rollbackForced(\"" + name + "\")");
        return new RollbackOperation(this, files.load()).one(name, true);
    }

    /**
     * Rolls back everything above the target, the newest first. The target stays applied. If one of the steps has no down
     * part, nothing is rolled back at all.
     *
     * @return what was rolled back; empty if the target is the newest already
     */
    public List<MigrationResult> rollbackTo(String target) {
        SpringTransactions.requireNone("rollbackTo(\"" + target + "\")");
        return new RollbackOperation(this, files.load()).to(target);
    }

    /** What is applied and what is not. */
    public MigrationStatus status() {
        return compare().status();
    }

    /** What {@link #applyAll()} would do now. Runs nothing; reads the scripts of what is pending. */
    public MigrationPlan plan() {
        return ApplyOperation.plan(compare(), settings, files.describe());
    }

    /** The ledger's rows in the order in which they were written. */
    public List<AppliedMigration> applied() {
        return read(session ->
                History.read(session, settings.schema(), settings.table()).applied());
    }

    /** What is not applied, in order. */
    public List<Migration> pending() {
        return status().pending();
    }

    /** Compares every applied migration with its file. Changes nothing; works on a read-only standby. */
    public ValidationReport validate() {
        Run run = newRun();
        if (!hooks.isEmpty()) {
            hooks.call(run.context(HookPoint.BEFORE_VALIDATE, Direction.UP).build());
        }
        ValidationReport report = Validation.of(compare());
        if (!hooks.isEmpty()) {
            hooks.call(run.context(HookPoint.AFTER_VALIDATE, Direction.UP)
                    .status(report.valid() ? Status.SUCCESS : Status.ERROR)
                    .endTime(Instant.now())
                    .build());
        }
        return report;
    }

    /**
     * Takes the migration lock, for several operations under one lock. Re-entrant; bound to this thread.
     *
     * @throws io.confiture.error.LockTimeoutException if another run holds it for longer than the lock wait
     */
    public MigrationLock lock() {
        SpringTransactions.requireNone("lock()");
        guard.lock();
        try {
            requireNoRun();
            if (held == null) {
                held = new HeldLock(openLocked(UUID.randomUUID()));
            }
            held.depth++;
            return new Handle(held);
        } catch (RuntimeException e) {
            guard.unlock();
            throw e;
        }
    }

    /** Who holds the migration lock now; empty if nobody. */
    public Optional<LockHolder> lockHolder() {
        return read(session -> LockHolder.find(
                session,
                History.read(session, settings.schema(), settings.table())
                        .ledger()
                        .lockKey()));
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

    /** Work on a session, which may fail as JDBC fails. */
    @FunctionalInterface
    interface Work<S, T> {
        T on(S session) throws SQLException;
    }

    MigratorSettings settings() {
        return settings;
    }

    String locations() {
        return files.describe();
    }

    Run newRun() {
        return new Run(UUID.randomUUID(), settings, hooks);
    }

    private Comparison compare() {
        List<SqlMigration> all = files.load();
        return read(session -> Comparison.of(all, History.read(session, settings.schema(), settings.table())));
    }

    /** Reads without the lock, on the session of the lock if this thread holds it. */
    private <T> T read(Work<Session, T> work) {
        if (guard.isHeldByCurrentThread()) {
            LockedSession mine = running != null ? running : held == null ? null : held.session;
            if (mine != null) {
                return ServerFailures.translated(() -> work.on(mine.session()));
            }
        }
        if (!callersConnection) {
            return ServerFailures.translated(() -> onNewSession(work));
        }
        guard.lock();
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
        guard.lock();
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

    private LockedSession openLocked(UUID runId) {
        return ServerFailures.translated(() -> {
            Session session = Session.open(source);
            try {
                return acquire(session, runId);
            } catch (SQLException | RuntimeException e) {
                session.close();
                throw e;
            }
        });
    }

    private LockedSession acquire(Session session, UUID runId) throws SQLException {
        History history = History.read(session, settings.schema(), settings.table());
        return LockedSession.acquire(session, runLock, history, runId, settings.lockTimeout());
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
