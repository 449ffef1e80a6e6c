package io.confiture.boot.observation;

import static io.confiture.boot.observation.ConfitureMeterDocumentation.HOOK;
import static io.confiture.boot.observation.ConfitureMeterDocumentation.LOCK_WAIT;

import io.confiture.boot.observation.ConfitureMeterDocumentation.Keys;
import io.confiture.hook.HookContext;
import io.confiture.hook.MigrationHook;
import io.confiture.hook.RunListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Measures hooks and the wait for the migration lock.
 *
 * @since 0.1.0
 */
public final class RunMeters implements RunListenerFactory {
    private final MeterRegistry registry;

    public RunMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public RunListener create(String database) {
        return new Listener(registry, database);
    }

    private record Listener(MeterRegistry registry, String database) implements RunListener {
        @Override
        public void hookCalled(MigrationHook hook, HookContext context, Duration took, @Nullable Throwable error) {
            Timer.builder(HOOK.getName())
                    .description("How long a hook took")
                    .tag(Keys.DATABASE.asString(), database)
                    .tag(Keys.POINT.asString(), context.point().toString())
                    .tag(Keys.HOOK.asString(), hook.name())
                    .register(registry)
                    .record(took);
        }

        @Override
        public void lockAcquired(Duration waited) {
            lockWait("acquired", waited);
        }

        @Override
        public void lockTimedOut(Duration waited) {
            lockWait("timeout", waited);
        }

        private void lockWait(String outcome, Duration waited) {
            Timer.builder(LOCK_WAIT.getName())
                    .description("How long a run waited for the migration lock")
                    .tag(Keys.DATABASE.asString(), database)
                    .tag(Keys.OUTCOME.asString(), outcome)
                    .register(registry)
                    .record(waited);
        }
    }
}
