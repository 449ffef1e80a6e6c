package io.confiture.hook;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of a medium. They hear of a start in their order and of an end in the opposite one, so that what they open
 * is closed from the inside out. Immutable.
 *
 * @since 0.1.0
 */
public final class RunListeners {
    private static final Logger log = LoggerFactory.getLogger(RunListeners.class);

    private final List<RunListener> listeners;
    private final List<RunListener> reversed;

    public RunListeners(List<? extends RunListener> listeners) {
        this.listeners = List.copyOf(listeners);
        List<RunListener> last = new ArrayList<>(listeners);
        Collections.reverse(last);
        this.reversed = List.copyOf(last);
    }

    /** Whether there is none, so that nothing need be measured. */
    public boolean isEmpty() {
        return listeners.isEmpty();
    }

    /**
     * Does the work of a run.
     *
     * @param migrations how many migrations it has committed, asked when it has ended
     */
    public <T> T run(RunListener.Run run, IntSupplier migrations, Supplier<T> work) {
        return between(
                listener -> listener.runStarted(run),
                work,
                (listener, error) -> listener.runEnded(run, migrations.getAsInt(), error));
    }

    /** Does the work of a migration. */
    public <T> T migration(RunListener.Step step, Supplier<T> work) {
        return between(
                listener -> listener.migrationStarted(step),
                work,
                (listener, error) -> listener.migrationEnded(step, error));
    }

    private <T> T between(
            Consumer<RunListener> start, Supplier<T> work, BiConsumer<RunListener, @Nullable Throwable> end) {
        tell(start);
        Throwable error = null;
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            error = e;
            throw e;
        } finally {
            Throwable thrown = error;
            reversed.forEach(listener -> tell(listener, ending -> end.accept(ending, thrown)));
        }
    }

    /** Tells every listener; what one of them throws keeps nothing from the others. */
    public void tell(Consumer<RunListener> event) {
        listeners.forEach(listener -> tell(listener, event));
    }

    private static void tell(RunListener listener, Consumer<RunListener> event) {
        try {
            event.accept(listener);
        } catch (Exception | LinkageError | AssertionError e) {
            log.warn(
                    "Listener {} failed; nothing else is affected",
                    listener.getClass().getName(),
                    e);
        }
    }
}
