package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.hook.HookContext.Direction;
import io.confiture.migrate.Repair.Decision;
import io.confiture.migrate.RepairReport.Step;
import io.confiture.migrate.RepairReport.What;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of {@code repair} or {@code planRepair}: both find the same steps, and only the first carries them out. */
final class RepairOperation {
    private static final Logger log = LoggerFactory.getLogger(RepairOperation.class);

    private final MigratorSetup setup;
    private final List<LocalMigration> files;
    private final Repair repair;
    private final Run run;

    RepairOperation(MigratorSetup setup, List<LocalMigration> files, Repair repair) {
        this.setup = setup;
        this.files = files;
        this.repair = repair;
        this.run = setup.newRun();
    }

    /**
     * What is decided, by the migrations' ids.
     *
     * @throws MigrationException if a decision names no migration
     */
    private Map<String, Decision> decisions(Comparison comparison) {
        Map<String, Decision> found = new LinkedHashMap<>();
        repair.decisions().forEach((name, decision) -> {
            String migration = comparison
                    .begun(name)
                    .map(Comparison.Entry::id)
                    .orElseGet(() -> Names.find(name, files, setup.locations()).id());
            Decision other = found.put(migration, decision);
            if (other != null && other != decision) {
                throw new MigrationException(
                        ErrorCode.NOT_IN_DOUBT,
                        "The repair decides about " + migration + " twice, once " + other + " and once " + decision
                                + ". Nothing was repaired",
                        "Decide once.",
                        Place.of(migration));
            }
        });
        return found;
    }

    /** A change of the record, as the report tells it and as the server is told. */
    private record Change(Step step, Audit.Row row, Work work) {}

    /** False if what is to be changed is not there any more, or the lock is lost. */
    @FunctionalInterface
    private interface Work {
        boolean on(LockedSession locked) throws SQLException;
    }

    /** A statement of which nobody can tell whether it took effect. */
    private record Doubt(LocalMigration migration, Progress.Entry segment) {}

    RepairReport plan() {
        return setup.sessions()
                .read(session -> report(session, History.read(session, setup.settings()), false, new ArrayList<>()));
    }

    RepairReport run() {
        return setup.sessions().locked(run.id(), locked -> {
            List<Change> changes = new ArrayList<>();
            RepairReport report = report(locked.session(), locked.history(), true, changes);
            if (!changes.isEmpty()) {
                ServerFailures.requireWritable(locked.history());
                carryOut(locked, changes);
                setup.tellLedgerChanged();
                log.info("{}", report);
            }
            return report;
        });
    }

    private void carryOut(LockedSession locked, List<Change> changes) throws SQLException {
        Progress table = new Progress(locked.ledger());
        locked.createProgressIfAbsent(table);
        Session session = locked.session();
        session.inTransaction(() -> {
            for (Change change : changes) {
                if (!change.work().on(locked)
                        || !new Audit(table)
                                .insert(session, locked.lock(), run.id(), Audit.Kind.REPAIR, change.row())) {
                    throw Run.lockLost(change.step().migration(), locked.lock());
                }
            }
            return true;
        });
    }

    private RepairReport report(Session session, History history, boolean executed, List<Change> changes)
            throws SQLException {
        Comparison comparison = setup.compare(files, history);
        List<Doubt> doubts = doubts(session, comparison);
        Map<String, Decision> decisions = decisions(comparison);
        decisions.forEach((migration, decision) -> requireOpen(migration, decision, comparison, doubts));
        List<Step> open = new ArrayList<>();
        for (Comparison.Entry entry : comparison.entries()) {
            Change checksum = checksum(entry);
            if (checksum != null) {
                addOrLeave(checksum, repair.checksums(), changes, open);
            }
            Change missing = missing(entry);
            if (missing != null) {
                addOrLeave(missing, repair.missing(), changes, open);
            }
            Decision decision = decisions.get(entry.id());
            if (decision == Decision.FORGET) {
                changes.add(forgotten(session, entry, comparison.segments(entry)));
                continue;
            }
            if (entry.begun() != null) {
                open.add(new Step(What.PARTIAL, entry.id(), null, entry.detail(), null));
            }
            for (Doubt doubt : doubts) {
                if (doubt.migration().equals(entry.file())) {
                    if (decision == null) {
                        open.add(step(doubt, null));
                    } else {
                        requireEnded(session, entry.id(), doubt.segment());
                        changes.add(decided(doubt, decision));
                    }
                }
            }
        }
        return new RepairReport(executed, changes.stream().map(Change::step).toList(), open);
    }

    private static void addOrLeave(Change change, boolean asked, List<Change> changes, List<Step> open) {
        if (asked) {
            changes.add(change);
        } else {
            open.add(change.step());
        }
    }

    private static @Nullable Change checksum(Comparison.Entry entry) {
        AppliedMigration row = entry.row();
        Checksum checksum = entry.file() == null ? null : entry.file().checksum();
        if (row == null
                || checksum == null
                || (entry.state() != MigrationState.CHANGED && entry.state() != MigrationState.APPLIED_UNVERIFIED)) {
            return null;
        }
        String before = row.checksum();
        String after = checksum.normalized();
        return new Change(
                new Step(What.CHECKSUM, entry.id(), null, before, after),
                new Audit.Row(row.version(), "realigned", "checksum was " + before + ", is " + after, after, null),
                locked -> locked.ledger().setChecksum(locked.session(), locked.lock(), row.version(), after));
    }

    private @Nullable Change missing(Comparison.Entry entry) {
        AppliedMigration row = entry.row();
        if (row == null || entry.state() != MigrationState.MISSING) {
            return null;
        }
        String before = "applied at " + row.appliedAt() + ", checksum " + row.checksum();
        return new Change(
                new Step(What.MISSING, entry.id(), null, before, null),
                new Audit.Row(
                        row.version(),
                        "cleared",
                        "removed " + row.version() + "_" + row.name() + ", slug " + row.slug() + ", " + before + ", "
                                + row.executionTimeMs() + " ms",
                        row.checksum(),
                        null),
                locked -> {
                    // An interrupted rollback of it would otherwise be taken for one of the next migration so named.
                    new Progress(locked.ledger()).deleteAll(locked.session(), segments(locked.history(), row));
                    return new Records(locked.session(), locked, run.id()).rolledBack(row.version());
                });
    }

    private static List<Long> segments(History history, AppliedMigration row) {
        return history.progress().stream()
                .filter(segment -> segment.version().equals(row.version()))
                .map(Progress.Entry::id)
                .toList();
    }

    /** Nothing else keeps a migration from being begun again. */
    private static Change forgotten(Session session, Comparison.Entry entry, List<Progress.Entry> segments)
            throws SQLException {
        for (Progress.Entry segment : segments) {
            requireEnded(session, entry.id(), segment);
        }
        boolean up = segments.get(0).direction() == Direction.UP;
        String before = "begun up to statement "
                + segments.get(segments.size() - 1).toStatement() + " of its " + (up ? "up" : "down") + " part";
        String after = up ? "forgotten; it counts as not begun" : "forgotten; its rollback counts as not begun";
        return new Change(
                new Step(What.PARTIAL, entry.id(), null, before, after),
                new Audit.Row(segments.get(0).version(), Decision.FORGET.toString(), "was " + before, null, null),
                locked -> {
                    new Progress(locked.ledger())
                            .deleteAll(
                                    locked.session(),
                                    segments.stream().map(Progress.Entry::id).toList());
                    return true;
                });
    }

    private static Change decided(Doubt doubt, Decision decision) {
        Progress.Entry segment = doubt.segment();
        Step step = step(doubt, decision);
        return new Change(
                step,
                new Audit.Row(
                        segment.version(),
                        decision.toString(),
                        "was " + step.before() + "; is " + step.after(),
                        segment.checksum(),
                        segment),
                locked -> {
                    Progress progress = new Progress(locked.ledger());
                    if (decision == Decision.DONE) {
                        progress.finish(locked.session(), segment.id(), Progress.State.DONE);
                    } else {
                        progress.delete(locked.session(), segment.id());
                    }
                    return true;
                });
    }

    private static Step step(Doubt doubt, @Nullable Decision decision) {
        Progress.Entry segment = doubt.segment();
        String script = segment.direction() == Direction.UP ? "up" : "down";
        return new Step(
                What.IN_DOUBT,
                doubt.migration().id(),
                segment.fromStatement(),
                "statement " + segment.fromStatement() + " of its " + script + " part, "
                        + UnfinishedSegment.excerpt(segment) + ", in doubt",
                decision == null
                        ? null
                        : decision == Decision.DONE
                                ? "done; the next run goes on after it"
                                : "not done; the next run begins with it");
    }

    private static List<Doubt> doubts(Session session, Comparison comparison) throws SQLException {
        Recovery recovery = new Recovery(session);
        List<Doubt> doubts = new ArrayList<>();
        for (LocalMigration file : comparison.files()) {
            for (Direction direction : Direction.values()) {
                for (Progress.Entry segment : comparison.segments(file, direction)) {
                    if (recovery.inDoubt(segment)) {
                        doubts.add(new Doubt(file, segment));
                    }
                }
            }
        }
        return doubts;
    }

    private static void requireOpen(String migration, Decision decision, Comparison comparison, List<Doubt> doubts) {
        Comparison.Entry entry = comparison.entries().stream()
                .filter(candidate -> candidate.id().equals(migration))
                .findFirst()
                .orElse(null);
        boolean open = decision == Decision.FORGET
                ? entry != null && !comparison.segments(entry).isEmpty()
                : doubts.stream().anyMatch(doubt -> doubt.migration().id().equals(migration));
        if (!open) {
            Stream<String> others =
                    doubts.stream().map(doubt -> doubt.migration().id()).distinct();
            throw new MigrationException(
                    ErrorCode.NOT_IN_DOUBT,
                    "There is nothing to " + (decision == Decision.FORGET ? "forget" : "decide") + " about migration "
                            + migration + ": it is " + (entry == null ? "unknown" : entry.state())
                            + (entry != null && entry.begun() != null ? ", and its file is gone" : "")
                            + ". Nothing was repaired",
                    entry != null && entry.begun() != null
                            ? "Undo by hand what it has committed, then decide FORGET."
                            : doubts.isEmpty()
                                    ? "No migration is in doubt."
                                    : "In doubt: " + others.collect(Collectors.joining(", ")) + ".",
                    Place.of(migration));
        }
    }

    /** Nobody can say how a statement ended that a server process is still at. */
    private static void requireEnded(Session session, String migration, Progress.Entry segment) throws SQLException {
        Recovery recovery = new Recovery(session);
        if (recovery.isRunElsewhere(segment)) {
            throw UnfinishedSegment.stillRunning(session, recovery, migration, segment, Duration.ZERO);
        }
    }
}
