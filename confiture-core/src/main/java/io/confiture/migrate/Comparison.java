package io.confiture.migrate;

import io.confiture.hook.HookContext.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files against ledger: the state of every migration that either of them knows. Made of data only, so that the same
 * comparison serves status, plan, validation and runs.
 *
 * @param files in order of version, the repeatable ones last
 * @param entries in order of version; then the repeatable ones; those of the ledger whose version is no number come last
 */
record Comparison(List<LocalMigration> files, History history, List<Entry> entries) {

    /**
     * A migration with its file, its row, or both.
     *
     * @param row null for a repeatable migration: the ledger holds versioned ones only
     * @param lastRun of a repeatable migration; null if it was never run
     */
    record Entry(
            @Nullable LocalMigration file,
            @Nullable AppliedMigration row,
            @Nullable RunMark lastRun,
            MigrationState state,
            @Nullable String detail) {

        Entry(
                @Nullable LocalMigration file,
                @Nullable AppliedMigration row,
                MigrationState state,
                @Nullable String detail) {
            this(file, row, null, state, detail);
        }

        String id() {
            if (file != null) {
                return file.id();
            }
            return row != null ? row.version() + "_" + row.name() : lastRun != null ? lastRun.version() : "";
        }

        /** Whether a run would apply it. */
        boolean toApply() {
            return switch (state) {
                case PENDING, OUT_OF_ORDER -> true;
                case PARTIAL, IN_DOUBT -> row == null;
                default -> false;
            };
        }

        boolean repeatable() {
            return file != null && file.repeatable();
        }

        MigrationInfo info() {
            Migration migration = file == null ? null : file.migration();
            return new MigrationInfo(
                    migration != null ? migration.version() : row != null ? row.version() : "R",
                    migration != null ? migration.name() : row != null ? row.name() : id().replaceFirst("^R__", ""),
                    state,
                    file == null ? null : file.file(),
                    migration != null && migration.reversible(),
                    row != null ? row.appliedAt() : lastRun != null ? lastRun.at() : null,
                    row == null ? null : row.executionTimeMs(),
                    detail);
        }
    }

    /**
     * Compares. Reads the file of every applied migration for its checksum, and the head of every other for its labels.
     *
     * @param all in order of version, the repeatable ones last
     */
    static Comparison of(List<LocalMigration> all, History history, Labels labels) {
        BaselineMigrations baselines = BaselineMigrations.of(all, history, labels);
        List<LocalMigration> files = baselines.files();
        Map<Version, AppliedMigration> rows = new HashMap<>();
        List<Entry> unnumbered = new ArrayList<>();
        Version newestApplied = null;
        for (AppliedMigration row : history.applied()) {
            Optional<Version> version = Version.parse(row.version());
            if (version.isEmpty()) {
                unnumbered.add(new Entry(null, row, MigrationState.MISSING, "its version is not a number"));
                continue;
            }
            AppliedMigration twin = rows.put(version.get(), row);
            if (twin != null) {
                unnumbered.add(new Entry(null, twin, MigrationState.MISSING, "the ledger has its version twice"));
            }
            if (newestApplied == null || version.get().compareTo(newestApplied) > 0) {
                newestApplied = version.get();
            }
        }
        Version newestLocal = null;
        TreeMap<Version, Entry> entries = new TreeMap<>();
        for (LocalMigration file : files) {
            Version version = file.version();
            if (version != null) {
                AppliedMigration row = rows.remove(version);
                entries.put(
                        version,
                        row == null
                                ? notApplied(file, history, newestApplied, labels, baselines)
                                : applied(file, row, history));
                newestLocal = version;
            }
        }
        for (Map.Entry<Version, AppliedMigration> orphan : rows.entrySet()) {
            boolean future = newestLocal == null || orphan.getKey().compareTo(newestLocal) > 0;
            entries.put(
                    orphan.getKey(),
                    new Entry(
                            null,
                            orphan.getValue(),
                            future ? MigrationState.FUTURE : MigrationState.MISSING,
                            future ? "applied by a newer build than this one" : "applied, and its file is gone"));
        }
        List<Entry> ordered = new ArrayList<>(entries.values());
        ordered.addAll(repeatables(files, history, labels, baselines));
        ordered.addAll(unnumbered);
        return new Comparison(files, history, List.copyOf(ordered));
    }

    private static List<Entry> repeatables(
            List<LocalMigration> files, History history, Labels labels, BaselineMigrations baselines) {
        Map<String, RunMark> lastRuns = new LinkedHashMap<>();
        for (RunMark mark : history.marks()) {
            if (mark.kind() == RunMark.Kind.REPEATABLE) {
                lastRuns.put(mark.version(), mark);
            }
        }
        List<Entry> entries = new ArrayList<>();
        for (LocalMigration file : files) {
            if (file.repeatable()) {
                RunMark lastRun = lastRuns.remove(file.key());
                entries.add(
                        lastRun == null
                                ? notApplied(file, history, null, labels, baselines)
                                : run(file, lastRun, history, labels));
            }
        }
        // Deleted, or known to a newer build only: nobody can tell, and neither keeps this build from running.
        lastRuns.values()
                .forEach(orphan -> entries.add(
                        new Entry(null, null, orphan, MigrationState.FUTURE, "was run, and its file is not here")));
        return entries;
    }

    private static Entry run(LocalMigration file, RunMark lastRun, History history, Labels labels) {
        Entry unfinished = unfinished(file, history);
        if (unfinished != null) {
            // Also where its text is that of the last run again: what is committed since is another's.
            return new Entry(file, null, lastRun, unfinished.state(), unfinished.detail());
        }
        Checksum checksum = file.checksum();
        if (checksum != null && lastRun.checksum() != null && checksum.matches(lastRun.checksum())) {
            return new Entry(file, null, lastRun, MigrationState.APPLIED, null);
        }
        return labels.select(file)
                ? new Entry(file, null, lastRun, MigrationState.PENDING, "its text has changed since it was run last")
                : new Entry(file, null, lastRun, MigrationState.IGNORED, labels.whyNot(file));
    }

    private static Entry applied(LocalMigration file, AppliedMigration row, History history) {
        List<Progress.Entry> undone = segments(history, file, Direction.DOWN);
        if (!undone.isEmpty()) {
            String doubt = doubt(undone);
            return doubt == null
                    ? new Entry(file, row, MigrationState.PARTIAL, "its rollback was not finished")
                    : new Entry(file, row, MigrationState.IN_DOUBT, doubt + " in its rollback");
        }
        String stored = row.checksum();
        if (stored == null || stored.isBlank()) {
            return new Entry(
                    file, row, MigrationState.APPLIED_UNVERIFIED, "the ledger has no checksum, so it was not compared");
        }
        Checksum checksum = file.checksum();
        if (checksum == null) {
            return new Entry(
                    file, row, MigrationState.APPLIED_UNVERIFIED, "it declares no checksum, so it was not compared");
        }
        if (checksum.matches(stored.strip())) {
            return Ledger.isBaseline(row)
                    ? new Entry(file, row, MigrationState.BASELINE, "recorded by a baseline, not run")
                    : new Entry(file, row, MigrationState.APPLIED, null);
        }
        return new Entry(
                file,
                row,
                MigrationState.CHANGED,
                "applied with checksum " + brief(stored) + ", " + file.file() + " now has "
                        + brief(checksum.normalized()));
    }

    private static String brief(String checksum) {
        return checksum.length() > 12 ? checksum.substring(0, 12) + "…" : checksum;
    }

    private static Entry notApplied(
            LocalMigration file,
            History history,
            @Nullable Version newestApplied,
            Labels labels,
            BaselineMigrations baselines) {
        Entry unfinished = unfinished(file, history);
        if (unfinished != null) {
            return unfinished;
        }
        if (!labels.select(file)) {
            return new Entry(file, null, MigrationState.IGNORED, labels.whyNot(file));
        }
        if (baselines.standsFor(file)) {
            return new Entry(file, null, MigrationState.IGNORED, baselines.id() + " stands for it");
        }
        Version version = file.version();
        if (newestApplied != null && version != null && version.compareTo(newestApplied) < 0) {
            return new Entry(file, null, MigrationState.OUT_OF_ORDER, "not applied, and a newer one is");
        }
        return new Entry(file, null, MigrationState.PENDING, null);
    }

    private static @Nullable Entry unfinished(LocalMigration file, History history) {
        List<Progress.Entry> segments = segments(history, file, Direction.UP);
        if (segments.isEmpty()) {
            return null;
        }
        String doubt = doubt(segments);
        if (doubt != null) {
            return new Entry(file, null, MigrationState.IN_DOUBT, doubt);
        }
        long done = segments.stream()
                .filter(segment -> segment.state() == Progress.State.DONE)
                .count();
        return new Entry(file, null, MigrationState.PARTIAL, done + " of its segments are committed");
    }

    private static @Nullable String doubt(List<Progress.Entry> segments) {
        for (Progress.Entry segment : segments) {
            if (Recovery.undecidable(segment)) {
                return "nobody can tell whether statement " + segment.fromStatement() + " took effect";
            }
        }
        return null;
    }

    private static List<Progress.Entry> segments(History history, LocalMigration file, Direction direction) {
        if (history.progress().isEmpty()) {
            return List.of();
        }
        return history.progress().stream()
                .filter(entry -> entry.direction() == direction && file.isMeantBy(entry.version()))
                .toList();
    }

    /** The segments of this migration that were begun. */
    List<Progress.Entry> segments(LocalMigration file, Direction direction) {
        return segments(history, file, direction);
    }

    /** What a run would apply, in order. */
    List<Entry> toApply() {
        return entries.stream().filter(Entry::toApply).toList();
    }

    /** What the ledger has of this migration, if anything. */
    Optional<Entry> find(LocalMigration file) {
        return entries.stream().filter(entry -> file.equals(entry.file())).findFirst();
    }

    List<Entry> in(MigrationState state) {
        return entries.stream().filter(entry -> entry.state() == state).toList();
    }

    MigrationStatus status() {
        List<Migration> pending = new ArrayList<>();
        for (Entry entry : toApply()) {
            if (entry.file() != null) {
                pending.add(entry.file().migration());
            }
        }
        return new MigrationStatus(
                history.ledger().displayName(),
                history.ledgerExists(),
                history.applied(),
                pending,
                entries.stream().map(Entry::info).toList());
    }
}
