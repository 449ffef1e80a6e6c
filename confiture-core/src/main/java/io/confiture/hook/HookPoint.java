package io.confiture.hook;

import java.util.Locale;

/**
 * A moment at which hooks are called. Up to the commit a hook vetoes by throwing; at the other points a failing hook is
 * reported and changes nothing.
 *
 * @since 0.1.0
 */
public enum HookPoint {
    /** Before files and ledger are compared by {@code validate()}. */
    BEFORE_VALIDATE(true),
    /** After they were compared; the report stands. */
    AFTER_VALIDATE(false),
    /** Before the first migration of a run, with the plan known; also when there is nothing to do. */
    BEFORE_RUN(true),
    /** After the last migration of a run that succeeded; also when there was nothing to do. */
    AFTER_RUN(false),
    /** In a migration's transaction, before its first statement. */
    BEFORE_EXECUTE(true),
    /** In a migration's transaction, after its last statement and before the commit. */
    AFTER_EXECUTE(true),
    /** After a migration, or its rollback, was committed. */
    AFTER_COMMIT(false),
    /** After a migration, a rollback or a run failed and the database was left as the error says. */
    ON_ERROR(false),
    /** In the transaction of a rollback, before its first statement. */
    BEFORE_ROLLBACK(true),
    /** In the transaction of a rollback, after its last statement and before the commit. */
    AFTER_ROLLBACK(true);

    private final boolean mayVeto;

    HookPoint(boolean mayVeto) {
        this.mayVeto = mayVeto;
    }

    /** Whether an exception thrown here stops what is under way. */
    public boolean mayVeto() {
        return mayVeto;
    }

    /** The printed form, such as {@code after_execute}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
