package io.confiture.migrate;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an operation did with one migration. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class MigrationResult {
    private final String id;
    private final String name;
    private final String version;
    private final MigrationAction action;
    private final Duration duration;
    private final Supplier<String> sql;
    private final long rowsAffected;
    private final List<String> warnings;

    MigrationResult(
            Migration migration,
            MigrationAction action,
            Duration duration,
            Supplier<String> sql,
            long rowsAffected,
            List<String> warnings) {
        this(migration.id(), migration.name(), migration.version(), action, duration, sql, rowsAffected, warnings);
    }

    private MigrationResult(
            String id,
            String name,
            String version,
            MigrationAction action,
            Duration duration,
            Supplier<String> sql,
            long rowsAffected,
            List<String> warnings) {
        this.id = id;
        this.name = name;
        this.version = version;
        this.action = action;
        this.duration = duration;
        this.sql = sql;
        this.rowsAffected = rowsAffected;
        this.warnings = List.copyOf(warnings);
    }

    /** Of one that was taken over from another tool, which may have no file here. */
    static MigrationResult adopted(String id, String version, String name, List<String> warnings) {
        return new MigrationResult(id, name, version, MigrationAction.ADOPTED, Duration.ZERO, () -> "", 0, warnings);
    }

    /** The migration's name without its version. */
    public String name() {
        return name;
    }

    /** The version as spelt; {@code R} for a repeatable migration. */
    public String version() {
        return version;
    }

    public MigrationAction action() {
        return action;
    }

    /** From the first statement to the commit, hooks included; zero if this call ran nothing. */
    public Duration duration() {
        return duration;
    }

    /**
     * The text that was run, read again from its source at each call, without COPY data; of what this call did not run,
     * the text of its up part. Empty for a migration in Java.
     *
     * @throws io.confiture.error.ConfigurationException if the source can no longer be read
     */
    public String sql() {
        return sql.get();
    }

    /** Sum of the rows its statements and COPY blocks reported. */
    public long rowsAffected() {
        return rowsAffected;
    }

    /** Always true: an operation that fails throws, with what it had committed before in the exception. */
    public boolean success() {
        return true;
    }

    /** Always null, as {@link #success()} is always true. */
    public @Nullable String error() {
        return null;
    }

    /** What went differently than asked without failing the migration, such as a hook that failed after the commit. */
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public String toString() {
        return id + " " + action + " in " + duration.toMillis() + " ms";
    }
}
