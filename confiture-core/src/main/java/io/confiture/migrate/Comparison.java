package io.confiture.migrate;

import io.confiture.hook.HookContext.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files against ledger: the state of every migration that either of them knows. Made of data only, so that the same
 * comparison serves status, plan, validation and runs.
 *
 * @param files in order of version
 * @param entries in order of version; those of the ledger whose version is no number come last
 */
record Comparison(List<SqlMigration> files, History history, List<Entry> entries) {

    /** A migration with its file, its row, or both. */
    record Entry(
            @Nullable SqlMigration file,
            @Nullable AppliedMigration row,
            MigrationState state,
            @Nullable String detail) {

        String id() {
            if (file != null) {
                return file.id();
            }
            return row == null ? "" : row.version() + "_" + row.name();
        }

        MigrationInfo info() {
            return new MigrationInfo(
                    file != null ? file.version() : row == null ? "" : row.version(),
                    file != null ? file.name() : row == null ? "" : row.name(),
                    state,
                    file == null ? null : file.file(),
                    file != null && file.reversible(),
                    row == null ? null : row.appliedAt(),
                    row == null ? null : row.executionTimeMs(),
                    detail);
        }
    }

    /**
     * Compares. Reads the file of every applied migration for its checksum.
     *
     * @param files in order of version
     */
    static Comparison of(List<SqlMigration> files, History history) {
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
        Version newestLocal =
                files.isEmpty() ? null : files.get(files.size() - 1).parsedVersion();
        TreeMap<Version, Entry> entries = new TreeMap<>();
        for (SqlMigration file : files) {
            AppliedMigration row = rows.remove(file.parsedVersion());
            entries.put(
                    file.parsedVersion(),
                    row == null ? notApplied(file, history, newestApplied) : applied(file, row, history));
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
        List<Entry> all = new ArrayList<>(entries.values());
        all.addAll(unnumbered);
        return new Comparison(files, history, List.copyOf(all));
    }

    private static Entry applied(SqlMigration file, AppliedMigration row, History history) {
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
        Checksum checksum = file.up().checksum();
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

    private static Entry notApplied(SqlMigration file, History history, @Nullable Version newestApplied) {
        List<Progress.Entry> segments = segments(history, file, Direction.UP);
        if (!segments.isEmpty()) {
            String doubt = doubt(segments);
            if (doubt != null) {
                return new Entry(file, null, MigrationState.IN_DOUBT, doubt);
            }
            long done = segments.stream()
                    .filter(segment -> segment.state() == Progress.State.DONE)
                    .count();
            return new Entry(file, null, MigrationState.PARTIAL, done + " of its segments are committed");
        }
        if (newestApplied != null && file.parsedVersion().compareTo(newestApplied) < 0) {
            return new Entry(file, null, MigrationState.OUT_OF_ORDER, "not applied, and a newer one is");
        }
        return new Entry(file, null, MigrationState.PENDING, null);
    }

    private static @Nullable String doubt(List<Progress.Entry> segments) {
        for (Progress.Entry segment : segments) {
            if (Recovery.undecidable(segment)) {
                return "nobody can tell whether statement " + segment.fromStatement() + " took effect";
            }
        }
        return null;
    }

    private static List<Progress.Entry> segments(History history, SqlMigration file, Direction direction) {
        if (history.progress().isEmpty()) {
            return List.of();
        }
        return history.progress().stream()
                .filter(entry -> entry.direction() == direction
                        && Version.parse(entry.version())
                                .filter(file.parsedVersion()::equals)
                                .isPresent())
                .toList();
    }

    /** The segments of this migration that were begun. */
    List<Progress.Entry> segments(SqlMigration file, Direction direction) {
        return segments(history, file, direction);
    }

    /** Those with a file that are not in the ledger, in order. */
    List<Entry> notApplied() {
        return entries.stream().filter(entry -> !isApplied(entry)).toList();
    }

    private static boolean isApplied(Entry entry) {
        return entry.row() != null;
    }

    /** What the ledger has of this migration, if anything. */
    Optional<Entry> find(SqlMigration file) {
        return entries.stream().filter(entry -> entry.file() == file).findFirst();
    }

    List<Entry> in(MigrationState state) {
        return entries.stream().filter(entry -> entry.state() == state).toList();
    }

    MigrationStatus status() {
        List<Migration> pending = new ArrayList<>();
        for (Entry entry : notApplied()) {
            if (entry.file() != null) {
                pending.add(entry.file());
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
