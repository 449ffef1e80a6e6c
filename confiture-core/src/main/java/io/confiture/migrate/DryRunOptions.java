package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a dry run is made. Immutable; each method with a parameter gives a copy that differs in it.
 *
 * @param target the last migration to try, as {@code 001} or {@code 001_create_users}; null for everything that is pending
 * @param lockLimit how long the dry run may last from its first statement on, since it holds all of its locks to its end; 30 s
 *     by default. What was not reached by then is not tried
 * @param allowProtected whether a database that is marked as protected may be dry-run too; false by default
 * @param javaMigrations whether to run migrations written in Java, whose effects outside of the database nobody undoes;
 *     false by default
 * @since 0.1.0
 */
public record DryRunOptions(
        @Nullable String target, Duration lockLimit, boolean allowProtected, boolean javaMigrations) {

    private static final DryRunOptions DEFAULTS = new DryRunOptions(null, Duration.ofSeconds(30), false, false);

    /** @throws ConfigurationException if the limit is no time, or longer than 24 days */
    public DryRunOptions {
        // The server counts its timeouts in an int of milliseconds, where 0 stands for no limit.
        if (lockLimit.toMillis() < 1 || lockLimit.toMillis() > Integer.MAX_VALUE) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The lock limit of a dry run must be between 1 ms and 24 days, but is " + lockLimit,
                    null);
        }
    }

    /** Everything that is pending, within 30 s, on a database that is not protected, without Java migrations. */
    public static DryRunOptions defaults() {
        return DEFAULTS;
    }

    public DryRunOptions target(@Nullable String value) {
        return new DryRunOptions(value, lockLimit, allowProtected, javaMigrations);
    }

    public DryRunOptions lockLimit(Duration value) {
        return new DryRunOptions(target, value, allowProtected, javaMigrations);
    }

    public DryRunOptions allowProtected(boolean value) {
        return new DryRunOptions(target, lockLimit, value, javaMigrations);
    }

    public DryRunOptions javaMigrations(boolean value) {
        return new DryRunOptions(target, lockLimit, allowProtected, value);
    }
}
