package io.confiture.boot.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Name and keys of the observation of a migration. A bean of this type replaces
 * {@link DefaultMigrationObservationConvention}.
 *
 * @since 0.1.0
 */
public interface MigrationObservationConvention extends ObservationConvention<MigrationObservationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof MigrationObservationContext;
    }
}
