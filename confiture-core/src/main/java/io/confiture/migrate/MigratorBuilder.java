package io.confiture.migrate;

import io.confiture.hook.MigrationHook;
import io.confiture.postgres.ConnectionSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a {@link Migrator}. Each has a safe default; a value that cannot work is refused when it is
 * given. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class MigratorBuilder {
    final ConnectionSource source;
    final boolean callersConnection;
    List<String> locations = List.of("db/migrations");
    boolean defaultLocations = true;

    @Nullable
    String schema;

    String table = "tb_confiture";
    Policy outOfOrder = Policy.FAIL;
    Policy missing = Policy.FAIL;
    Policy changed = Policy.FAIL;
    Duration lockTimeout = Duration.ofSeconds(5);
    Duration lockWait = Duration.ofMinutes(5);
    int retries = 10;

    @Nullable
    Duration statementTimeout;

    @Nullable
    String environment;

    boolean protectedDatabase;

    @Nullable
    Set<String> labels;

    @Nullable
    DataSource lockDataSource;

    @Nullable
    ClassLoader classLoader;

    final List<JavaMigration> javaMigrations = new ArrayList<>();

    final List<MigrationHook> hooks = new ArrayList<>();

    MigratorBuilder(ConnectionSource source, boolean callersConnection) {
        this.source = source;
        this.callersConnection = callersConnection;
    }

    MigratorSettings settings() {
        return new MigratorSettings(
                schema,
                table,
                outOfOrder,
                missing,
                changed,
                lockTimeout,
                lockWait,
                retries,
                statementTimeout,
                environment,
                new Labels(labels == null ? (environment == null ? Set.of() : Set.of(environment)) : labels),
                protectedDatabase);
    }

    /**
     * Where the migrations are: {@code classpath:db/migrations}, or a folder on disk as {@code file:db/migrations} or
     * {@code db/migrations}. Read recursively. A location given here must exist.
     */
    public MigratorBuilder locations(List<String> value) {
        this.locations = List.copyOf(value);
        this.defaultLocations = false;
        return this;
    }

    public MigratorBuilder locations(String... value) {
        return locations(List.of(value));
    }

    /**
     * The locations to read when the user has named none: one that is absent or empty is a warning, unless the ledger
     * has rows. {@code db/migrations} on disk if not called.
     */
    public MigratorBuilder defaultLocations(String... value) {
        this.locations = List.of(value);
        this.defaultLocations = true;
        return this;
    }

    /** The ledger's schema. By default where a ledger is found on the search path, else the current schema. */
    public MigratorBuilder schema(@Nullable String value) {
        this.schema = value;
        return this;
    }

    /** The ledger's name; {@code tb_confiture} by default. */
    public MigratorBuilder table(String value) {
        this.table = value;
        return this;
    }

    /** What to do about a pending migration below one that is applied. */
    public MigratorBuilder outOfOrder(Policy value) {
        this.outOfOrder = value;
        return this;
    }

    /** What to do about an applied migration whose file is gone. */
    public MigratorBuilder missing(Policy value) {
        this.missing = value;
        return this;
    }

    /** What to do about an applied migration whose file has changed. */
    public MigratorBuilder changed(Policy value) {
        this.changed = value;
        return this;
    }

    /** How long a statement waits for a lock on a table, so how long others queue behind it; 5 s by default, 0 for ever. */
    public MigratorBuilder lockTimeout(Duration value) {
        this.lockTimeout = value;
        return this;
    }

    /** How long to wait for the migration lock while another run holds it; 5 min by default. */
    public MigratorBuilder lockWait(Duration value) {
        this.lockWait = value;
        return this;
    }

    /** How often a migration that met the lock timeout or a deadlock is tried again as a whole; 10 by default. */
    public MigratorBuilder retries(int value) {
        this.retries = value;
        return this;
    }

    /** How long one statement may run; by default what the role or the database says. */
    public MigratorBuilder statementTimeout(@Nullable Duration value) {
        this.statementTimeout = value;
        return this;
    }

    /** The environment's name, told to hooks; the label of the run, unless {@link #labels} says others. */
    public MigratorBuilder environment(@Nullable String value) {
        this.environment = value;
        return this;
    }

    /** Whether a dry run is refused unless its options allow it, as befits a database in production; false by default. */
    public MigratorBuilder protectedDatabase(boolean value) {
        this.protectedDatabase = value;
        return this;
    }

    /**
     * The labels of a run. A migration that has labels is applied only where one of them is among these, and never where
     * it says {@code !label} of one; a migration without labels is applied everywhere. By default the environment.
     */
    public MigratorBuilder labels(Collection<String> value) {
        this.labels = Set.copyOf(value);
        return this;
    }

    /** Adds a migration written in Java to those in the locations. */
    public MigratorBuilder javaMigration(JavaMigration value) {
        this.javaMigrations.add(Objects.requireNonNull(value));
        return this;
    }

    /** Adds migrations written in Java, in any order, to those in the locations. */
    public MigratorBuilder javaMigrations(Collection<? extends JavaMigration> values) {
        values.forEach(this::javaMigration);
        return this;
    }

    /**
     * Where connections outside of any pool come from. Needed only behind a transaction pooler when the connection's
     * own settings cannot be derived from the data source.
     */
    public MigratorBuilder lockDataSource(@Nullable DataSource value) {
        this.lockDataSource = value;
        return this;
    }

    /** The class loader of {@code classpath:} locations; the thread's context class loader by default. */
    public MigratorBuilder classLoader(@Nullable ClassLoader value) {
        this.classLoader = value;
        return this;
    }

    /** Adds a hook after those already added. */
    public MigratorBuilder hook(MigrationHook value) {
        this.hooks.add(Objects.requireNonNull(value));
        return this;
    }

    /** Adds hooks in order after those already added. */
    public MigratorBuilder hooks(List<? extends MigrationHook> values) {
        values.forEach(this::hook);
        return this;
    }

    /** A migrator with these settings. Connects to nothing. */
    public Migrator build() {
        return new Migrator(this);
    }
}
