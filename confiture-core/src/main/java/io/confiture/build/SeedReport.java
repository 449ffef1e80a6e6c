package io.confiture.build;

import java.time.Duration;
import java.util.List;

/**
 * What loading seeds has done, file by file in the order of loading.
 *
 * @param files one for each file that was selected
 * @param duration of the whole
 * @since 0.1.0
 */
public record SeedReport(List<SeedFileResult> files, Duration duration) {

    public SeedReport {
        files = List.copyOf(files);
    }

    /** Whether the database has every file now. */
    public boolean complete() {
        return files.stream()
                .allMatch(file -> file.outcome() == SeedFileResult.Outcome.LOADED
                        || file.outcome() == SeedFileResult.Outcome.ALREADY_LOADED);
    }

    /** Files that failed, in order. */
    public List<SeedFileResult> failed() {
        return files.stream()
                .filter(file -> file.outcome() == SeedFileResult.Outcome.FAILED)
                .toList();
    }

    /** Rows that are committed by this call. */
    public long rows() {
        return files.stream()
                .filter(file -> file.outcome() == SeedFileResult.Outcome.LOADED)
                .mapToLong(SeedFileResult::rows)
                .sum();
    }

    /** A line for each file. */
    @Override
    public String toString() {
        return String.join(
                System.lineSeparator(),
                files.stream().map(SeedFileResult::toString).toList());
    }
}
