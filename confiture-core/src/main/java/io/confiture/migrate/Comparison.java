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
     * @param begun how the table of progress calls a migration that has neither file nor row; null for any other
     */
    record Entry(
            @Nullable LocalMigration file,
            @Nullable AppliedMigration row,
            @Nullable RunMark lastRun,
            @Nullable String begun,
            MigrationState state,
            @Nullable String detail) {

        Entry(
                @Nullable LocalMigration file,
                @Nullable AppliedMigration row,
                MigrationState state,
                @Nullable String detail) {
            this(file, row, null, null, state, detail);
        }

        static Entry ofRepeatable(
                @Nullable LocalMigration file, RunMark lastRun, MigrationState state, @Nullable String detail) {
            return new Entry(file, null, lastRun, null, state, detail);
        }

        String id() {
            if (file != null) {
                return file.id();
            }
            return row != null
                    ? row.version() + "_" + row.name()
                    : String.valueOf(lastRun != null ? lastRun.version() : begun);
        }

        /** Whether a run would apply it. */
        boolean toApply() {
            return switch (state) {
                case PENDING, OUT_OF_ORDER -> true;
                case PARTIAL, IN_DOUBT -> row == null && file != null;
                default -> false;
            };
        }

        /** Whether part of it is committed, or may be, and the ledger does not have it. */
        boolean halfApplied() {
            return row == null
                    && (begun != null || state == MigrationState.PARTIAL || state == MigrationState.IN_DOUBT);
        }

        boolean repeatable() {
            return file != null && file.repeatable();
        }

        MigrationInfo info() {
            Migration migration = file == null ? null : file.migration();
            boolean numbered = begun != null && Version.parse(begun).isPresent();
            return new MigrationInfo(
                    migration != null ? migration.version() : row != null ? row.version() : numbered ? id() : "R",
                    migration != null
                            ? migration.name()
                            : row != null ? row.name() : numbered ? "unknown" : id().replaceFirst("^R__", ""),
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
                            (future ? "applied by a newer build than this one" : "applied, and its file is gone")
                                    + (rollbackBegun(orphan.getValue(), history)
                                            ? "; its rollback was not finished"
                                            : "")));
        }
        List<Entry> ordered = new ArrayList<>(entries.values());
        ordered.addAll(repeatables(files, history, labels, baselines));
        ordered.addAll(unnumbered);
        addBegunWithoutFile(all, history, newestLocal, ordered);
        return new Comparison(files, history, List.copyOf(ordered));
    }

    /** What was begun and not finished, and neither files nor ledger know. */
    private static void addBegunWithoutFile(
            List<LocalMigration> all, History history, @Nullable Version newestLocal, List<Entry> entries) {
        Map<String, List<Progress.Entry>> begun = new LinkedHashMap<>();
        for (Progress.Entry segment : history.progress()) {
            String version = segment.version();
            if (all.stream().noneMatch(file -> file.isMeantBy(version))
                    && history.applied().stream().noneMatch(row -> isVersion(row.version(), version))) {
                begun.computeIfAbsent(version, key -> new ArrayList<>()).add(segment);
            }
        }
        begun.forEach((key, segments) -> {
            Version version = Version.parse(key).orElse(null);
            boolean repeatable = key.startsWith("R__");
            // A newer build may be at it right now, and the instances of this one have to go on meanwhile.
            boolean future =
                    repeatable || (version != null && (newestLocal == null || version.compareTo(newestLocal) > 0));
            String detail = begun(segments) + ", and its file is not here";
            MigrationState state = future
                    ? MigrationState.FUTURE
                    : doubt(segments) == null ? MigrationState.PARTIAL : MigrationState.IN_DOUBT;
            entries.add(new Entry(null, null, null, key, state, detail));
        });
    }

    private static String begun(List<Progress.Entry> segments) {
        String doubt = doubt(segments);
        if (doubt != null) {
            return doubt;
        }
        long done = segments.stream()
                .filter(segment -> segment.state() == Progress.State.DONE)
                .count();
        return done + " of its segments are committed";
    }

    private static boolean rollbackBegun(AppliedMigration row, History history) {
        return history.progress().stream().anyMatch(segment -> isVersion(row.version(), segment.version()));
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
                        Entry.ofRepeatable(null, orphan, MigrationState.FUTURE, "was run, and its file is not here")));
        return entries;
    }

    private static Entry run(LocalMigration file, RunMark lastRun, History history, Labels labels) {
        Entry unfinished = unfinished(file, history);
        if (unfinished != null) {
            // Also where its text is that of the last run again: what is committed since is another's.
            return Entry.ofRepeatable(file, lastRun, unfinished.state(), unfinished.detail());
        }
        Checksum checksum = file.checksum();
        if (checksum != null && lastRun.checksum() != null && checksum.matches(lastRun.checksum())) {
            return Entry.ofRepeatable(file, lastRun, MigrationState.APPLIED, null);
        }
        return labels.select(file)
                ? Entry.ofRepeatable(
                        file, lastRun, MigrationState.PENDING, "its text has changed since it was run last")
                : Entry.ofRepeatable(file, lastRun, MigrationState.IGNORED, labels.whyNot(file));
    }

    private static Entry applied(LocalMigration file, AppliedMigration row, History history) {
        List<Progress.Entry> undone = segments(history, file, Direction.DOWN);
        if (!undone.isEmpty()) {
            String doubt = doubt(undone);
            return doubt == null
                    ? new Entry(file, row, MigrationState.PARTIAL, "its rollback was not finished")
                    : new Entry(file, row, MigrationState.IN_DOUBT, doubt + " in its rollback");
        }
        String recorded = recorded(row, history);
        String baseline = recorded == null ? "" : recorded + "; ";
        String stored = row.checksum();
        if (stored == null || stored.isBlank()) {
            return new Entry(
                    file,
                    row,
                    MigrationState.APPLIED_UNVERIFIED,
                    baseline + "the ledger has no checksum, so it was not compared");
        }
        Checksum checksum = file.checksum();
        if (checksum == null) {
            return new Entry(
                    file,
                    row,
                    MigrationState.APPLIED_UNVERIFIED,
                    baseline + "it declares no checksum, so it was not compared");
        }
        if (checksum.matches(stored.strip())) {
            return new Entry(file, row, recorded == null ? MigrationState.APPLIED : MigrationState.BASELINE, recorded);
        }
        return new Entry(
                file,
                row,
                MigrationState.CHANGED,
                "applied with checksum " + brief(stored) + ", " + file.file() + " now has "
                        + brief(checksum.normalized()));
    }

    private static @Nullable String recorded(AppliedMigration row, History history) {
        SchemaOrigin origin = Ledger.isBuilt(row) ? history.origin() : null;
        return origin != null
                ? "recorded, not run: the database was " + origin
                : Ledger.isBaseline(row) ? "recorded by a baseline, not run" : null;
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
        return new Entry(
                file,
                null,
                doubt(segments) == null ? MigrationState.PARTIAL : MigrationState.IN_DOUBT,
                begun(segments));
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

    /** The segments that were begun of a migration with or without file. */
    List<Progress.Entry> segments(Entry entry) {
        LocalMigration file = entry.file();
        return history.progress().stream()
                .filter(segment ->
                        file == null ? segment.version().equals(entry.begun()) : file.isMeantBy(segment.version()))
                .toList();
    }

    /** What a run would apply, in order. */
    List<Entry> toApply() {
        return entries.stream().filter(Entry::toApply).toList();
    }

    /** What was begun and has no file, by its version, with or without a name behind it that nobody knows any more. */
    Optional<Entry> begun(String name) {
        String version = name.replaceFirst("_.*", "");
        return entries.stream()
                .filter(entry -> entry.begun() != null)
                .filter(entry -> entry.id().equals(name) || isVersion(version, entry.id()))
                .findFirst();
    }

    private static boolean isVersion(String spelt, String version) {
        return spelt.equals(version)
                || (Version.parse(spelt).isPresent() && Version.parse(spelt).equals(Version.parse(version)));
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
                entries.stream().map(Entry::info).toList(),
                history.origin());
    }
}
