package io.confiture.error;

import org.jspecify.annotations.Nullable;

/**
 * The text of an applied migration is no longer what was applied.
 *
 * @since 0.1.0
 */
public class ChecksumMismatchException extends MigrationException {
    private static final long serialVersionUID = 1L;

    public ChecksumMismatchException(
            ErrorCode code, String message, @Nullable String hint, Place place, @Nullable Throwable cause) {
        super(code, message, hint, place, cause);
    }

    public ChecksumMismatchException(ErrorCode code, String message, @Nullable String hint, Place place) {
        super(code, message, hint, place);
    }
}
