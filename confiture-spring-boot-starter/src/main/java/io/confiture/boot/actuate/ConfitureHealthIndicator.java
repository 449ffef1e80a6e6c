package io.confiture.boot.actuate;

import io.confiture.boot.actuate.DatabaseReadings.Reading;
import io.confiture.migrate.MigrationStatus;
import io.confiture.migrate.SchemaOrigin;
import io.confiture.verification.DriftReport;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Out of service while a database lacks migrations that this application has, contradicts its files, or cannot be read.
 * A database that a newer build has migrated further is in service: that is how versions are exchanged. Where drift is
 * asked for, out of service also if the database has drifted, or could not be compared.
 *
 * @since 0.1.0
 */
public final class ConfitureHealthIndicator implements HealthIndicator {
    private final DatabaseReadings readings;
    private final DriftReadings drifts;

    /** Without a look at drift. */
    public ConfitureHealthIndicator(DatabaseReadings readings) {
        this(readings, DriftReadings.NONE);
    }

    public ConfitureHealthIndicator(DatabaseReadings readings, DriftReadings drifts) {
        this.readings = readings;
        this.drifts = drifts;
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        readings.all().forEach((database, reading) -> {
            if (!reading.inService()) {
                health.outOfService();
            }
            Map<String, Object> details = details(reading);
            DriftReport drift = drifts.of(database);
            if (drift != null) {
                details.put("drift", SectionDescriptor.Drift.state(drift));
                if (!drift.inSync()) {
                    health.outOfService();
                }
            }
            health.withDetail(database, details);
        });
        return health.build();
    }

    private static Map<String, Object> details(Reading reading) {
        Map<String, Object> details = new LinkedHashMap<>();
        MigrationStatus status = reading.status();
        ReadFailure failure = reading.failure();
        if (status != null) {
            details.put("state", DatabaseState.of(status).toString());
            details.put("applied", status.appliedCount());
            details.put("pending", status.pendingCount());
            details.put("problems", DatabaseState.problems(status));
            SchemaOrigin origin = status.origin();
            if (origin != null) {
                details.put("equivalence", DatabaseDescriptor.Origin.equivalence(origin));
            }
        } else if (failure != null) {
            details.put("state", failure.state().toString());
            details.put("error", failure.error());
        }
        return details;
    }
}
