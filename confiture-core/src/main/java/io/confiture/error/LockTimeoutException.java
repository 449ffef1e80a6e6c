package io.confiture.error;

import org.jspecify.annotations.Nullable;

/**
 * A lock was not had in time: the migration lock that another run holds, or a lock on a table that other sessions use. What waited is rolled back.
 *
 * @since 0.1.0
 */
public class LockTimeoutException extends MigrationException {
    private static final long serialVersionUID = 1L;

    public LockTimeoutException(
            ErrorCode code, String message, @Nullable String hint, Place place, @Nullable Throwable cause) {
        super(code, message, hint, place, cause);
    }

    public LockTimeoutException(ErrorCode code, String message, @Nullable String hint, Place place) {
        super(code, message, hint, place);
    }
}
