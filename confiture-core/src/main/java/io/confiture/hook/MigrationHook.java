package io.confiture.hook;

import java.util.function.Consumer;

/**
 * User code called at the {@linkplain HookPoint points} of a run, on the thread that migrates and in the order in which
 * the hooks were given. Override the points of interest.
 *
 * <p>An exception thrown at a point that {@linkplain HookPoint#mayVeto() may veto} rolls the migration back; elsewhere it
 * is logged, kept as a warning of the result, and changes nothing.
 *
 * @since 0.1.0
 */
public interface MigrationHook {

    /** The hook that calls {@code action} at one point and nowhere else. */
    static MigrationHook at(HookPoint point, Consumer<HookContext> action) {
        return new SinglePointHook(point, action);
    }

    /** How logs and errors call this hook. */
    default String name() {
        return getClass().getName();
    }

    /** See {@link HookPoint#BEFORE_VALIDATE}. */
    default void beforeValidate(HookContext context) {}

    /** See {@link HookPoint#AFTER_VALIDATE}. */
    default void afterValidate(HookContext context) {}

    /** See {@link HookPoint#BEFORE_RUN}. */
    default void beforeRun(HookContext context) {}

    /** See {@link HookPoint#AFTER_RUN}. */
    default void afterRun(HookContext context) {}

    /** See {@link HookPoint#BEFORE_EXECUTE}. */
    default void beforeExecute(HookContext context) {}

    /** See {@link HookPoint#AFTER_EXECUTE}. */
    default void afterExecute(HookContext context) {}

    /** See {@link HookPoint#AFTER_COMMIT}. */
    default void afterCommit(HookContext context) {}

    /** See {@link HookPoint#ON_ERROR}. */
    default void onError(HookContext context) {}

    /** See {@link HookPoint#BEFORE_ROLLBACK}. */
    default void beforeRollback(HookContext context) {}

    /** See {@link HookPoint#AFTER_ROLLBACK}. */
    default void afterRollback(HookContext context) {}

    /** Calls the method that belongs to the point of {@code context}. */
    default void call(HookContext context) {
        switch (context.point()) {
            case BEFORE_VALIDATE -> beforeValidate(context);
            case AFTER_VALIDATE -> afterValidate(context);
            case BEFORE_RUN -> beforeRun(context);
            case AFTER_RUN -> afterRun(context);
            case BEFORE_EXECUTE -> beforeExecute(context);
            case AFTER_EXECUTE -> afterExecute(context);
            case AFTER_COMMIT -> afterCommit(context);
            case ON_ERROR -> onError(context);
            case BEFORE_ROLLBACK -> beforeRollback(context);
            case AFTER_ROLLBACK -> afterRollback(context);
        }
    }
}
