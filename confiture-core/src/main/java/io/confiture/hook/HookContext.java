package io.confiture.hook;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a hook is told. Never holds a credential or a connection URL. Valid during the call only; not thread-safe.
 *
 * @since 0.1.0
 */
public final class HookContext {

    /** Which way a migration runs. */
    public enum Direction {
        UP,
        DOWN
    }

    /** How far what the hook is told of has come. */
    public enum Status {
        RUNNING,
        SUCCESS,
        ERROR
    }

    private final Builder values;

    private HookContext(Builder values) {
        this.values = values;
    }

    /** A builder for the code that calls hooks, and for testing a hook without a database. */
    public static Builder builder(HookPoint point) {
        return new Builder(point);
    }

    public HookPoint point() {
        return values.point;
    }

    /** Identifies the run; the same for all hooks of a run. */
    public UUID runId() {
        return values.runId;
    }

    /** The migration's name without its version; null at the points of a run or a validation. */
    public @Nullable String migrationName() {
        return values.migrationName;
    }

    /** The migration's version as spelt; null at the points of a run or a validation. */
    public @Nullable String migrationVersion() {
        return values.migrationVersion;
    }

    /** The environment as configured, or null. */
    public @Nullable String environment() {
        return values.environment;
    }

    /** The schema that unqualified names of the migration resolve to; null if it has none. */
    public @Nullable String schema() {
        return values.schema;
    }

    public Direction direction() {
        return values.direction;
    }

    /** At the points of a run: what is planned (before) or was done (after), as {@code version_name}, in order. */
    public List<String> migrations() {
        return values.migrations;
    }

    /**
     * The tables that the migration has changed so far in its transaction, read from the server when asked for. Empty
     * when unknown: outside of a transaction, and where part of the migration is already committed.
     */
    public Optional<List<TableChange>> tables() {
        return values.tables.get();
    }

    public Instant startTime() {
        return values.startTime;
    }

    /** Null while running. */
    public @Nullable Instant endTime() {
        return values.endTime;
    }

    /** From start to end, or to now while running. */
    public Duration duration() {
        return Duration.between(values.startTime, values.endTime == null ? Instant.now() : values.endTime);
    }

    public Status status() {
        return values.status;
    }

    /** Sum of the rows that the statements so far reported. */
    public long rowsAffected() {
        return values.rowsAffected;
    }

    /** What failed, at {@link HookPoint#ON_ERROR}; null elsewhere. */
    public @Nullable Throwable error() {
        return values.error;
    }

    /** Shared by all hooks of a run, for what one wants to tell the next. */
    public Map<String, Object> metadata() {
        return values.metadata;
    }

    /**
     * What the migration says about itself in {@code -- confiture: meta.key=value} lines, by key; read when asked for. Empty
     * at the points of a run or a validation.
     */
    public Map<String, String> migrationMetadata() {
        return values.migrationMetadata.get();
    }

    /**
     * What a veto at this point cannot undo, one line each: statements of this migration that are already committed
     * because they cannot run in a transaction. Empty for a transactional migration.
     */
    public List<String> alreadyCommitted() {
        return values.alreadyCommitted;
    }

    /**
     * A client on the migration's own connection: in its transaction between begin and commit. What it writes there is
     * committed or rolled back with the migration.
     *
     * @throws IllegalStateException where there is no connection to use, as after a connection broke
     */
    public JdbcClient jdbc() {
        if (values.jdbc == null) {
            throw new IllegalStateException("No connection at hook point " + values.point);
        }
        return values.jdbc;
    }

    /** Collects the values of a context. */
    public static final class Builder {
        private final HookPoint point;
        private UUID runId = new UUID(0, 0);
        private @Nullable String migrationName;
        private @Nullable String migrationVersion;
        private @Nullable String environment;
        private @Nullable String schema;
        private Direction direction = Direction.UP;
        private List<String> migrations = List.of();
        private Supplier<Optional<List<TableChange>>> tables = Optional::empty;
        private Instant startTime = Instant.now();
        private @Nullable Instant endTime;
        private Status status = Status.RUNNING;
        private long rowsAffected;
        private @Nullable Throwable error;
        private Map<String, Object> metadata = new ConcurrentHashMap<>();
        private Supplier<Map<String, String>> migrationMetadata = Map::of;
        private List<String> alreadyCommitted = List.of();
        private @Nullable JdbcClient jdbc;

        private Builder(HookPoint point) {
            this.point = point;
        }

        public Builder runId(UUID value) {
            this.runId = value;
            return this;
        }

        public Builder migration(String version, String name) {
            this.migrationVersion = version;
            this.migrationName = name;
            return this;
        }

        public Builder environment(@Nullable String value) {
            this.environment = value;
            return this;
        }

        public Builder schema(@Nullable String value) {
            this.schema = value;
            return this;
        }

        public Builder direction(Direction value) {
            this.direction = value;
            return this;
        }

        public Builder migrations(List<String> value) {
            this.migrations = List.copyOf(value);
            return this;
        }

        public Builder tables(Supplier<Optional<List<TableChange>>> value) {
            this.tables = value;
            return this;
        }

        public Builder startTime(Instant value) {
            this.startTime = value;
            return this;
        }

        public Builder endTime(@Nullable Instant value) {
            this.endTime = value;
            return this;
        }

        public Builder status(Status value) {
            this.status = value;
            return this;
        }

        public Builder rowsAffected(long value) {
            this.rowsAffected = value;
            return this;
        }

        public Builder error(@Nullable Throwable value) {
            this.error = value;
            return this;
        }

        public Builder metadata(Map<String, Object> value) {
            this.metadata = value;
            return this;
        }

        public Builder migrationMetadata(Supplier<Map<String, String>> value) {
            this.migrationMetadata = value;
            return this;
        }

        public Builder alreadyCommitted(List<String> value) {
            this.alreadyCommitted = List.copyOf(value);
            return this;
        }

        public Builder jdbc(@Nullable JdbcClient value) {
            this.jdbc = value;
            return this;
        }

        public HookContext build() {
            return new HookContext(this);
        }
    }
}
