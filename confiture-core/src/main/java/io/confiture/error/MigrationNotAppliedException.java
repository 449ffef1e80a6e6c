package io.confiture.error;

import org.jspecify.annotations.Nullable;

/**
 * The migration to roll back is not applied.
 *
 * @since 0.1.0
 */
public class MigrationNotAppliedException extends MigrationException {
    private static final long serialVersionUID = 1L;

    public MigrationNotAppliedException(
            ErrorCode code, String message, @Nullable String hint, Place place, @Nullable Throwable cause) {
        super(code, message, hint, place, cause);
    }

    public MigrationNotAppliedException(ErrorCode code, String message, @Nullable String hint, Place place) {
        super(code, message, hint, place);
    }
}
