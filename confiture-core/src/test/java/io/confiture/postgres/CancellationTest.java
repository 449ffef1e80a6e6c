package io.confiture.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CancellationTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final AtomicReference<Thread> worker = new AtomicReference<>();
    private final CompletableFuture<Boolean> interruptedAtTheEnd = new CompletableFuture<>();

    /** Not a pool, which would take the interrupt back by itself. */
    private final Executor executor = task -> {
        Thread thread = new Thread(() -> {
            task.run();
            interruptedAtTheEnd.complete(Thread.currentThread().isInterrupted());
        });
        worker.set(thread);
        thread.start();
    };

    private void endsWithoutInterrupt() {
        assertThat(interruptedAtTheEnd).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(false);
    }

    private static Boolean waitForAnHour() {
        try {
            return Cancellation.interruptibly(() -> {
                new CountDownLatch(1).await(1, TimeUnit.HOURS);
                return true;
            });
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aWaitEndsAndTheThreadIsGivenBackWithoutAnInterrupt() throws Exception {
        CompletableFuture<Boolean> call = AsyncCall.start("test", executor, CancellationTest::waitForAnHour);
        await().until(() -> worker.get().getState() == Thread.State.TIMED_WAITING);
        call.cancel(true);
        endsWithoutInterrupt();
    }

    @Test
    void aPoolThatKeepsTheInterruptDoesNotLeaveItToTheThread() {
        CompletableFuture<Boolean> call = AsyncCall.start("test", executor, () -> {
            try {
                return Cancellation.interruptibly(() -> {
                    try {
                        new CountDownLatch(1).await(1, TimeUnit.HOURS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return true;
                });
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> worker.get().getState() == Thread.State.TIMED_WAITING);
        call.cancel(true);
        endsWithoutInterrupt();
    }

    @Test
    void aWaitThatBeginsAfterTheRequestEndsAtOnce() throws Exception {
        CompletableFuture<CompletableFuture<Boolean>> call = new CompletableFuture<>();
        call.complete(AsyncCall.start("test", executor, () -> {
            call.join().cancel(true);
            return waitForAnHour();
        }));
        endsWithoutInterrupt();
    }

    @Test
    void aWaitAroundAnotherEndsAfterThatOneHasEnded() throws Exception {
        CountDownLatch inner = new CountDownLatch(1);
        CompletableFuture<Boolean> call = AsyncCall.start("test", executor, () -> {
            try {
                return Cancellation.interruptibly(() -> {
                    Cancellation.interruptibly(() -> true);
                    inner.countDown();
                    new CountDownLatch(1).await(1, TimeUnit.HOURS);
                    return true;
                });
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        inner.await();
        call.cancel(true);
        endsWithoutInterrupt();
    }

    @Test
    void aStatementThatIsSentJustAfterTheServerWasAskedIsCancelledAllTheSame() throws Exception {
        CompletableFuture<CompletableFuture<Boolean>> call = new CompletableFuture<>();
        AtomicReference<SQLException> failure = new AtomicReference<>();
        call.complete(AsyncCall.start("test", executor, () -> {
            try (Connection unchecked = database.connect();
                    Session session = Session.open(ConnectionSource.of(unchecked))) {
                call.join().cancel(true);
                await().until(() -> Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().equals("confiture-cancel")
                                && thread.getState() == Thread.State.TIMED_WAITING));
                unchecked.createStatement().execute("SELECT pg_sleep(3600)");
            } catch (SQLException e) {
                failure.set(e);
            }
            return true;
        }));
        endsWithoutInterrupt();
        assertThat(failure.get().getSQLState()).isEqualTo("57014");
    }

    @Test
    void whatIsUncancelledIsFinishedAndNothingBeginsAfterIt() throws Exception {
        try (Session session = Session.open(ConnectionSource.of(database.url()))) {
            session.uncancelled(() -> {
                session.cancel();
                return session.execute("SELECT 1");
            });
            assertThatThrownBy(() -> session.execute("SELECT 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
            assertThatThrownBy(session::commit).hasMessage("The run was cancelled");
        }
    }

    @Test
    void aConnectionThatWasGivenBackIsNotCancelled() throws Exception {
        try (var mine = database.connect()) {
            Session session = Session.open(ConnectionSource.of(mine));
            session.close();
            session.cancel();
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().equals("confiture-cancel"));
            try (var statement = mine.createStatement()) {
                statement.execute("SELECT 1");
            }
        }
    }
}
