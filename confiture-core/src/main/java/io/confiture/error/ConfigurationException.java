package io.confiture.error;

import org.jspecify.annotations.Nullable;

/**
 * A setting, a location or the environment is wrong; nothing was sent to the database because of it.
 *
 * @since 0.1.0
 */
public class ConfigurationException extends ConfitureException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(code, message, hint, cause);
    }

    public ConfigurationException(ErrorCode code, String message, @Nullable String hint) {
        super(code, message, hint);
    }
}
