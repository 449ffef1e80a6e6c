package io.confiture.migrate;

import io.confiture.postgres.AsyncCall;
import io.confiture.postgres.LockHolder;
import io.confiture.sql.ObjectName;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a {@link Migrator} on the threads of an executor, and on no others: each does what the one of the same
 * name does, and its future fails with what that one throws. Made by {@link Migrator#async}. Thread-safe.
 *
 * <p><b>Cancelling</b> a future, or completing it otherwise from outside, as {@code orTimeout} does, ends its run: the
 * statement under way is cancelled in the server, no further one begins, waits for a connection, for the migration lock and
 * between attempts end, what is open is rolled back, and the lock is freed. The future is done at once, the run a moment
 * later. What it had committed stays; so does a migration whose commit was under way: {@link Migrator#status()}
 * tells, and a line in the log. A call that has not begun never does; to cancel one that has ended has no effect. To cancel
 * a stage made from the future, by {@code thenApply} and the like, does not cancel the future itself.
 *
 * <p>An interrupt of the executor's thread ends the waits as well, and the run before its next statement; a statement under
 * way is finished. Interrupting a virtual thread closes its connection.
 *
 * <p>Thrown by the call itself, rather than by its future: what the executor throws when it takes no more, and
 * {@link io.confiture.error.MigrationException} when an operation that writes is called inside a Spring transaction, under
 * {@link Migrator#lock()} or by a hook of a run, for which its thread would wait.
 *
 * @since 0.1.0
 */
public final class AsyncMigrator {
    private final Migrator migrator;
    private final Executor executor;

    AsyncMigrator(Migrator migrator, Executor executor) {
        this.migrator = migrator;
        this.executor = executor;
    }

    /** See {@link Migrator#initialize()}. */
    public CompletableFuture<@Nullable Void> initialize() {
        return write("initialize()", m -> {
            m.initialize();
            return null;
        });
    }

    /** See {@link Migrator#apply(String)}. */
    public CompletableFuture<MigrationResult> apply(String name) {
        Objects.requireNonNull(name, "name");
        return write("apply(\"" + name + "\")", m -> m.apply(name));
    }

    /** See {@link Migrator#apply(Migration)}. */
    public CompletableFuture<MigrationResult> apply(Migration migration) {
        return apply(migration.id());
    }

    /** See {@link Migrator#applyAll()}. */
    public CompletableFuture<List<MigrationResult>> applyAll() {
        return applyAll(null);
    }

    /** See {@link Migrator#applyAll(String)}. */
    public CompletableFuture<List<MigrationResult>> applyAll(@Nullable String target) {
        return write("applyAll()", m -> m.applyAll(target));
    }

    /** See {@link Migrator#rollback(String)}. */
    public CompletableFuture<MigrationResult> rollback(String name) {
        return write("rollback(\"" + name + "\")", m -> m.rollback(name));
    }

    /** See {@link Migrator#rollback(Migration)}. */
    public CompletableFuture<MigrationResult> rollback(Migration migration) {
        return rollback(migration.id());
    }

    /** See {@link Migrator#rollbackForced(String)}. */
    public CompletableFuture<MigrationResult> rollbackForced(String name) {
        return write("rollbackForced(\"" + name + "\")", m -> m.rollbackForced(name));
    }

    /** See {@link Migrator#rollbackTo(String)}. */
    public CompletableFuture<List<MigrationResult>> rollbackTo(String target) {
        return write("rollbackTo(\"" + target + "\")", m -> m.rollbackTo(target));
    }

    /** See {@link Migrator#baseline(String)}. */
    public CompletableFuture<List<MigrationResult>> baseline(String version) {
        return write("baseline(\"" + version + "\")", m -> m.baseline(version));
    }

    /** See {@link Migrator#baselineFrom(InitialSchema)}. */
    public CompletableFuture<InitialBuild> baselineFrom(InitialSchema schema) {
        Objects.requireNonNull(schema, "schema");
        return write("baselineFrom()", m -> m.baselineFrom(schema));
    }

    /** See {@link Migrator#confirmEquivalence(String)}. */
    public CompletableFuture<Boolean> confirmEquivalence(String hash) {
        Objects.requireNonNull(hash, "hash");
        return write("confirmEquivalence()", m -> m.confirmEquivalence(hash));
    }

    /** See {@link Migrator#planRepair(Repair)}. */
    public CompletableFuture<RepairReport> planRepair(Repair repair) {
        return read("planRepair()", m -> m.planRepair(repair));
    }

    /** See {@link Migrator#repair(Repair)}. */
    public CompletableFuture<RepairReport> repair(Repair repair) {
        return write("repair()", m -> m.repair(repair));
    }

    /** See {@link Migrator#planAdoption()}. */
    public CompletableFuture<AdoptionReport> planAdoption() {
        return read("planAdoption()", Migrator::planAdoption);
    }

    /** See {@link Migrator#adopt()}. */
    public CompletableFuture<List<MigrationResult>> adopt() {
        return write("adopt()", Migrator::adopt);
    }

    /** See {@link Migrator#status()}. */
    public CompletableFuture<MigrationStatus> status() {
        return read("status()", Migrator::status);
    }

    /** See {@link Migrator#plan()}. */
    public CompletableFuture<MigrationPlan> plan() {
        return read("plan()", Migrator::plan);
    }

    /** See {@link Migrator#applied()}. */
    public CompletableFuture<List<AppliedMigration>> applied() {
        return read("applied()", Migrator::applied);
    }

    /** See {@link Migrator#pending()}. */
    public CompletableFuture<List<Migration>> pending() {
        return read("pending()", Migrator::pending);
    }

    /** See {@link Migrator#pending(String)}. */
    public CompletableFuture<List<Migration>> pending(@Nullable String target) {
        return read("pending()", m -> m.pending(target));
    }

    /** See {@link Migrator#validate()}. */
    public CompletableFuture<ValidationReport> validate() {
        return read("validate()", Migrator::validate);
    }

    /** See {@link Migrator#verify()}. */
    public CompletableFuture<ValidationReport> verify() {
        return read("verify()", Migrator::verify);
    }

    /** See {@link Migrator#dryRun()}. */
    public CompletableFuture<DryRunReport> dryRun() {
        return dryRun(DryRunOptions.defaults());
    }

    /** See {@link Migrator#dryRun(DryRunOptions)}. */
    public CompletableFuture<DryRunReport> dryRun(DryRunOptions options) {
        return write("dryRun()", m -> m.dryRun(options));
    }

    /** See {@link Migrator#lockHolder()}. */
    public CompletableFuture<Optional<LockHolder>> lockHolder() {
        return read("lockHolder()", Migrator::lockHolder);
    }

    /** See {@link Migrator#ownTables()}. */
    public CompletableFuture<List<ObjectName>> ownTables() {
        return read("ownTables()", Migrator::ownTables);
    }

    private <T extends @Nullable Object> CompletableFuture<T> write(String operation, Function<Migrator, T> call) {
        SpringTransactions.requireNone("async " + operation);
        return start("async " + operation, true, call);
    }

    /** See {@link Migrator#newMigration(String)}. */
    public CompletableFuture<List<Path>> newMigration(String name) {
        Objects.requireNonNull(name, "name");
        return read("newMigration(\"" + name + "\")", m -> m.newMigration(name));
    }

    /** See {@link Migrator#newMigration(String, Path)}. */
    public CompletableFuture<List<Path>> newMigration(String name, Path folder) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(folder, "folder");
        return read("newMigration(\"" + name + "\")", m -> m.newMigration(name, folder));
    }

    private <T extends @Nullable Object> CompletableFuture<T> read(String operation, Function<Migrator, T> call) {
        return start("async " + operation, false, call);
    }

    private <T extends @Nullable Object> CompletableFuture<T> start(
            String operation, boolean writes, Function<Migrator, T> call) {
        migrator.setup().sessions().requireNotHeldHere(operation, writes);
        return AsyncCall.start(operation, executor, () -> call.apply(migrator));
    }
}
