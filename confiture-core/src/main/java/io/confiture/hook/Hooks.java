package io.confiture.hook;

import io.confiture.error.ErrorCode;
import io.confiture.error.HookException;
import io.confiture.postgres.Secrets;
import io.confiture.postgres.ServerError;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hooks of a medium, called in order. Immutable.
 *
 * @since 0.1.0
 */
public final class Hooks {
    private static final Logger log = LoggerFactory.getLogger(Hooks.class);

    private final List<MigrationHook> hooks;
    private final RunListeners listeners;

    public Hooks(List<? extends MigrationHook> hooks) {
        this(hooks, new RunListeners(List.of()));
    }

    /** @param listeners who is told how long each call took */
    public Hooks(List<? extends MigrationHook> hooks, RunListeners listeners) {
        this.hooks = List.copyOf(hooks);
        this.listeners = listeners;
    }

    /** What logs and errors call the hooks, in the order in which they are called. */
    public List<String> names() {
        return hooks.stream().map(MigrationHook::name).toList();
    }

    /** Whether there is none, so that a context need not be built. */
    public boolean isEmpty() {
        return hooks.isEmpty();
    }

    /**
     * Calls every hook. At a point that may veto, the first failing hook ends the calls.
     *
     * @return one line for each hook that failed where it may not veto
     * @throws HookException if a hook vetoes
     */
    public List<String> call(HookContext context) {
        List<String> failures = new ArrayList<>();
        for (MigrationHook hook : hooks) {
            if (hook instanceof SinglePointHook single && single.point() != context.point()) {
                continue;
            }
            try {
                call(hook, context);
            } catch (Exception | LinkageError | AssertionError e) {
                // Exception: Kotlin and others throw checked ones without saying so.
                String line = "Hook " + hook.name() + " failed at " + context.point()
                        + (context.migrationVersion() == null
                                ? ""
                                : " of " + context.migrationVersion() + "_" + context.migrationName())
                        + ": " + Secrets.mask(words(e));
                Throwable cause = Secrets.mask(e);
                if (context.point().mayVeto()) {
                    // The exception that leaves here is read by people for its message, and hides where the hook
                    // failed.
                    log.error("{}, which stops what is under way", line, cause);
                    throw new HookException(ErrorCode.HOOK_FAILED, line, vetoHint(context), cause);
                }
                log.error(line, cause);
                failures.add(line);
            }
        }
        return failures;
    }

    /** Without statements and rows, which Spring's exceptions quote: this line is shown to others than those who read logs. */
    private static String words(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                ServerError error = ServerError.of(sql);
                return error.message() + (error.sqlState() == null ? "" : " [" + error.sqlState() + "]");
            }
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private void call(MigrationHook hook, HookContext context) {
        if (listeners.isEmpty()) {
            hook.call(context);
            return;
        }
        long start = System.nanoTime();
        Throwable error = null;
        try {
            hook.call(context);
        } catch (Throwable e) {
            error = e;
            throw e;
        } finally {
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            Throwable thrown = error;
            listeners.tell(listener -> listener.hookCalled(hook, context, took, thrown));
        }
    }

    private static String vetoHint(HookContext context) {
        if (!context.alreadyCommitted().isEmpty()) {
            return "The open transaction was rolled back. Already committed and not undone: "
                    + String.join("; ", context.alreadyCommitted());
        }
        return "What the hook vetoed was rolled back; the database is as it was before it.";
    }
}
