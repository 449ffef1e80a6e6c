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

    private final HookPoint point;
    private final UUID runId;
    private final @Nullable String migrationName;
    private final @Nullable String migrationVersion;
    private final @Nullable String database;
    private final @Nullable String environment;
    private final @Nullable String schema;
    private final Direction direction;
    private final List<String> migrations;
    private final Supplier<Optional<List<TableChange>>> tables;
    private final Instant startTime;
    private final @Nullable Instant endTime;
    private final Status status;
    private final long rowsAffected;
    private final @Nullable Throwable error;
    private final Map<String, Object> metadata;
    private final Supplier<Map<String, String>> migrationMetadata;
    private final List<String> alreadyCommitted;
    private final @Nullable JdbcClient jdbc;

    private HookContext(Builder values) {
        this.point = values.point;
        this.runId = values.runId;
        this.migrationName = values.migrationName;
        this.migrationVersion = values.migrationVersion;
        this.database = values.database;
        this.environment = values.environment;
        this.schema = values.schema;
        this.direction = values.direction;
        this.migrations = values.migrations;
        this.tables = values.tables;
        this.startTime = values.startTime;
        this.endTime = values.endTime;
        this.status = values.status;
        this.rowsAffected = values.rowsAffected;
        this.error = values.error;
        this.metadata = values.metadata;
        this.migrationMetadata = values.migrationMetadata;
        this.alreadyCommitted = values.alreadyCommitted;
        this.jdbc = values.jdbc;
    }

    /** A builder for the code that calls hooks, and for testing a hook without a database. */
    public static Builder builder(HookPoint point) {
        return new Builder(point);
    }

    public HookPoint point() {
        return point;
    }

    /** Identifies the run; the same for all hooks of a run. */
    public UUID runId() {
        return runId;
    }

    /** The migration's name without its version; null at the points of a run or a validation. */
    public @Nullable String migrationName() {
        return migrationName;
    }

    /** The migration's version as spelt; null at the points of a run or a validation. */
    public @Nullable String migrationVersion() {
        return migrationVersion;
    }

    /**
     * The name by which the application tells this database from its others, the same as in its events: {@code default} for
     * the one configured by {@code confiture.*}. Null where the migrator was given no name.
     */
    public @Nullable String database() {
        return database;
    }

    /** The environment as configured, or null. */
    public @Nullable String environment() {
        return environment;
    }

    /** The schema that unqualified names of the migration resolve to; null if it has none. */
    public @Nullable String schema() {
        return schema;
    }

    public Direction direction() {
        return direction;
    }

    /** At the points of a run: what is planned (before) or was done (after), as {@code version_name}, in order. */
    public List<String> migrations() {
        return migrations;
    }

    /**
     * The tables that the migration has changed so far in its transaction, read from the server when asked for. Empty
     * when unknown: outside of a transaction, and where part of the migration is already committed.
     */
    public Optional<List<TableChange>> tables() {
        return tables.get();
    }

    public Instant startTime() {
        return startTime;
    }

    /** Null while running. */
    public @Nullable Instant endTime() {
        return endTime;
    }

    /** From start to end, or to now while running. */
    public Duration duration() {
        return Duration.between(startTime, endTime == null ? Instant.now() : endTime);
    }

    public Status status() {
        return status;
    }

    /** Sum of the rows that the statements so far reported. */
    public long rowsAffected() {
        return rowsAffected;
    }

    /** What failed, at {@link HookPoint#ON_ERROR}; null elsewhere. */
    public @Nullable Throwable error() {
        return error;
    }

    /**
     * What hooks of this run tell each other, by names of their own choice: one map for all points of a run and all its
     * migrations, and another for the next run. Modifiable; holds no null.
     */
    public Map<String, Object> metadata() {
        return metadata;
    }

    /**
     * What a hook of this run has put into {@link #metadata()} under that name; empty if none has.
     *
     * @throws ClassCastException if it is something else than the type asked for
     */
    public <T> Optional<T> metadata(String name, Class<T> type) {
        return Optional.ofNullable(metadata.get(name)).map(type::cast);
    }

    /**
     * What the migration says about itself in {@code -- confiture: meta.key=value} lines, by key; read when asked for. Empty
     * at the points of a run or a validation.
     */
    public Map<String, String> migrationMetadata() {
        return migrationMetadata.get();
    }

    /**
     * What a veto at this point cannot undo, one line each: statements of this migration that are already committed
     * because they cannot run in a transaction. Empty for a transactional migration.
     */
    public List<String> alreadyCommitted() {
        return alreadyCommitted;
    }

    /**
     * A client on the migration's own connection: in its transaction between begin and commit. What it writes there is
     * committed or rolled back with the migration.
     *
     * @throws IllegalStateException where there is no connection to use, as after a connection broke
     */
    public JdbcClient jdbc() {
        if (jdbc == null) {
            throw new IllegalStateException("No connection at hook point " + point);
        }
        return jdbc;
    }

    /** Collects the values of a context. */
    public static final class Builder {
        private final HookPoint point;
        private UUID runId = new UUID(0, 0);
        private @Nullable String migrationName;
        private @Nullable String migrationVersion;
        private @Nullable String database;
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

        public Builder database(@Nullable String value) {
            this.database = value;
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
