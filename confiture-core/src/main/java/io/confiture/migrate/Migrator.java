package io.confiture.migrate;

import io.confiture.error.MigrationAlreadyAppliedException;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.LockHolder;
import io.confiture.sql.ObjectName;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Brings a database to the state that a set of migrations describes. Every decision is taken under the migration lock of
 * the ledger, so that any number of instances may start together: each migration is applied once, and what another
 * instance has done meanwhile is success.
 *
 * <p>Thread-safe; writing operations of one migrator run one after the other. Operations that write fail at once inside a
 * Spring transaction. Operations that read take no lock.
 *
 * <p>Unless said otherwise, operations throw {@link io.confiture.error.ConfigurationException} when files or settings are
 * wrong, {@link io.confiture.error.DatabaseConnectionException} when there is no connection, and
 * {@link io.confiture.error.MigrationException} or one of its children when something stops them.
 *
 * @since 0.1.0
 */
public final class Migrator {
    private final MigratorSetup setup;

    Migrator(MigratorBuilder builder) {
        this(new MigratorSetup(builder));
    }

    private Migrator(MigratorSetup setup) {
        this.setup = setup;
    }

    /** Takes a connection from the data source for each operation and gives it back as it came. */
    public static MigratorBuilder builder(DataSource dataSource) {
        return new MigratorBuilder(ConnectionSource.of(dataSource), false);
    }

    /** Works on the caller's connection, which is never closed and gets auto-commit, role and settings back. */
    public static MigratorBuilder builder(Connection connection) {
        return new MigratorBuilder(ConnectionSource.of(connection), true);
    }

    /** Opens a connection for each operation, from {@code jdbc:postgresql:…} or {@code postgresql://…}. */
    public static MigratorBuilder builder(String url) {
        return new MigratorBuilder(ConnectionSource.of(url), false);
    }

    /** Creates the ledger if it does not exist. The other operations do so themselves when they need it. */
    public void initialize() {
        SpringTransactions.requireNone("initialize()");
        setup.sessions().locked(UUID.randomUUID(), setup.sessions()::createLedger);
    }

    /**
     * Applies exactly one migration. Pending ones below it fall under the policy for out-of-order migrations.
     *
     * @param name {@code 001} or {@code 001_create_users}
     * @return what was done; {@link MigrationAction#ALREADY_APPLIED} if another run applied it meanwhile
     * @throws MigrationAlreadyAppliedException if it was applied before the call
     */
    public MigrationResult apply(String name) {
        Objects.requireNonNull(name, "name");
        SpringTransactions.requireNone("apply(\"" + name + "\")");
        List<LocalMigration> all = setup.files().load();
        LocalMigration migration = Names.find(name, all, setup.locations());
        List<MigrationResult> results = new ApplyOperation(setup, all, migration.version(), migration).run();
        return results.isEmpty() ? migration.notRun(MigrationAction.ALREADY_APPLIED, List.of()) : results.get(0);
    }

    /** Applies exactly one migration; see {@link #apply(String)}. */
    public MigrationResult apply(Migration migration) {
        return apply(migration.id());
    }

    /** Applies everything that is pending, in order. */
    public List<MigrationResult> applyAll() {
        return applyAll(null);
    }

    /**
     * Applies what is pending up to and including the target, in order, each in its own transaction. When one fails, the
     * exception tells what was committed before.
     *
     * @param target {@code 001} or {@code 001_create_users}; null for everything
     * @return what this call applied; empty if there was nothing to do
     */
    public List<MigrationResult> applyAll(@Nullable String target) {
        SpringTransactions.requireNone("applyAll()");
        List<LocalMigration> all = setup.files().load();
        Version version = target == null ? null : Names.version(target, all, setup.locations());
        return new ApplyOperation(setup, all, version, null).run();
    }

    /**
     * Rolls back the migration that was applied last.
     *
     * @param name {@code 001} or {@code 001_create_users}
     * @throws io.confiture.error.MigrationNotAppliedException if it is not applied
     * @throws io.confiture.error.MigrationException if it is not the newest, or has no down part
     */
    public MigrationResult rollback(String name) {
        SpringTransactions.requireNone("rollback(\"" + name + "\")");
        return new RollbackOperation(setup, setup.files().load()).one(name, false);
    }

    /** Rolls back the migration that was applied last; see {@link #rollback(String)}. */
    public MigrationResult rollback(Migration migration) {
        return rollback(migration.id());
    }

    /** Rolls back one migration although others were applied after it. */
    public MigrationResult rollbackForced(String name) {
        SpringTransactions.requireNone("rollbackForced(\"" + name + "\")");
        return new RollbackOperation(setup, setup.files().load()).one(name, true);
    }

    /**
     * Rolls back everything above the target, the newest first. The target stays applied. If one of the steps has no down
     * part, nothing is rolled back at all.
     *
     * @return what was rolled back; empty if the target is the newest already
     */
    public List<MigrationResult> rollbackTo(String target) {
        SpringTransactions.requireNone("rollbackTo(\"" + target + "\")");
        return new RollbackOperation(setup, setup.files().load()).to(target);
    }

    /**
     * Records every migration up to and including a version as applied, without running it: for a database that was made
     * without these files. In one transaction; calls no hooks. What the ledger has already stays as it is.
     *
     * @param version {@code 001} or {@code 001_create_users}; there must be a file of it
     * @return every migration up to the version, in order: {@link MigrationAction#BASELINED}, or
     *     {@link MigrationAction#ALREADY_APPLIED} for what the ledger had. The last one warns if the database is empty
     * @throws io.confiture.error.MigrationException if there is no such migration, or one of those to record is partial or
     *     in doubt
     */
    public List<MigrationResult> baseline(String version) {
        Objects.requireNonNull(version, "version");
        SpringTransactions.requireNone("baseline(\"" + version + "\")");
        List<LocalMigration> all = setup.files().load();
        return new BaselineOperation(setup, all, Names.version(version, all, setup.locations())).run();
    }

    /**
     * Builds an empty database from a whole schema and records every versioned migration as applied, without running it:
     * under the migration lock, in one transaction on one connection, so that of many instances that start at once one
     * builds, and nothing is left of a build that does not end. Calls no hooks. Repeatable migrations are left to the next
     * {@link #applyAll()}, which runs them.
     *
     * <p>Empty is a database whose ledger has no row, if there is one, and in which no schema holds a relation, type or
     * routine; what extensions own does not count, nor do the system's schemas, nor the empty ledger. Schemas, extensions,
     * roles and privileges may be there.
     *
     * <p>The call refuses where a migration changes data and the schema is not known to: each statement that adds rows must
     * be to a table of {@link InitialSchema#tablesWithRows()}, and of statements whose text does not tell what they do
     * ({@code DO}, {@code CALL}, {@code SELECT} of functions…) the migration must be among
     * {@link InitialSchema#coveredMigrations()}. {@code UPDATE}, {@code DELETE} and {@code TRUNCATE} count where a migration
     * adds rows to the table. What triggers, and functions called within other statements, do to data is not seen. A migration
     * with a statement that {@linkplain io.confiture.sql.BeyondDatabase reaches beyond the database}, such as
     * {@code CREATE ROLE}, must be among the covered ones, too: a database does not tell whether a schema has made that.
     * Migrations in Java are skipped, and named in the result and the log.
     *
     * @return what was done; if the database was not built, nothing was
     * @throws io.confiture.error.SchemaException if the schema cannot be built; nothing of it stays
     * @throws io.confiture.error.MigrationException also if a covered migration does not exist
     */
    public InitialBuild baselineFrom(InitialSchema schema) {
        Objects.requireNonNull(schema, "schema");
        SpringTransactions.requireNone("baselineFrom()");
        return new InitialBuildOperation(setup, setup.files().load(), schema, setup.newRun()).run();
    }

    /**
     * Records that the schema that the database was built from, and the migrations it stands for, make the same catalog,
     * as somebody has proven; {@link MigrationStatus#origin()} tells it from then on. Nothing is checked here.
     *
     * @param hash of the schema of which it was proven, together with all versioned migrations that are here
     * @return false, and nothing is recorded, if the database was not built from that schema and just these migrations
     */
    public boolean confirmEquivalence(String hash) {
        Objects.requireNonNull(hash, "hash");
        SpringTransactions.requireNone("confirmEquivalence()");
        return new EquivalenceRecord(setup, setup.files().load(), hash).write();
    }

    /**
     * What {@link #repair(Repair)} would do now, and what it could do if it were asked. Changes nothing and takes no lock.
     *
     * @throws io.confiture.error.MigrationException as {@code repair} would
     */
    public RepairReport planRepair(Repair repair) {
        return new RepairOperation(setup, setup.files().load(), repair).plan();
    }

    /**
     * Puts right what the ledger says, as far as asked: all of it in one transaction, or nothing. Each change is kept with
     * what was before, the role and the time in the table beside the ledger. Runs no script and calls no hooks.
     *
     * @throws io.confiture.error.MigrationException if a decision is about a migration that does not exist or is not in
     *     doubt, or a server process still carries out the statement in doubt; nothing is repaired then
     */
    public RepairReport repair(Repair repair) {
        SpringTransactions.requireNone("repair()");
        return new RepairOperation(setup, setup.files().load(), repair).run();
    }

    /**
     * What {@link #adopt()} would take over now from the history of Flyway, or what Liquibase has left. Changes nothing and
     * takes no lock.
     *
     * @throws io.confiture.error.MigrationException if neither tool has a history here, or it cannot be read
     */
    public AdoptionReport planAdoption() {
        return new AdoptionOperation(setup, setup.files().load(), UUID.randomUUID()).plan();
    }

    /**
     * Takes over the history of Flyway: what it has applied counts as applied, in its order and with its times, and nothing is
     * run again. In one transaction, or nothing; Flyway's own table stays as it is. Calls no hooks.
     *
     * @return what was taken over; empty if that was done before
     * @throws io.confiture.error.MigrationException if there is no such history, something in it stands in the way, or the
     *     ledger has rows of its own
     */
    public List<MigrationResult> adopt() {
        SpringTransactions.requireNone("adopt()");
        return new AdoptionOperation(setup, setup.files().load(), UUID.randomUUID()).run();
    }

    /** What is applied and what is not. */
    public MigrationStatus status() {
        return setup.compare().status();
    }

    /** What {@link #applyAll()} would do now. Runs nothing; reads the scripts of what is pending. */
    public MigrationPlan plan() {
        return ApplyOperation.plan(setup.compare(), setup);
    }

    /** What executing everything that is pending would come to; see {@link #dryRun(DryRunOptions)}. */
    public DryRunReport dryRun() {
        return dryRun(DryRunOptions.defaults());
    }

    /**
     * Executes what is pending under the migration lock in one transaction, which is rolled back, and tells of each
     * statement what came of it. Meant for a copy of the database: it takes the locks of all these migrations, each within
     * the lock timeout, and holds them to its end, at most for {@link DryRunOptions#lockLimit()}.
     *
     * <p>Nothing is left behind but the gaps in sequences that the report names, and what scripts do outside of the
     * database. What cannot run in a transaction is reported as not tried, and what passes or fails after it as unknown.
     * Unlike a run it stops at the first failure without trying again, and calls neither hooks nor SQL callbacks: a warning
     * names those, and behind a callback that should have run before, everything is unknown.
     *
     * @throws io.confiture.error.ConfigurationException also if the database is protected and the options do not allow it
     * @throws io.confiture.error.MigrationException if a run would not begin, for what {@link #plan()} shows as blockers
     */
    public DryRunReport dryRun(DryRunOptions options) {
        SpringTransactions.requireNone("dryRun()");
        return new DryRunOperation(setup, setup.files().load(), options).run();
    }

    /** The ledger's rows in the order in which they were written. */
    public List<AppliedMigration> applied() {
        return setup.sessions()
                .read(session -> History.read(session, setup.settings()).applied());
    }

    /** What is not applied, in order. */
    public List<Migration> pending() {
        return status().pending();
    }

    /**
     * What is not applied up to and including the target, in order.
     *
     * @param target {@code 001} or {@code 001_create_users}; null for everything
     */
    public List<Migration> pending(@Nullable String target) {
        return target == null ? pending() : ApplyOperation.pending(setup, target);
    }

    /** Compares every applied migration with its file. Changes nothing; works on a read-only standby. */
    public ValidationReport validate() {
        return new ValidateOperation(setup, session -> Validation::notRun).run();
    }

    /**
     * Compares every applied migration with its file and runs its {@code .verify.sql}, if it has one. A verification
     * passes if each of its statements returns at least one row and every column of every row is true; what is wrong with
     * one, an SQL error included, is told in its check and does not keep the others from running. Takes no lock, changes
     * nothing, and works on a read-only standby. What is not applied is not verified.
     *
     * @throws io.confiture.error.DatabaseConnectionException if the connection is lost
     */
    public ValidationReport verify() {
        return new ValidateOperation(
                        setup,
                        session -> (migration, script) -> Validation.check(
                                migration, new Verification(session, migration, script, setup.settings(), null).run()))
                .run();
    }

    /** The names of the hooks, in the order in which they are called. */
    public List<String> hooks() {
        return setup.hooks().names();
    }

    /**
     * Creates the files of a new migration, {@code {version}_{name}.up.sql} and {@code .down.sql}, in the first location
     * that is a folder on disk. The version is the time in UTC, {@code yyyyMMddHHmmss}, or one above the newest version
     * there is if that is not below it. Every run is refused until a statement stands in the up file. Overwrites nothing,
     * needs no database.
     *
     * @param name what the migration does; everything but letters and digits becomes an underscore
     * @return the up and the down file
     * @throws io.confiture.error.ConfigurationException if no location is a folder on disk, the name holds no letter or
     *     digit, the files that are there have broken names, or the files cannot be written
     */
    public List<Path> newMigration(String name) {
        return new NewMigration(setup.files(), Clock.systemUTC())
                .create(name, setup.files().folder());
    }

    /**
     * Creates the files of a new migration in a folder, such as {@code src/main/resources/db/migrations}; see
     * {@link #newMigration(String)}.
     *
     * @param folder created if it does not exist
     */
    public List<Path> newMigration(String name, Path folder) {
        return new NewMigration(setup.files(), Clock.systemUTC()).create(name, folder);
    }

    /**
     * Takes the migration lock, for several operations under one lock. Re-entrant; bound to this thread.
     *
     * @throws io.confiture.error.LockTimeoutException if another run holds it for longer than the lock wait
     */
    public MigrationLock lock() {
        SpringTransactions.requireNone("lock()");
        return setup.sessions().lock();
    }

    /** Who holds the migration lock now; empty if nobody. */
    public Optional<LockHolder> lockHolder() {
        return setup.sessions()
                .read(session -> LockHolder.find(
                        session,
                        History.read(session, setup.settings()).ledger().lockKey()));
    }

    /** Where it connects to, with the init SQL and the role it takes on. */
    public ConnectionSource source() {
        return setup.sessions().source();
    }

    /**
     * The same migrations and settings for a database that is made for the purpose and holds nothing, where hooks, listeners
     * and the initial schema are left out, and the ledger's schema is created where it is missing. Scripts that reach beyond
     * their database, to roles or the settings of the server for example, are refused before the first one runs, with
     * {@link io.confiture.error.ErrorCode#BEYOND_DATABASE}, as far as their {@linkplain io.confiture.sql.BeyondDatabase text
     * tells}; what {@code DO} blocks, functions and migrations in Java do is not seen.
     */
    public Migrator onScratch(ConnectionSource scratch) {
        return new Migrator(setup.onScratch(Objects.requireNonNull(scratch, "scratch")));
    }

    /** The two tables in which it keeps its record here, whether or not they exist; each with its schema. */
    public List<ObjectName> ownTables() {
        return setup.sessions().read(session -> {
            Ledger ledger = History.read(session, setup.settings()).ledger();
            return List.of(
                    new ObjectName(ledger.schema(), ledger.table()),
                    new ObjectName(ledger.schema(), Progress.tableOf(ledger.table())));
        });
    }

    /** The same operations on the threads of an executor. */
    public AsyncMigrator async(Executor executor) {
        return new AsyncMigrator(this, Objects.requireNonNull(executor, "executor"));
    }

    MigratorSetup setup() {
        return setup;
    }
}
