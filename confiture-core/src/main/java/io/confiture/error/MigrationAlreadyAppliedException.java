package io.confiture.error;

import org.jspecify.annotations.Nullable;

/**
 * The migration to apply was applied before the call began.
 *
 * @since 0.1.0
 */
public class MigrationAlreadyAppliedException extends MigrationException {
    private static final long serialVersionUID = 1L;

    public MigrationAlreadyAppliedException(
            ErrorCode code, String message, @Nullable String hint, Place place, @Nullable Throwable cause) {
        super(code, message, hint, place, cause);
    }

    public MigrationAlreadyAppliedException(ErrorCode code, String message, @Nullable String hint, Place place) {
        super(code, message, hint, place);
    }
}
