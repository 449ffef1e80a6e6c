package io.confiture.boot.actuate;

import io.confiture.boot.actuate.DatabaseReadings.Reading;
import io.confiture.migrate.MigrationInfo;
import io.confiture.migrate.MigrationStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Adds to the information about the application how far its databases are: the newest version that is applied, and how
 * many migrations are applied and pending.
 *
 * @since 0.1.0
 */
public final class ConfitureInfoContributor implements InfoContributor {
    private static final String REPEATABLE = "R";

    private final DatabaseReadings readings;

    public ConfitureInfoContributor(DatabaseReadings readings) {
        this.readings = readings;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> databases = new LinkedHashMap<>();
        readings.all().forEach((database, reading) -> databases.put(database, details(reading)));
        builder.withDetail("confiture", databases);
    }

    private static Map<String, Object> details(Reading reading) {
        Map<String, Object> details = new LinkedHashMap<>();
        MigrationStatus status = reading.status();
        ReadFailure failure = reading.failure();
        if (status != null) {
            status.migrations().stream()
                    .filter(migration -> migration.state().isApplied())
                    .map(MigrationInfo::version)
                    .filter(version -> !version.equals(REPEATABLE))
                    .reduce((lower, higher) -> higher)
                    .ifPresent(version -> details.put("version", version));
            details.put("applied", status.appliedCount());
            details.put("pending", status.pendingCount());
        } else if (failure != null) {
            details.put("state", failure.state().toString());
        }
        return details;
    }
}
