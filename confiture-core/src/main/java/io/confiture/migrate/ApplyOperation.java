package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationAlreadyAppliedException;
import io.confiture.error.MigrationException.Place;
import io.confiture.hook.HookContext.Direction;
import io.confiture.hook.HookPoint;
import io.confiture.hook.RunListener;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of {@code apply} or {@code applyAll}. */
final class ApplyOperation {
    private static final Logger log = LoggerFactory.getLogger(ApplyOperation.class);

    private final MigratorSetup setup;
    private final List<LocalMigration> files;
    private final @Nullable Version target;
    private final @Nullable LocalMigration only;
    private final Run run;
    private final AdoptionOperation adoption;
    private final @Nullable InitialBuildOperation initialBuild;

    /**
     * @param target the highest version to apply, or null for all
     * @param only the one migration to apply, or null for all
     */
    ApplyOperation(
            MigratorSetup setup, List<LocalMigration> files, @Nullable Version target, @Nullable LocalMigration only) {
        this.setup = setup;
        this.files = only == null ? BaselineMigrations.upTo(files, target) : BaselineMigrations.only(files, only);
        this.target = target;
        this.only = only;
        this.run = setup.newRun();
        this.adoption = new AdoptionOperation(setup, files, run.id());
        InitialSchema schema = setup.initialSchema();
        this.initialBuild =
                schema == null || only != null ? null : new InitialBuildOperation(setup, files, schema, run);
    }

    List<MigrationResult> run() {
        return run.observed(RunListener.Operation.APPLY, last(), this::apply);
    }

    /** How far this call is to go; null for everything. */
    private @Nullable String last() {
        return only != null
                ? only.id()
                : files.stream()
                        .filter(file -> target != null && target.equals(file.version()))
                        .map(LocalMigration::id)
                        .findFirst()
                        .orElse(null);
    }

    private List<MigrationResult> apply() {
        try {
            return setup.sessions().lockedUnless(run.id(), this::nothingToDo, this::applyUnderLock);
        } catch (ConfitureException e) {
            e.setCommitted(run.committed());
            throw e;
        }
    }

    /** The one look without the lock. */
    private Optional<List<MigrationResult>> nothingToDo(Session session) throws SQLException {
        History history = History.read(session, setup.settings());
        if (adoption.isNeeded(session, history)) {
            ServerFailures.requireWritable(history);
            return Optional.empty();
        }
        if (initialBuild != null && DatabaseContent.find(session, history).isEmpty()) {
            ServerFailures.requireWritable(history);
            return Optional.empty();
        }
        Comparison comparison = setup.compare(files, history);
        if (only != null) {
            requireNotApplied(comparison, only);
        }
        List<Comparison.Entry> selected = select(comparison, target, only);
        if (!selected.isEmpty()) {
            ServerFailures.requireWritable(comparison.history());
            return Optional.empty();
        }
        if (!comparison.in(MigrationState.PARTIAL).isEmpty()
                || !comparison.in(MigrationState.IN_DOUBT).isEmpty()) {
            // Perhaps another run is at work on it right now, which only the lock can tell.
            return Optional.empty();
        }
        return Optional.of(finish(comparison, selected, session, List.of()));
    }

    private static void requireNotApplied(Comparison comparison, LocalMigration only) {
        Comparison.Entry entry = comparison.find(only).orElse(null);
        if (entry == null) {
            throw new MigrationAlreadyAppliedException(
                    ErrorCode.ALREADY_APPLIED,
                    "Baseline migration " + only.id() + " is for a database to which nothing is applied, and "
                            + comparison.history().applied().size() + " migrations are. Nothing was done",
                    null,
                    Place.of(only.id()));
        }
        if (entry.state() == MigrationState.IGNORED) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Migration " + entry.id() + " does not run here: " + entry.detail() + ". Nothing was done",
                    "If its labels keep it from running, give the run one of them (confiture.migrate.labels,"
                            + " MigratorBuilder.labels without Spring), or change the migration's.");
        }
        if (entry.state().isApplied()) {
            Instant appliedAt = entry.info().appliedAt();
            throw new MigrationAlreadyAppliedException(
                    ErrorCode.ALREADY_APPLIED,
                    "Migration " + entry.id() + " is applied already"
                            + (appliedAt == null ? "" : ", since " + appliedAt) + ". Nothing was done",
                    null,
                    Place.of(entry.id()));
        }
    }

    private List<MigrationResult> applyUnderLock(LockedSession locked) throws SQLException {
        if (adoption.before(locked)) {
            Comparison adopted = setup.compare(files, locked.history());
            if (only != null) {
                requireNotApplied(adopted, only);
            }
        }
        List<MigrationResult> results = new ArrayList<>(built(locked));
        Comparison comparison = setup.compare(files, locked.history());
        List<Comparison.Entry> selected = select(comparison, target, only);
        if (selected.isEmpty()) {
            return finish(comparison, selected, locked.session(), results);
        }
        Preflight preflight = Preflight.check(comparison, selected, setup.settings(), setup.locations());
        try {
            preflight.throwIfBlocked();
            List<MigrationExecution.Step> steps = steps(comparison, selected);
            Callbacks callbacks = new Callbacks(run, locked, setup.files());
            setup.requireWithinScratch(steps, callbacks.all());
            preflight.warnings().forEach(log::warn);
            if (target != null && only == null) {
                log.info(
                        "The target is {}; {} migrations beyond it stay pending",
                        last(),
                        comparison.toApply().size() - selected.size());
            }
            run.callBefore(Direction.UP, ids(selected), locked);
            if (setup.sessions().createLedger(locked)) {
                log.info("Created the ledger {}", locked.ledger().displayName());
            }
            callbacks.run(Callbacks.Moment.BEFORE);
            for (MigrationExecution.Step step : steps) {
                MigrationResult result = new MigrationExecution(run, locked, step).execute();
                log.info(
                        "Applied {} in {} ms ({} rows)",
                        step.migration().id(),
                        result.duration().toMillis(),
                        result.rowsAffected());
                results.add(result);
            }
            callbacks.run(Callbacks.Moment.AFTER);
            log.info(
                    "Applied {} migrations to {} in {} ms; the last of them is {}",
                    steps.size(),
                    locked.history().facts().database(),
                    run.elapsed().toMillis(),
                    steps.get(steps.size() - 1).migration().id());
            run.call(HookPoint.AFTER_RUN, Direction.UP, ids(selected), locked.session(), null);
            return results;
        } catch (RuntimeException e) {
            run.call(HookPoint.ON_ERROR, Direction.UP, ids(selected), locked.session(), e);
            throw e;
        }
    }

    /** What is recorded because the database was empty and is now built at once. */
    private List<MigrationResult> built(LockedSession locked) throws SQLException {
        if (initialBuild == null) {
            return List.of();
        }
        boolean partly = target != null && files.stream().anyMatch(file -> !file.repeatable() && file.isAfter(target));
        if (partly) {
            log.info("Not built from the schema, which stands for all migrations: the target is {}", last());
            return List.of();
        }
        return initialBuild.build(locked) instanceof InitialBuild.Built built ? built.recorded() : List.of();
    }

    /** Reads every script before any of them runs, so that a broken one stops all. */
    static List<MigrationExecution.Step> steps(Comparison comparison, List<Comparison.Entry> selected) {
        List<MigrationExecution.Step> steps = new ArrayList<>(selected.size());
        for (Comparison.Entry entry : selected) {
            LocalMigration file = fileOf(entry);
            ScriptPlan plan = ScriptPlan.of(file.migration(), file.up(), 1);
            Verification.requirePossible(file, plan.directives());
            steps.add(new MigrationExecution.Step(
                    file, file.up(), Direction.UP, plan, comparison.segments(file, Direction.UP), file.key()));
        }
        return steps;
    }

    private List<MigrationResult> finish(
            Comparison comparison, List<Comparison.Entry> selected, Session session, List<MigrationResult> results) {
        Preflight preflight = Preflight.check(comparison, selected, setup.settings(), setup.locations());
        try {
            preflight.throwIfBlocked();
            preflight.warnings().forEach(log::warn);
            run.call(HookPoint.BEFORE_RUN, Direction.UP, List.of(), session, null);
            log.info(
                    "Nothing to apply to {}: {} migrations are applied",
                    comparison.history().facts().database(),
                    comparison.history().applied().size());
            run.call(HookPoint.AFTER_RUN, Direction.UP, List.of(), session, null);
            return results;
        } catch (RuntimeException e) {
            run.call(HookPoint.ON_ERROR, Direction.UP, List.of(), session, e);
            throw e;
        }
    }

    /** What a call with this target, or for this one migration, would apply. */
    static List<Comparison.Entry> select(
            Comparison comparison, @Nullable Version target, @Nullable LocalMigration only) {
        List<Comparison.Entry> toApply = comparison.toApply();
        if (only != null) {
            return toApply.stream().filter(entry -> only.equals(entry.file())).toList();
        }
        // Repeatable ones are written for the newest schema: they wait while a target leaves versioned ones out.
        boolean versionedLeftOut = target != null
                && toApply.stream()
                        .anyMatch(entry -> !entry.repeatable() && fileOf(entry).isAfter(target));
        return toApply.stream()
                .filter(entry -> entry.repeatable()
                        ? !versionedLeftOut
                        : target == null || !fileOf(entry).isAfter(target))
                .toList();
    }

    static LocalMigration fileOf(Comparison.Entry entry) {
        LocalMigration file = entry.file();
        if (file == null) {
            throw new IllegalStateException(entry.id() + " has no file and cannot be pending");
        }
        return file;
    }

    private static List<String> ids(List<Comparison.Entry> entries) {
        return entries.stream().map(Comparison.Entry::id).toList();
    }

    /** What a call with this target would apply. */
    static List<Migration> pending(MigratorSetup setup, String target) {
        List<LocalMigration> all = setup.files().load();
        Version last = Names.version(target, all, setup.locations());
        return select(setup.compare(BaselineMigrations.upTo(all, last)), last, null).stream()
                .map(entry -> fileOf(entry).migration())
                .toList();
    }

    /** What a call without target would do. */
    static MigrationPlan plan(Comparison comparison, MigratorSetup setup) {
        List<Comparison.Entry> selected = select(comparison, null, null);
        Preflight preflight = Preflight.check(comparison, selected, setup.settings(), setup.locations());
        List<String> blockers = new ArrayList<>();
        preflight.blockers().forEach(blocker -> blockers.add(String.valueOf(blocker.getMessage())));
        if (!selected.isEmpty()) {
            try {
                Callbacks.read(setup.files());
            } catch (ConfitureException e) {
                blockers.add(String.valueOf(e.getMessage()));
            }
        }
        List<MigrationPlan.Step> steps = new ArrayList<>(selected.size());
        for (Comparison.Entry entry : selected) {
            LocalMigration file = fileOf(entry);
            try {
                ScriptPlan plan = ScriptPlan.of(file.migration(), file.up(), 1);
                Verification.requirePossible(file, plan.directives());
                long done = comparison.segments(file, Direction.UP).stream()
                        .filter(segment -> segment.state() == Progress.State.DONE)
                        .count();
                steps.add(new MigrationPlan.Step(
                        file.migration(),
                        entry.state(),
                        plan.statements(),
                        plan.transactional(),
                        Math.max(1, plan.segments().size()),
                        (int) done));
            } catch (ConfitureException e) {
                blockers.add(String.valueOf(e.getMessage()));
            }
            if (entry.state() == MigrationState.IN_DOUBT) {
                blockers.add(entry.id() + ": " + entry.detail());
            }
        }
        return new MigrationPlan(steps, blockers, preflight.warnings());
    }
}
