package io.confiture.migrate;

import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.error.MigrationNotAppliedException;
import io.confiture.hook.HookContext.Direction;
import io.confiture.hook.HookPoint;
import io.confiture.hook.RunListener;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of {@code rollback} or {@code rollbackTo}. */
final class RollbackOperation {
    private static final Logger log = LoggerFactory.getLogger(RollbackOperation.class);

    private final MigratorSetup setup;
    private final List<LocalMigration> files;
    private final Run run;

    RollbackOperation(MigratorSetup setup, List<LocalMigration> files) {
        this.setup = setup;
        this.files = files;
        this.run = setup.newRun();
    }

    MigrationResult one(String name, boolean forced) {
        LocalMigration migration = versioned(name);
        return guarded(migration, locked -> {
                    Comparison comparison = setup.compare(files, locked.history());
                    Comparison.Entry entry = requireApplied(comparison, migration);
                    List<AppliedMigration> applied = locked.history().applied();
                    AppliedMigration newest = applied.get(applied.size() - 1);
                    if (!forced && !newest.equals(entry.row())) {
                        throw new MigrationException(
                                ErrorCode.NOT_NEWEST,
                                "Migration " + migration.id() + " is not the one applied last, which is "
                                        + newest.version() + "_" + newest.name() + ". Nothing was rolled back",
                                "Roll back in order with rollbackTo, or say that you mean it with rollbackForced.",
                                Place.of(migration.id()));
                    }
                    requireNothingPartialAbove(comparison, migration);
                    return rollBack(locked, comparison, List.of(entry));
                })
                .get(0);
    }

    List<MigrationResult> to(String target) {
        LocalMigration last = versioned(target);
        Version version = Objects.requireNonNull(last.version());
        return guarded(last, locked -> {
            Comparison comparison = setup.compare(files, locked.history());
            requireApplied(comparison, last);
            List<Comparison.Entry> above = new ArrayList<>();
            for (Comparison.Entry entry : comparison.entries()) {
                if (entry.row() != null && isAbove(entry.row(), version)) {
                    above.add(0, entry);
                }
            }
            requireNothingPartialAbove(comparison, last);
            if (above.isEmpty()) {
                log.info("Nothing to roll back: {} is the newest already", last.id());
            }
            return rollBack(locked, comparison, above);
        });
    }

    /** What a partial migration has committed may stand on what would be rolled back, and no ledger row tells of it. */
    private static void requireNothingPartialAbove(Comparison comparison, LocalMigration target) {
        Version version = Objects.requireNonNull(target.version());
        for (Comparison.Entry entry : comparison.entries()) {
            if (entry.halfApplied() && isAfter(entry, version)) {
                throw new MigrationException(
                        ErrorCode.PARTIALLY_APPLIED,
                        "Migration " + entry.id() + " is applied in part. Nothing was rolled back",
                        (entry.state() == MigrationState.IN_DOUBT && entry.file() != null
                                        ? UnfinishedSegment.decideHint(entry.id()) + " "
                                        : "")
                                + (entry.file() == null
                                        ? "Put its file back and finish it"
                                        : "Finish it first with applyAll()")
                                + "; or undo by hand what it has committed, then "
                                + Preflight.forgetHint(entry.id()) + ".",
                        Place.of(entry.id()));
            }
        }
    }

    private static boolean isAfter(Comparison.Entry entry, Version target) {
        LocalMigration file = entry.file();
        return file != null
                ? file.isAfter(target)
                : Version.parse(entry.id())
                        .map(version -> version.compareTo(target) > 0)
                        .orElse(true);
    }

    private LocalMigration versioned(String name) {
        LocalMigration migration = Names.find(name, files, setup.locations());
        if (migration.repeatable()) {
            throw new MigrationException(
                    ErrorCode.IRREVERSIBLE,
                    migration.id() + " is a repeatable migration and has no down part. Nothing was rolled back",
                    "Put its former text back; it runs again with the next applyAll().",
                    Place.of(migration.id()));
        }
        return migration;
    }

    private static boolean isAbove(AppliedMigration row, Version target) {
        return Version.parse(row.version())
                .map(version -> version.compareTo(target) > 0)
                .orElse(true);
    }

    private List<MigrationResult> guarded(
            LocalMigration target, MigratorSessions.Work<LockedSession, List<MigrationResult>> work) {
        return run.observed(RunListener.Operation.ROLLBACK, target.id(), () -> underLock(work));
    }

    private List<MigrationResult> underLock(MigratorSessions.Work<LockedSession, List<MigrationResult>> work) {
        try {
            return setup.sessions().locked(run.id(), locked -> {
                ServerFailures.requireWritable(locked.history());
                return work.on(locked);
            });
        } catch (ConfitureException e) {
            e.setCommitted(run.committed());
            throw e;
        }
    }

    private static Comparison.Entry requireApplied(Comparison comparison, LocalMigration migration) {
        return comparison
                .find(migration)
                .filter(entry -> entry.row() != null)
                .orElseThrow(() -> new MigrationNotAppliedException(
                        ErrorCode.NOT_APPLIED,
                        "Migration " + migration.id() + " is not applied. Nothing was rolled back",
                        null,
                        Place.of(migration.id())));
    }

    private List<MigrationResult> rollBack(LockedSession locked, Comparison comparison, List<Comparison.Entry> entries)
            throws SQLException {
        List<String> ids = entries.stream().map(Comparison.Entry::id).toList();
        try {
            List<MigrationExecution.Step> steps = steps(comparison, entries);
            setup.requireWithinScratch(steps, List.of());
            run.callBefore(Direction.DOWN, ids, locked);
            List<MigrationResult> results = new ArrayList<>(steps.size());
            for (MigrationExecution.Step step : steps) {
                MigrationResult result = new MigrationExecution(run, locked, step).execute();
                log.info(
                        "Rolled back {} in {} ms",
                        step.migration().id(),
                        result.duration().toMillis());
                results.add(result);
            }
            run.call(HookPoint.AFTER_RUN, Direction.DOWN, ids, locked.session(), null);
            return results;
        } catch (RuntimeException e) {
            run.call(HookPoint.ON_ERROR, Direction.DOWN, ids, locked.session(), e);
            throw e;
        }
    }

    /** Reads every script before any of them runs, and refuses all if one step cannot be taken back. */
    private static List<MigrationExecution.Step> steps(Comparison comparison, List<Comparison.Entry> entries) {
        List<String> irreversible = new ArrayList<>();
        List<MigrationExecution.Step> steps = new ArrayList<>();
        for (Comparison.Entry entry : entries) {
            LocalMigration file = entry.file();
            MigrationScript down = file == null ? null : file.down();
            if (file == null || down == null) {
                irreversible.add(entry.id());
                continue;
            }
            steps.add(new MigrationExecution.Step(
                    file,
                    down,
                    Direction.DOWN,
                    ScriptPlan.of(file.migration(), down, 1),
                    comparison.segments(file, Direction.DOWN),
                    Objects.requireNonNull(entry.row()).version()));
        }
        if (!irreversible.isEmpty()) {
            throw new MigrationException(
                    ErrorCode.IRREVERSIBLE,
                    "No down part exists for " + String.join(", ", irreversible) + ". Nothing was rolled back",
                    "Write {version}_{name}.down.sql (an empty one if there is nothing to undo), or go forward with a"
                            + " new migration.",
                    Place.of(irreversible.get(0)));
        }
        return steps;
    }
}
