package io.confiture.migrate;

import io.confiture.error.CommittedMigration;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookContext;
import io.confiture.hook.HookPoint;
import io.confiture.hook.Hooks;
import io.confiture.hook.RunListener;
import io.confiture.hook.RunListeners;
import io.confiture.postgres.AdvisoryLock;
import io.confiture.postgres.Session;
import io.confiture.sql.ScriptDirectives;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the steps of one call share: its identity, its hooks, and what it has committed so far. */
final class Run {
    private final UUID id;
    private final MigratorSettings settings;
    private final Hooks hooks;
    private final RunListeners listeners;
    private final Instant start = Instant.now();
    private final Map<String, Object> metadata = new ConcurrentHashMap<>();
    private final List<CommittedMigration> committed = new ArrayList<>();

    Run(UUID id, MigratorSettings settings, Hooks hooks, RunListeners listeners) {
        this.id = id;
        this.settings = settings;
        this.hooks = hooks;
        this.listeners = listeners;
    }

    UUID id() {
        return id;
    }

    MigratorSettings settings() {
        return settings;
    }

    Hooks hooks() {
        return hooks;
    }

    /**
     * Does all of the run's work while the listeners watch.
     *
     * @param target how far it is to go, or null for everything
     */
    <T> T observed(RunListener.Operation operation, @Nullable String target, Supplier<T> work) {
        return listeners.run(new RunListener.Run(id, operation, target), committed::size, work);
    }

    /** Does the work of one migration while the listeners watch. */
    <T> T observed(LocalMigration local, HookContext.Direction direction, Supplier<T> work) {
        Migration migration = local.migration();
        RunListener.Kind kind = local.repeatable()
                ? RunListener.Kind.REPEATABLE
                : local.java() == null ? RunListener.Kind.SQL : RunListener.Kind.JAVA;
        return listeners.migration(
                new RunListener.Step(id, migration.version(), migration.name(), direction, kind), work);
    }

    /** A context at a point of the run; the caller adds what it knows of a migration. */
    HookContext.Builder context(HookPoint point, HookContext.Direction direction) {
        return HookContext.builder(point)
                .runId(id)
                .database(settings.database())
                .environment(settings.environment())
                .direction(direction)
                .metadata(metadata)
                .startTime(start);
    }

    /** Shared by the hooks and the Java migrations of the run. */
    Map<String, Object> metadata() {
        return metadata;
    }

    /** Calls the hooks of a point of the run itself. */
    void call(
            HookPoint point,
            HookContext.Direction direction,
            List<String> migrations,
            @Nullable Session session,
            @Nullable Throwable error) {
        if (hooks.isEmpty()) {
            return;
        }
        HookContext.Builder context = context(point, direction)
                .migrations(migrations)
                .jdbc(session == null || session.isBroken() ? null : session.jdbc());
        if (point == HookPoint.AFTER_RUN) {
            context.status(HookContext.Status.SUCCESS).endTime(Instant.now());
        } else if (point == HookPoint.ON_ERROR) {
            context.status(HookContext.Status.ERROR).endTime(Instant.now()).error(error);
        }
        if (point != HookPoint.BEFORE_RUN && session != null) {
            callUncancelled(context.build(), session);
        } else {
            hooks.call(context.build());
        }
    }

    /** Hooks that are told of what is done or has failed are told all of it, and may write it down. */
    List<String> callUncancelled(HookContext context, Session session) {
        return ServerFailures.translated(() -> session.uncancelled(() -> hooks.call(context)));
    }

    /** Calls the hooks before there is work: in a transaction, so that a veto leaves nothing that others have written. */
    void callBefore(HookContext.Direction direction, List<String> migrations, LockedSession locked) {
        Session session = locked.session();
        if (hooks.isEmpty() || migrations.isEmpty()) {
            call(HookPoint.BEFORE_RUN, direction, migrations, session, null);
            return;
        }
        HookContext context = context(HookPoint.BEFORE_RUN, direction)
                .migrations(migrations)
                .jdbc(session.jdbc())
                .build();
        ServerFailures.translated(() -> session.inTransaction(() -> {
            locked.setLocalTimeouts(ScriptDirectives.NONE, settings);
            hooks.call(context);
            locked.requireLock(null);
            return true;
        }));
    }

    void committed(Migration migration, MigrationAction action, Duration duration, long rows) {
        committed.add(new CommittedMigration(migration.version(), migration.name(), action.toString(), duration, rows));
    }

    List<CommittedMigration> committed() {
        return committed;
    }

    Duration elapsed() {
        return Duration.between(start, Instant.now());
    }

    /** The error of a write that found the lock gone. */
    static MigrationException lockLost(@Nullable String migration, AdvisoryLock lock) {
        return new MigrationException(
                ErrorCode.LOCK_LOST,
                "The migration lock was lost " + (migration == null ? "" : "while " + migration + " ran ")
                        + "(it was held by backend pid " + lock.holderPid() + "). What was open was rolled back",
                "Start again: a run that holds the lock goes on from what is committed. A migration must not call"
                        + " pg_advisory_unlock_all().",
                migration == null ? MigrationException.Place.UNKNOWN : MigrationException.Place.of(migration));
    }
}
