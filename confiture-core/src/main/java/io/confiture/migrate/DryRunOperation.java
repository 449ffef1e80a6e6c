package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.postgres.Session;
import io.confiture.postgres.SessionRemains;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of {@code dryRun}: decides as {@code applyAll} does, under the same lock, and executes to roll back. */
final class DryRunOperation {
    private static final Logger log = LoggerFactory.getLogger(DryRunOperation.class);
    private static final String EVERYTHING = "confiture_dry_run";

    private final MigratorSetup setup;
    private final MigratorSettings settings;
    private final List<LocalMigration> files;
    private final @Nullable Version target;
    private final DryRunOptions options;
    private final Run run;

    DryRunOperation(MigratorSetup setup, List<LocalMigration> files, DryRunOptions options) {
        this.setup = setup;
        this.settings = setup.settings();
        this.files = files;
        this.options = options;
        this.run = setup.newRun();
        this.target = options.target() == null ? null : Names.version(options.target(), files, setup.locations());
    }

    DryRunReport run() {
        if (settings.protectedDatabase() && !options.allowProtected()) {
            throw new ConfigurationException(
                    ErrorCode.PROTECTED_DATABASE,
                    "The database is protected (confiture.protected), and a dry run holds the locks of every pending"
                            + " migration to its end. Nothing was run",
                    "Try a copy of the database; or say DryRunOptions.allowProtected(true) if you mean this one.");
        }
        return setup.sessions().lockedUnless(run.id(), this::nothingToDo, this::underLock);
    }

    private Optional<DryRunReport> nothingToDo(Session session) throws SQLException {
        Comparison comparison = setup.compare(files, session);
        if (!selected(comparison).isEmpty()) {
            ServerFailures.requireWritable(comparison.history());
            return Optional.empty();
        }
        List<String> warnings = preflight(comparison).warnings();
        return Optional.of(new DryRunReport(List.of(), List.of(), warnings, Duration.ZERO));
    }

    private List<Comparison.Entry> selected(Comparison comparison) {
        return ApplyOperation.select(comparison, target, null);
    }

    private Preflight preflight(Comparison comparison) {
        Preflight preflight = Preflight.check(comparison, selected(comparison), settings, setup.locations());
        preflight.throwIfBlocked();
        return preflight;
    }

    private DryRunReport underLock(LockedSession locked) throws SQLException {
        Comparison comparison = setup.compare(files, locked.history());
        List<String> warnings = new ArrayList<>(preflight(comparison).warnings());
        List<MigrationExecution.Step> steps = ApplyOperation.steps(comparison, selected(comparison));
        setup.requireWithinScratch(steps, List.of());
        Callbacks callbacks = new Callbacks(run, locked, setup.files());
        callbacks.files().forEach(file -> warnings.add(file + " was not run: a dry run leaves SQL callbacks out"));
        List<String> hooks = setup.hooks().names();
        if (!hooks.isEmpty()) {
            warnings.add("Hooks were not called: " + String.join(", ", hooks));
        }
        DryRun dryRun = new DryRun(locked, run, options, callbacks.first(Callbacks.Moment.BEFORE));
        DryRunReport report = execute(locked, dryRun, steps, warnings);
        log.info(
                "Dry run of {} migrations on {}: {} in {} ms, and everything was rolled back",
                steps.size(),
                locked.history().facts().database(),
                report.wouldSucceed() ? "all of them passed" : "not all of them passed",
                report.duration().toMillis());
        return report;
    }

    private DryRunReport execute(
            LockedSession locked, DryRun dryRun, List<MigrationExecution.Step> steps, List<String> warnings)
            throws SQLException {
        Session session = locked.session();
        CatalogWatch catalog = CatalogWatch.before(session);
        SequenceGaps sequences = SequenceGaps.before(session);
        List<DryRunReport.MigrationTrial> trials = new ArrayList<>(steps.size());
        long start = System.nanoTime();
        session.beginTransaction();
        try {
            session.execute("SAVEPOINT " + EVERYTHING);
            SessionRemains remains = SessionRemains.before(session);
            try {
                createLedger(locked);
                for (MigrationExecution.Step step : steps) {
                    trials.add(dryRun.attempt(step));
                }
            } catch (SQLException | RuntimeException e) {
                try {
                    undo(session, remains, sequences);
                } catch (SQLException suppressed) {
                    e.addSuppressed(suppressed);
                }
                throw e;
            }
            warnings.addAll(undo(session, remains, sequences));
        } finally {
            session.rollback();
        }
        Duration duration = Duration.ofNanos(System.nanoTime() - start);
        warnings.addAll(catalog.after(session));
        return new DryRunReport(trials, sequences.advanced(), warnings, duration);
    }

    /**
     * Also where the dry run was cancelled: a pool would keep for ever what is left in the session.
     *
     * @return what a run would leave otherwise than it was, as sentences
     */
    private static List<String> undo(Session session, SessionRemains remains, SequenceGaps sequences)
            throws SQLException {
        if (session.isBroken() || !session.inTransaction()) {
            return List.of();
        }
        return session.uncancelled(() -> {
            session.execute("ROLLBACK TO SAVEPOINT " + EVERYTHING);
            sequences.noteDrawn();
            List<String> warnings = new ArrayList<>();
            remains.clear().forEach(left -> warnings.add("The scripts leave behind: " + left));
            remains.gone().forEach(gone -> warnings.add("The scripts take away: " + gone));
            return warnings;
        });
    }

    /** As a run does at its begin, so that a privilege that is missing shows, and scripts find what they would find. */
    private void createLedger(LockedSession locked) throws SQLException {
        if (!locked.history().ledgerExists()) {
            try {
                if (settings.createSchema()) {
                    MigratorSessions.createSchemaIfAbsent(locked);
                }
                locked.ledger().create(locked.session());
            } catch (SQLException e) {
                throw ServerFailures.ledgerNotCreated(e, locked.history());
            }
        }
    }
}
