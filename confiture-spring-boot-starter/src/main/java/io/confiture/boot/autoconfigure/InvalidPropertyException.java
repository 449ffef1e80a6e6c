package io.confiture.boot.autoconfigure;

import org.springframework.boot.ExitCodeGenerator;

/** A {@code confiture.*} property cannot be bound; the cause says why. */
final class InvalidPropertyException extends RuntimeException implements ExitCodeGenerator {
    private static final long serialVersionUID = 1L;

    InvalidPropertyException(Exception cause) {
        super(cause.getMessage(), cause);
    }

    @Override
    public int getExitCode() {
        return ExitCodes.INVALID_CONFIGURATION;
    }
}
