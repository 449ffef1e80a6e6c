package io.confiture.error;

import org.jspecify.annotations.Nullable;

/**
 * The database could not be reached, or the connection broke and the work on it is undone by the server.
 *
 * @since 0.1.0
 */
public class DatabaseConnectionException extends ConfitureException {
    private static final long serialVersionUID = 1L;

    public DatabaseConnectionException(
            ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(code, message, hint, cause);
    }

    public DatabaseConnectionException(ErrorCode code, String message, @Nullable String hint) {
        super(code, message, hint);
    }
}
