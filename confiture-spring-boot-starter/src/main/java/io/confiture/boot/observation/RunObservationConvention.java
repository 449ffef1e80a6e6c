package io.confiture.boot.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Name and keys of the observation of a run. A bean of this type replaces {@link DefaultRunObservationConvention}.
 *
 * @since 0.1.0
 */
public interface RunObservationConvention extends ObservationConvention<RunObservationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof RunObservationContext;
    }
}
