package io.confiture.boot.observation;

import io.confiture.error.ConfitureException;
import io.micrometer.observation.Observation;

/** How what is observed ended, in values that are few. */
final class Outcomes {
    static final String NONE = "none";
    static final String SUCCESS = "success";

    private Outcomes() {}

    static String of(Observation.ContextView context, boolean ended) {
        if (context.getError() != null) {
            return "failure";
        }
        return ended ? SUCCESS : "unknown";
    }

    /** As the meters of observations say it. */
    static String error(Observation.ContextView context) {
        Throwable error = context.getError();
        return error == null ? NONE : error.getClass().getSimpleName();
    }

    static String errorCode(Observation.ContextView context) {
        return context.getError() instanceof ConfitureException known
                ? known.code().code()
                : NONE;
    }
}
