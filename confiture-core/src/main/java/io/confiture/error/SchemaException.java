package io.confiture.error;

import org.jspecify.annotations.Nullable;

/**
 * Schema sources are wrong or could not be built.
 *
 * @since 0.1.0
 */
public class SchemaException extends ConfitureException {
    private static final long serialVersionUID = 1L;

    public SchemaException(ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(code, message, hint, cause);
    }

    public SchemaException(ErrorCode code, String message, @Nullable String hint) {
        super(code, message, hint);
    }
}
