package io.confiture.boot.observation;

import io.confiture.hook.RunListener;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Observes runs and, within them, their migrations.
 *
 * @since 0.1.0
 */
public final class RunObservations implements RunListenerFactory {
    private static final RunObservationConvention RUN = new DefaultRunObservationConvention();
    private static final MigrationObservationConvention MIGRATION = new DefaultMigrationObservationConvention();

    private final ObservationRegistry registry;
    private final @Nullable RunObservationConvention runs;
    private final @Nullable MigrationObservationConvention migrations;

    /**
     * @param runs the application's own convention of runs, or null
     * @param migrations the application's own convention of migrations, or null
     */
    public RunObservations(
            ObservationRegistry registry,
            @Nullable RunObservationConvention runs,
            @Nullable MigrationObservationConvention migrations) {
        this.registry = registry;
        this.runs = runs;
        this.migrations = migrations;
    }

    @Override
    public RunListener create(String database) {
        return new Listener(database);
    }

    private record Open<C extends Observation.Context>(C context, Observation observation, Observation.Scope scope) {
        static <C extends Observation.Context> Open<C> start(C context, Observation observation) {
            observation.start();
            return new Open<>(context, observation, observation.openScope());
        }

        void stop(@Nullable Throwable error) {
            if (error != null) {
                observation.error(error);
            }
            scope.close();
            observation.stop();
        }
    }

    private final class Listener implements RunListener {
        private final String database;
        private final Map<Run, Open<RunObservationContext>> openRuns = new ConcurrentHashMap<>();
        private final Map<Step, Open<MigrationObservationContext>> openSteps = new ConcurrentHashMap<>();

        Listener(String database) {
            this.database = database;
        }

        @Override
        public void runStarted(Run run) {
            RunObservationContext context = new RunObservationContext(database, run);
            openRuns.put(
                    run,
                    Open.start(
                            context,
                            ConfitureObservationDocumentation.MIGRATE.observation(runs, RUN, () -> context, registry)));
        }

        @Override
        public void runEnded(Run run, int committed, @Nullable Throwable error) {
            Open<RunObservationContext> open = openRuns.remove(run);
            if (open != null) {
                open.context().end(committed);
                open.stop(error);
            }
        }

        @Override
        public void migrationStarted(Step step) {
            MigrationObservationContext context = new MigrationObservationContext(database, step);
            openSteps.put(
                    step,
                    Open.start(
                            context,
                            ConfitureObservationDocumentation.MIGRATION.observation(
                                    migrations, MIGRATION, () -> context, registry)));
        }

        @Override
        public void migrationEnded(Step step, @Nullable Throwable error) {
            Open<MigrationObservationContext> open = openSteps.remove(step);
            if (open != null) {
                open.context().end();
                open.stop(error);
            }
        }
    }
}
