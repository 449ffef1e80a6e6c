package io.confiture.config;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A place in a file; lines and columns count from one, columns in characters. */
record Position(String file, int line, int column) {

    ConfigurationException error(String message, @Nullable String hint) {
        return new ConfigurationException(ErrorCode.INVALID_CONFIGURATION, this + ": " + message, hint);
    }

    /** The same failure, with the place of the setting that is its cause. */
    ConfigurationException because(String setting, ConfigurationException cause) {
        return error(setting + ": " + reason(cause), cause.hint());
    }

    /** What a failure says, without its code and hint. */
    static String reason(ConfigurationException failure) {
        String first = String.valueOf(failure.getMessage()).lines().findFirst().orElseThrow();
        return first.substring(failure.code().code().length() + 2);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
