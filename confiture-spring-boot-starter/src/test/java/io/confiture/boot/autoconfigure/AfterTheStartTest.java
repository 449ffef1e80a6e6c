package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.boot.fixture.Apps;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** What is left of the migrations in an application that runs: nothing that a checkpoint of its process would meet. */
class AfterTheStartTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void noConnectionOfThePoolIsKept() {
        try (ConfigurableApplicationContext context = Apps.start(database)) {
            assertThat(context.getBean(HikariDataSource.class)
                            .getHikariPoolMXBean()
                            .getActiveConnections())
                    .isZero();
            assertThat(locks()).isEqualTo("0");
            assertThat(threads()).isEmpty();
        }
    }

    @Test
    void noConnectionOfOurOwnIsKept() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ConfitureAutoConfiguration.class))
                .withPropertyValues("confiture.url=" + database.url(), "confiture.username=postgres")
                .run(context -> {
                    assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
                    // A server process ends a moment after its client has gone.
                    String others = "SELECT count(*) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND pid <> pg_backend_pid()";
                    long limit = System.nanoTime() + 10_000_000_000L;
                    while (!"0".equals(database.value(others)) && System.nanoTime() < limit) {
                        Thread.onSpinWait();
                    }
                    assertThat(database.value(others)).isEqualTo("0");
                    assertThat(threads()).isEmpty();
                });
    }

    /** The property does nothing on a JVM before 21; there this shows that it does no harm. */
    @Test
    void virtualThreadsDoNotChangeTheOutcome() {
        try (ConfigurableApplicationContext context =
                Apps.start(database, Tasks.class, "spring.threads.virtual.enabled=true")) {
            assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
            AsyncTaskExecutor tasks = context.getBean(AsyncTaskExecutor.class);
            assertThat(tasks instanceof SimpleAsyncTaskExecutor)
                    .isEqualTo(Threading.VIRTUAL.isActive(context.getEnvironment()));
            AtomicReference<Thread> worker = new AtomicReference<>();
            Executor noting = task -> tasks.execute(() -> {
                worker.set(Thread.currentThread());
                task.run();
            });
            Migrator migrator = context.getBean(Migrator.class);
            migrator.async(noting).rollback("002").join();
            assertThat(migrator.status().pendingCount()).isEqualTo(1);
            assertThat(isVirtual(worker.get())).isEqualTo(Threading.VIRTUAL.isActive(context.getEnvironment()));
            migrator.async(noting).applyAll().join();
            assertThat(migrator.status().pendingCount()).isZero();
            assertThat(locks()).isEqualTo("0");
        }
    }

    private static boolean isVirtual(Thread thread) {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private String locks() {
        return String.valueOf(database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }

    private static java.util.List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("confiture"))
                .toList();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(TaskExecutionAutoConfiguration.class)
    static class Tasks {}
}
