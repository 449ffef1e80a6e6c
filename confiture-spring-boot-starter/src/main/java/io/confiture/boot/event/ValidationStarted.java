package io.confiture.boot.event;

/**
 * Files and ledger are about to be compared.
 *
 * @since 0.1.0
 */
public final class ValidationStarted extends ConfitureEvent {
    private static final long serialVersionUID = 1L;

    ValidationStarted(Moment moment, boolean replayed) {
        super(moment, replayed);
    }

    @Override
    ValidationStarted replay() {
        return new ValidationStarted(moment(), true);
    }
}
