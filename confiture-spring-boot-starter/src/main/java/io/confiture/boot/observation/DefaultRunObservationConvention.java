package io.confiture.boot.observation;

import static io.confiture.boot.observation.ConfitureObservationDocumentation.RunHighCardinalityKeys.COMMITTED;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.RunHighCardinalityKeys.RUN_ID;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.RunHighCardinalityKeys.TARGET;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.RunLowCardinalityKeys.DATABASE;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.RunLowCardinalityKeys.ERROR;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.RunLowCardinalityKeys.ERROR_CODE;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.RunLowCardinalityKeys.OPERATION;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.RunLowCardinalityKeys.OUTCOME;

import io.micrometer.common.KeyValues;

/**
 * The documented name and keys of a run. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public class DefaultRunObservationConvention implements RunObservationConvention {

    @Override
    public String getName() {
        return ConfitureObservationDocumentation.MIGRATE.getName();
    }

    @Override
    public String getContextualName(RunObservationContext context) {
        return "confiture " + context.run().operation();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(RunObservationContext context) {
        return KeyValues.of(
                DATABASE.withValue(context.database()),
                OPERATION.withValue(context.run().operation().toString()),
                OUTCOME.withValue(outcome(context)),
                ERROR.withValue(Outcomes.error(context)),
                ERROR_CODE.withValue(Outcomes.errorCode(context)));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(RunObservationContext context) {
        String target = context.run().target();
        return KeyValues.of(
                RUN_ID.withValue(context.run().id().toString()),
                TARGET.withValue(target == null ? Outcomes.NONE : target),
                COMMITTED.withValue(String.valueOf(context.migrations())));
    }

    private static String outcome(RunObservationContext context) {
        String outcome = Outcomes.of(context, context.isEnded());
        return outcome.equals(Outcomes.SUCCESS) && context.migrations() == 0 ? "nothing_to_do" : outcome;
    }
}
