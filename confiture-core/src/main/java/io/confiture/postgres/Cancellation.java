package io.confiture.postgres;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request to end one call: its statement in the server, its waits, and the steps that would come after. It comes from
 * another thread at any moment and holds from then on. What a session does {@linkplain Session#uncancelled uncancelled} is
 * finished first. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Cancellation {
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;
    private static final ThreadLocal<@Nullable Cancellation> CURRENT = new ThreadLocal<>();

    private final Set<Interruption> sessions = new LinkedHashSet<>();
    private volatile boolean requested;
    private boolean ended;
    private @Nullable Thread waiting;
    private int waits;

    /** A wait that an interrupt ends. */
    @FunctionalInterface
    public interface Wait<T extends @Nullable Object> {
        T run() throws InterruptedException;
    }

    /** The one that covers this thread, else one for a session by itself. */
    static Cancellation current() {
        Cancellation current = CURRENT.get();
        return current == null ? new Cancellation() : current;
    }

    /**
     * Does work on this thread so that a request ends it.
     *
     * @throws CancellationException if the request came before
     */
    <T extends @Nullable Object> T covering(Supplier<? extends T> work) {
        if (requested) {
            throw new CancellationException("it had not begun");
        }
        Cancellation outer = CURRENT.get();
        CURRENT.set(this);
        try {
            return work.get();
        } finally {
            CURRENT.set(outer);
            synchronized (this) {
                ended = true;
            }
        }
    }

    /** Asks the work to end. Returns at once; without effect when the work has ended. */
    void request() {
        synchronized (this) {
            if (requested || ended) {
                return;
            }
            requested = true;
            if (waiting != null) {
                waiting.interrupt();
            }
            if (sessions.isEmpty()) {
                return;
            }
        }
        // Who asks may be a timer that others share, and the server may be slow to answer.
        Thread canceller = new Thread(this::cancelUntilReleased, "confiture-cancel");
        canceller.setDaemon(true);
        canceller.start();
    }

    boolean requested() {
        return requested;
    }

    /** Whether somebody has asked the call that this thread works for to end, or has interrupted the thread. */
    public static boolean isRequested() {
        Cancellation current = CURRENT.get();
        return current != null && current.requested || Thread.currentThread().isInterrupted();
    }

    /** Again and again: a statement that was about to be sent when the server was asked is still to be cancelled. */
    private void cancelUntilReleased() {
        long pause = FIRST_PAUSE_MILLIS;
        try {
            while (true) {
                List<Interruption> open;
                synchronized (this) {
                    open = List.copyOf(sessions);
                }
                open.forEach(Interruption::cancelStatement);
                synchronized (this) {
                    if (!sessions.isEmpty()) {
                        wait(pause);
                    }
                    if (sessions.isEmpty()) {
                        return;
                    }
                }
                pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void add(Interruption session) {
        sessions.add(session);
    }

    synchronized void remove(Interruption session) {
        sessions.remove(session);
        notifyAll();
    }

    /**
     * Waits on this thread until the wait is over, or the work that covers it is cancelled.
     *
     * @throws InterruptedException if cancelled or interrupted; the interrupt flag is set again if it was an interrupt
     */
    public static <T extends @Nullable Object> T interruptibly(Wait<T> wait) throws InterruptedException {
        Cancellation current = CURRENT.get();
        if (current == null) {
            current = new Cancellation();
        }
        current.beginWait();
        try {
            return wait.run();
        } catch (InterruptedException e) {
            if (!current.requested) {
                Thread.currentThread().interrupt();
            }
            throw e;
        } finally {
            current.endWait();
        }
    }

    private synchronized void beginWait() throws InterruptedException {
        if (requested) {
            throw new InterruptedException();
        }
        waiting = Thread.currentThread();
        waits++;
    }

    private synchronized void endWait() {
        waits--;
        if (waits > 0) {
            return;
        }
        waiting = null;
        if (requested) {
            // The interrupt was ours; the thread belongs to somebody else.
            Thread.interrupted();
        }
    }
}
