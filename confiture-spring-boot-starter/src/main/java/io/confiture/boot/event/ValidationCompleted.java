package io.confiture.boot.event;

import java.time.Duration;

/**
 * Files and ledger were compared, whatever came of it.
 *
 * @since 0.1.0
 */
public final class ValidationCompleted extends ConfitureEvent {
    private static final long serialVersionUID = 1L;

    ValidationCompleted(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    @Override
    ValidationCompleted replay() {
        return new ValidationCompleted(moment(), true);
    }

    /** From its start to this moment. */
    public Duration getDuration() {
        return moment().duration();
    }
}
