package io.confiture.migrate;

import io.confiture.hook.MigrationHook;
import io.confiture.hook.RunListener;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.SessionPreparation;
import io.confiture.sql.Placeholders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
    private final ConnectionSource source;
    final boolean callersConnection;
    List<String> locations = List.of("db/migrations");
    boolean defaultLocations = true;
    Naming naming = Naming.CONFITURE;
    Adoption adopt = Adoption.FAIL;
    String flywayTable = "flyway_schema_history";

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
    String database;

    @Nullable
    String environment;

    boolean protectedDatabase;

    Placeholders placeholders = Placeholders.NONE;

    @Nullable
    Set<String> labels;

    @Nullable
    DataSource lockDataSource;

    @Nullable
    ClassLoader classLoader;

    @Nullable
    String initSql;

    @Nullable
    String role;

    @Nullable
    InitialSchema initialSchema;

    @Nullable
    private LedgerOwners owners;

    private String ownersName = "";
    private Object connection = "";

    int connectRetries;
    boolean createSchema;

    final List<JavaMigration> javaMigrations = new ArrayList<>();

    final List<MigrationHook> hooks = new ArrayList<>();
    final List<RunListener> listeners = new ArrayList<>();

    MigratorBuilder(ConnectionSource source, boolean callersConnection) {
        this.source = source;
        this.callersConnection = callersConnection;
    }

    ConnectionSource source() {
        return source.with(new SessionPreparation(initSql, role), connectRetries);
    }

    MigratorSettings settings() {
        return new MigratorSettings(
                schema,
                table,
                createSchema,
                outOfOrder,
                missing,
                changed,
                lockTimeout,
                lockWait,
                retries,
                statementTimeout,
                database,
                environment,
                role,
                connectRetries,
                owners == null ? null : new LedgerOwners.Owner(owners, ownersName, connection),
                new Labels(labels == null ? (environment == null ? Set.of() : Set.of(environment)) : labels),
                protectedDatabase,
                adopt,
                flywayTable);
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

    /** Which names of files are read; only Confiture's own by default. */
    public MigratorBuilder naming(Naming value) {
        this.naming = Objects.requireNonNull(value);
        return this;
    }

    /**
     * What a run does that finds the history of another tool while Confiture's own is absent or was never written to;
     * {@link Adoption#FAIL} by default.
     */
    public MigratorBuilder adopt(Adoption value) {
        this.adopt = Objects.requireNonNull(value);
        return this;
    }

    /**
     * The name of Flyway's history, {@code flyway_schema_history} by default, looked for on the search path and in the schema
     * of the ledger; or {@code schema.table}.
     */
    public MigratorBuilder flywayTable(String value) {
        this.flywayTable = Objects.requireNonNull(value);
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

    /**
     * Whether to create the schema given with {@link #schema} together with the ledger, if it does not exist; false by
     * default.
     */
    public MigratorBuilder createSchema(boolean value) {
        this.createSchema = value;
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

    /**
     * How often a connection is tried again while nobody listens, the host's name is not known, the server says that it
     * is starting, or it has no connection left; after waits that grow to 5 s. For a server that starts together with the
     * application: once there was a connection, or all retries are used up, failures are told at once. 0 by default.
     * Wrong credentials, databases and certificates are never tried again.
     */
    public MigratorBuilder connectRetries(int value) {
        this.connectRetries = value;
        return this;
    }

    /**
     * Statements for each connection, also of operations that only read, before anything else: run at once, as the role
     * that has logged in, outside of a transaction. Their settings hold for every migration, whatever the one before has
     * set, and are undone when the connection is given back. Never logged. Refused behind a transaction pooler.
     */
    public MigratorBuilder initSql(@Nullable String value) {
        this.initSql = value;
        return this;
    }

    /**
     * The role to take on ({@code SET ROLE}) after the init SQL, also in operations that only read: it owns what
     * migrations create, and the ledger. A role that a migration takes on holds until that migration's end. Refused
     * behind a transaction pooler.
     */
    public MigratorBuilder role(@Nullable String value) {
        this.role = value;
        return this;
    }

    /**
     * Has the migrator fail when another one of these works on the same ledger: in {@link #build()} where both are known
     * to connect alike, else as soon as the server has said which database it is.
     *
     * @param all shared by the migrators that are to be kept apart
     * @param name of this one, for the message
     * @param connection equal for migrators that are known to connect alike
     */
    public MigratorBuilder owner(LedgerOwners all, String name, Object connection) {
        this.owners = Objects.requireNonNull(all);
        this.ownersName = Objects.requireNonNull(name);
        this.connection = Objects.requireNonNull(connection);
        return this;
    }

    /** What the application calls the database, told to hooks, which may be those of several. */
    public MigratorBuilder database(@Nullable String value) {
        this.database = value;
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
     * Values for <code>${name}</code> in scripts, by name; instead of those given before. They are put in outside of
     * literals, dollar quotes, comments and the rows of a COPY. Checksums are those of the files: another value does not
     * make a migration another one. Errors show the name where the script has it, not the value.
     *
     * @throws io.confiture.error.ConfigurationException if a name could never be written in a script, or a value is null,
     *     blank or holds control characters
     */
    public MigratorBuilder placeholders(Map<String, String> values) {
        this.placeholders = Placeholders.of(values);
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
     * Where connections outside of any pool come from, for the lock behind a transaction pooler. Needed there with a pool of
     * the application's, and best led past the pooler. Without it, a source that opens a new connection each time is used.
     */
    public MigratorBuilder lockDataSource(@Nullable DataSource value) {
        this.lockDataSource = value;
        return this;
    }

    /**
     * What {@link Migrator#applyAll()} builds an empty database from, as {@link Migrator#baselineFrom} does, before it
     * applies what is left; null, the default, to run all migrations there. Where the schema is refused, or a target leaves
     * migrations out, all are run. A start with nothing to do costs no statement more.
     */
    public MigratorBuilder initialSchema(@Nullable InitialSchema value) {
        this.initialSchema = value;
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

    /** Adds a listener after those already added. */
    public MigratorBuilder listener(RunListener value) {
        this.listeners.add(Objects.requireNonNull(value));
        return this;
    }

    /** Adds listeners in order after those already added. */
    public MigratorBuilder listeners(List<? extends RunListener> values) {
        values.forEach(this::listener);
        return this;
    }

    /** A migrator with these settings. Connects to nothing. */
    public Migrator build() {
        return new Migrator(this);
    }
}
