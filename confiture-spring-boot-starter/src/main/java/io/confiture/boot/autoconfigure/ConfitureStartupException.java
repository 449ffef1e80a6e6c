package io.confiture.boot.autoconfigure;

import io.confiture.error.ConfitureException;
import org.springframework.boot.ExitCodeGenerator;

/** Gives the process that fails to start the exit code that belongs to the cause. */
final class ConfitureStartupException extends RuntimeException implements ExitCodeGenerator {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    ConfitureStartupException(ConfitureException cause) {
        super(cause.getMessage(), cause);
        this.exitCode = ExitCodes.of(cause);
    }

    @Override
    public int getExitCode() {
        return exitCode;
    }
}
