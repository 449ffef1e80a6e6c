package io.confiture.error;

import org.jspecify.annotations.Nullable;

/**
 * The database is not in the state the files describe, or that could not be checked.
 *
 * @since 0.1.0
 */
public class ValidationException extends ConfitureException {
    private static final long serialVersionUID = 1L;

    public ValidationException(ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(code, message, hint, cause);
    }

    public ValidationException(ErrorCode code, String message, @Nullable String hint) {
        super(code, message, hint);
    }
}
