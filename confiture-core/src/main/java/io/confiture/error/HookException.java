package io.confiture.error;

import org.jspecify.annotations.Nullable;

/**
 * A hook failed. Thrown by a hook before the commit it is a veto and the migration is rolled back; a failure after the commit is only reported.
 *
 * @since 0.1.0
 */
public class HookException extends ConfitureException {
    private static final long serialVersionUID = 1L;

    public HookException(ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(code, message, hint, cause);
    }

    public HookException(ErrorCode code, String message, @Nullable String hint) {
        super(code, message, hint);
    }
}
