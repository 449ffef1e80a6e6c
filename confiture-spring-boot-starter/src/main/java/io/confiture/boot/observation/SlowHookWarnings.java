package io.confiture.boot.observation;

import io.confiture.hook.HookContext;
import io.confiture.hook.MigrationHook;
import io.confiture.hook.RunListener;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of hooks that take long inside a transaction: what the migration has locked stays locked meanwhile.
 *
 * @since 0.1.0
 */
public final class SlowHookWarnings implements RunListenerFactory {
    private static final Logger log = LoggerFactory.getLogger(SlowHookWarnings.class);

    private final Function<String, Duration> thresholds;

    /** @param thresholds by database, what a hook may take without a warning; zero for no warnings */
    public SlowHookWarnings(Function<String, Duration> thresholds) {
        this.thresholds = thresholds;
    }

    @Override
    public RunListener create(String database) {
        return new Warnings(database, thresholds.apply(database));
    }

    private record Warnings(String database, Duration threshold) implements RunListener {
        @Override
        public void hookCalled(MigrationHook hook, HookContext context, Duration took, @Nullable Throwable error) {
            if (threshold.isZero() || took.compareTo(threshold) <= 0 || !inTransaction(context)) {
                return;
            }
            log.warn(
                    "Hook {} took {} ms at {}{} of database '{}', inside the transaction: what it has locked stayed"
                            + " locked meanwhile (warned above confiture.hooks.slow-threshold, {} ms)",
                    hook.name(),
                    took.toMillis(),
                    context.point(),
                    context.migrationVersion() == null
                            ? ""
                            : " of " + context.migrationVersion() + "_" + context.migrationName(),
                    database,
                    threshold.toMillis());
        }

        private static boolean inTransaction(HookContext context) {
            return switch (context.point()) {
                case BEFORE_EXECUTE, AFTER_EXECUTE, BEFORE_ROLLBACK, AFTER_ROLLBACK -> true;
                case BEFORE_RUN -> !context.migrations().isEmpty();
                case AFTER_RUN, AFTER_COMMIT, ON_ERROR, BEFORE_VALIDATE, AFTER_VALIDATE -> false;
            };
        }
    }
}
