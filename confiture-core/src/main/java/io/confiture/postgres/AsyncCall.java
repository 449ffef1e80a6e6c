package io.confiture.postgres;

import io.confiture.error.ConfitureException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The future of a call that works on the database on another thread. Whoever completes it, by {@code cancel}, a timeout or
 * otherwise, ends the call. The call's own end is logged then, because nobody is left to be told. Stages that depend on it
 * run on the same executor unless they are given another; ending one of those ends nothing.
 *
 * @since 0.1.0
 */
public final class AsyncCall<T extends @Nullable Object> extends CompletableFuture<T> {
    private static final Logger log = LoggerFactory.getLogger(AsyncCall.class);

    private final Executor executor;
    private final Cancellation cancellation = new Cancellation();

    private AsyncCall(Executor executor) {
        this.executor = executor;
    }

    /**
     * Hands the work to the executor.
     *
     * @param operation named in the log
     * @throws java.util.concurrent.RejectedExecutionException if the executor takes no more
     */
    public static <T extends @Nullable Object> CompletableFuture<T> start(
            String operation, Executor executor, Supplier<? extends T> work) {
        AsyncCall<T> call = new AsyncCall<>(executor);
        executor.execute(() -> call.run(operation, work));
        return call;
    }

    private void run(String operation, Supplier<? extends T> work) {
        T result;
        try {
            result = cancellation.covering(work);
        } catch (Throwable e) {
            if (!super.completeExceptionally(e)) {
                log.warn("{} was cancelled: {}{}", operation, e.getMessage(), committed(e));
            }
            return;
        }
        if (!super.complete(result)) {
            log.warn("{} was cancelled when it had done its work, which stays", operation);
        }
    }

    private static String committed(Throwable failure) {
        return failure instanceof ConfitureException e && !e.committed().isEmpty()
                ? System.lineSeparator() + "  Committed before, and stays: "
                        + String.join(
                                ", ",
                                e.committed().stream()
                                        .map(migration -> migration.version() + "_" + migration.name())
                                        .toList())
                : "";
    }

    /** Ends the call; before the stages that depend on it are told, since they may wait for what it holds. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        cancellation.request();
        return super.cancel(mayInterruptIfRunning);
    }

    /** Ends the call, as {@link #cancel} does. */
    @Override
    public boolean completeExceptionally(Throwable failure) {
        cancellation.request();
        return super.completeExceptionally(failure);
    }

    /** Ends the call, as {@link #cancel} does. */
    @Override
    public boolean complete(T value) {
        cancellation.request();
        return super.complete(value);
    }

    @Override
    public Executor defaultExecutor() {
        return executor;
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new AsyncCall<>(executor);
    }
}
