package io.confiture.boot.observation;

import io.confiture.boot.actuate.DatabaseReadings;
import io.confiture.boot.observation.ConfitureMeterDocumentation.Keys;
import io.confiture.migrate.MigrationState;
import io.confiture.migrate.MigrationStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Counts the migrations of each database by their states; not a number while a database cannot be read. A scrape reads
 * the databases no more often than health does.
 *
 * @since 0.1.0
 */
public final class MigrationStateMetrics implements MeterBinder {
    private final DatabaseReadings readings;

    public MigrationStateMetrics(DatabaseReadings readings) {
        this.readings = readings;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String database : readings.databases()) {
            for (MigrationState state : MigrationState.values()) {
                Gauge.builder(
                                ConfitureMeterDocumentation.MIGRATIONS.getName(),
                                readings,
                                known -> count(known, database, state))
                        .description("How many migrations are in a state")
                        .tag(Keys.DATABASE.asString(), database)
                        .tag(Keys.STATE.asString(), state.toString())
                        .register(registry);
            }
        }
    }

    private static double count(DatabaseReadings readings, String database, MigrationState state) {
        MigrationStatus status = readings.status(database);
        return status == null
                ? Double.NaN
                : status.migrations().stream()
                        .filter(migration -> migration.state() == state)
                        .count();
    }
}
