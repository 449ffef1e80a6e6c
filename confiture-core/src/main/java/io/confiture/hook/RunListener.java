package io.confiture.hook;

import io.confiture.hook.HookContext.Direction;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Watches what a migrator does and how long it takes, for measurements. Unlike a {@link MigrationHook} it has no
 * connection, changes nothing and vetoes nothing: what it throws is logged and otherwise ignored.
 *
 * <p>Called on the thread that migrates, while others may wait for it, so it must be quick. What starts also ends, on the
 * same thread; migrations lie within their run. Instances are called by several threads if the migrator is.
 *
 * @since 0.1.0
 */
public interface RunListener {

    /** What a run does. */
    enum Operation {
        APPLY,
        ROLLBACK;

        /** The printed form, such as {@code apply}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What sort of migration it is. */
    enum Kind {
        /** A versioned one in SQL. */
        SQL,
        /** A versioned one in Java. */
        JAVA,
        REPEATABLE;

        /** The printed form, such as {@code sql}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One call of an operation that writes.
     *
     * @param id the same that hooks are told
     * @param target the migration up to or down to which it goes, as {@code version_name}; null for everything
     */
    record Run(UUID id, Operation operation, @Nullable String target) {}

    /**
     * One migration of a run.
     *
     * @param runId the run it belongs to
     * @param version as spelt; {@code R} for every repeatable migration
     * @param name without the version
     */
    record Step(UUID runId, String version, String name, Direction direction, Kind kind) {}

    /** The files are read; nothing else was done, and there is no connection yet. */
    default void runStarted(Run run) {}

    /**
     * After everything else; the lock is free, unless the caller held it before.
     *
     * @param migrations how many migrations the run has committed
     * @param error why it failed, or null
     */
    default void runEnded(Run run, int migrations, @Nullable Throwable error) {}

    /** Before the first transaction of a migration. */
    default void migrationStarted(Step step) {}

    /**
     * After a migration was committed or failed, its hooks included.
     *
     * @param error why it failed, or null
     */
    default void migrationEnded(Step step, @Nullable Throwable error) {}

    /**
     * After the call of one hook at one point.
     *
     * @param took how long the hook took
     * @param error what the hook threw, or null
     */
    default void hookCalled(MigrationHook hook, HookContext context, Duration took, @Nullable Throwable error) {}

    /** What the ledger says was changed by a baseline, a repair or an adoption, none of which runs anything. */
    default void ledgerChanged() {}

    /** The migration lock was taken; it is not taken where nothing is to be done. */
    default void lockAcquired(Duration waited) {}

    /** Others held the migration lock for longer than the lock wait. */
    default void lockTimedOut(Duration waited) {}
}
