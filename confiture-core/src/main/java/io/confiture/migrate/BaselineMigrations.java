package io.confiture.migrate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which baseline migration counts here, if any: where nothing is applied the newest; where one was applied, that one. The
 * others, and the migrations that it stands for, are never run.
 *
 * @param files without those that do not count, so that each version stands once
 * @param upTo the version up to which migrations need not be applied; null if no baseline migration counts
 * @param id of the one that counts; empty if none does
 */
record BaselineMigrations(
        List<LocalMigration> files, @Nullable Version upTo, String id) {

    static BaselineMigrations of(List<LocalMigration> files, History history, Labels labels) {
        Optional<AppliedMigration> applied = history.applied().stream()
                .filter(Ledger::isBaselineMigration)
                .max(Comparator.comparing(row -> Version.parse(row.version()).orElseThrow()));
        if (applied.isPresent()) {
            AppliedMigration row = applied.get();
            Version version = Version.parse(row.version()).orElseThrow();
            return chosen(files, version, "B" + row.version() + "__" + row.name());
        }
        if (files.stream().noneMatch(LocalMigration::baseline)) {
            return new BaselineMigrations(files, null, "");
        }
        return newest(files, history, labels)
                .map(file -> chosen(files, file.migration().version(), file.id()))
                .orElseGet(() -> new BaselineMigrations(without(files, null), null, ""));
    }

    private static BaselineMigrations chosen(List<LocalMigration> files, String version, String id) {
        return chosen(files, Version.parse(version).orElseThrow(), id);
    }

    private static BaselineMigrations chosen(List<LocalMigration> files, Version version, String id) {
        return new BaselineMigrations(without(files, version), version, id);
    }

    /** Without the baseline migrations but that of this version, for which nothing else stands then. */
    private static List<LocalMigration> without(List<LocalMigration> files, @Nullable Version version) {
        return files.stream()
                .filter(file -> file.baseline() == (version != null && version.equals(file.version())))
                .toList();
    }

    /** The one to apply: only where nothing was ever run, unless a run of itself was interrupted. */
    private static Optional<LocalMigration> newest(List<LocalMigration> files, History history, Labels labels) {
        if (!history.applied().isEmpty() || !history.marks().isEmpty()) {
            return Optional.empty();
        }
        List<LocalMigration> candidates = new ArrayList<>(files.stream()
                .filter(file -> file.baseline() && labels.select(file))
                .toList());
        for (Progress.Entry segment : history.progress()) {
            candidates.removeIf(file -> !file.isMeantBy(segment.version()));
        }
        return candidates.isEmpty() ? Optional.empty() : Optional.of(candidates.get(candidates.size() - 1));
    }

    /** Without the baseline migrations above a target. */
    static List<LocalMigration> upTo(List<LocalMigration> files, @Nullable Version target) {
        return target == null
                ? files
                : files.stream()
                        .filter(file -> !file.baseline() || !file.isAfter(target))
                        .toList();
    }

    /** Without the baseline migrations, but for this one. */
    static List<LocalMigration> only(List<LocalMigration> files, LocalMigration only) {
        return files.stream()
                .filter(file -> !file.baseline() || file.equals(only))
                .toList();
    }

    /** Whether it stands for a migration that is not applied. */
    boolean standsFor(LocalMigration file) {
        return upTo != null && !file.baseline() && !file.isAfter(upTo);
    }
}
