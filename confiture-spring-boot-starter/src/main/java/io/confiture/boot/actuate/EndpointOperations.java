package io.confiture.boot.actuate;

import io.confiture.migrate.Migrator;
import io.confiture.postgres.AsyncCall;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/**
 * Carries out the operations that the endpoint is asked for, one at a time for each database: another one is refused, since
 * it would keep a thread of the server waiting. When the application stops, what is under way is cancelled, as it is when
 * the process is told to end: what was committed stays, the rest is rolled back, and the migration lock is free.
 *
 * @since 0.1.0
 */
public final class EndpointOperations implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(EndpointOperations.class);

    private final ObjectProvider<DatabaseReadings> readings;
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private volatile boolean started;
    private volatile boolean stopped;

    /** @param readings which is told that a database has changed */
    public EndpointOperations(ObjectProvider<DatabaseReadings> readings) {
        this.readings = readings;
    }

    private static final class Running {
        private final String operation;
        private final CompletableFuture<OperationDescriptor> outcome = new CompletableFuture<>();
        private @Nullable CompletableFuture<Boolean> call;
        private boolean cancelled;

        Running(String operation) {
            this.operation = operation;
        }

        /** On a thread of its own, so that it can be cancelled without touching the server's. */
        synchronized void start(String database, Supplier<OperationDescriptor> work) {
            if (cancelled) {
                outcome.complete(stopping());
                return;
            }
            call = AsyncCall.start(
                    operation + " of database '" + database + "'",
                    task -> new Thread(
                                    () -> {
                                        task.run();
                                        // Does nothing unless it was cancelled before it began.
                                        outcome.complete(stopping());
                                    },
                                    "confiture-endpoint-" + database)
                            .start(),
                    () -> {
                        try {
                            return outcome.complete(work.get());
                        } catch (RuntimeException | Error e) {
                            outcome.completeExceptionally(e);
                            throw e;
                        }
                    });
        }

        synchronized void cancel() {
            cancelled = true;
            if (call != null) {
                call.cancel(true);
            }
        }
    }

    OperationDescriptor run(String database, Migrator migrator, ChangeRequest request) {
        String operation = request.operation();
        if (request.onlyShows()) {
            try {
                return request.carryOut(database, migrator);
            } catch (RuntimeException e) {
                return OperationFailure.of(database, operation, e);
            }
        }
        Running mine = new Running(operation);
        Running other = running.putIfAbsent(database, mine);
        if (other != null) {
            return refused("This instance is already at it: " + other.operation + " of database '" + database
                    + "' has not ended. Nothing was done");
        }
        try {
            if (stopped) {
                return stopping();
            }
            mine.start(database, () -> unlessLocked(migrator, () -> request.carryOut(database, migrator)));
            return mine.outcome.get();
        } catch (ExecutionException e) {
            return OperationFailure.of(database, operation, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            mine.cancel();
            Thread.currentThread().interrupt();
            return new OperationDescriptor.Failed(
                    false,
                    503,
                    null,
                    "The request was interrupted, and the operation is cancelled; the log of the application says what"
                            + " was committed before",
                    null,
                    List.of());
        } finally {
            mine.outcome.complete(stopping());
            running.remove(database);
            // Not everything that changes a database is an event: a repair is none, nor is what an application's own
            // migrator
            // does.
            if (!stopped) {
                readings.ifAvailable(DatabaseReadings::forget);
            }
        }
    }

    /** Another instance may migrate for longer than a request may take. */
    private static OperationDescriptor unlessLocked(Migrator migrator, Supplier<OperationDescriptor> work) {
        return migrator.lockHolder()
                .<OperationDescriptor>map(holder ->
                        refused("Another run holds the migration lock: " + holder.describe() + ". Nothing was done"))
                .orElseGet(work);
    }

    private static OperationDescriptor refused(String message) {
        return new OperationDescriptor.Failed(false, 409, null, message, "Try again when it has ended.", List.of());
    }

    private static OperationDescriptor stopping() {
        return new OperationDescriptor.Failed(
                false, 503, null, "The application is stopping. Nothing was done", null, List.of());
    }

    @Override
    public void start() {
        started = true;
        stopped = false;
    }

    /** Refuses what comes, cancels what is under way, and calls back when it has ended. */
    @Override
    public void stop(Runnable callback) {
        stopped = true;
        started = false;
        List<Running> open = List.copyOf(running.values());
        open.forEach(operation -> {
            log.warn("The application stops: {} is cancelled", operation.operation);
            operation.cancel();
        });
        CompletableFuture<?> unused = CompletableFuture.allOf(
                        open.stream().map(operation -> operation.outcome).toArray(CompletableFuture<?>[]::new))
                .whenComplete((done, failure) -> callback.run());
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        return started;
    }
}
