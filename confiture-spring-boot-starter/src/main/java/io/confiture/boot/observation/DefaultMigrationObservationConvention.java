package io.confiture.boot.observation;

import static io.confiture.boot.observation.ConfitureObservationDocumentation.MigrationHighCardinalityKeys.NAME;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.MigrationHighCardinalityKeys.RUN_ID;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.MigrationHighCardinalityKeys.VERSION;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.MigrationLowCardinalityKeys.DATABASE;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.MigrationLowCardinalityKeys.DIRECTION;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.MigrationLowCardinalityKeys.ERROR;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.MigrationLowCardinalityKeys.ERROR_CODE;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.MigrationLowCardinalityKeys.KIND;
import static io.confiture.boot.observation.ConfitureObservationDocumentation.MigrationLowCardinalityKeys.OUTCOME;

import io.confiture.hook.HookContext.Direction;
import io.confiture.hook.RunListener;
import io.micrometer.common.KeyValues;

/**
 * The documented name and keys of a migration. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public class DefaultMigrationObservationConvention implements MigrationObservationConvention {

    @Override
    public String getName() {
        return ConfitureObservationDocumentation.MIGRATION.getName();
    }

    @Override
    public String getContextualName(MigrationObservationContext context) {
        return "migration " + direction(context.step());
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(MigrationObservationContext context) {
        return KeyValues.of(
                DATABASE.withValue(context.database()),
                DIRECTION.withValue(direction(context.step())),
                KIND.withValue(context.step().kind().toString()),
                OUTCOME.withValue(Outcomes.of(context, context.isEnded())),
                ERROR.withValue(Outcomes.error(context)),
                ERROR_CODE.withValue(Outcomes.errorCode(context)));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(MigrationObservationContext context) {
        return KeyValues.of(
                RUN_ID.withValue(context.step().runId().toString()),
                VERSION.withValue(context.step().version()),
                NAME.withValue(context.step().name()));
    }

    private static String direction(RunListener.Step step) {
        return step.direction() == Direction.UP ? "up" : "down";
    }
}
