package io.confiture.build;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of one seed file.
 *
 * @param file the file as the user knows it
 * @param outcome what the database has of it now
 * @param statements how many of its statements were run, those that were undone included
 * @param rows how many rows they have added, changed or deleted, as the server counts
 * @param copiedRows how many of these rows stood in INSERTs and went through COPY
 * @param duration how long it took
 * @param failure why it failed; null unless it did
 * @since 0.1.0
 */
public record SeedFileResult(
        String file,
        Outcome outcome,
        long statements,
        long rows,
        long copiedRows,
        Duration duration,
        @Nullable SeedFailure failure) {

    /** What the database has of a file. */
    public enum Outcome {
        /** All of it, committed by this call. */
        LOADED,
        /** All of it from an earlier call, which says so in the record of loaded seeds; nothing was run. */
        ALREADY_LOADED,
        /** Nothing: it failed and is rolled back. */
        FAILED,
        /** Nothing: it was run and is rolled back with the transaction that another file has failed in. */
        ROLLED_BACK,
        /** Nothing: another file had failed before. */
        NOT_RUN
    }

    /** File, outcome and numbers, and the failure if there is one. */
    @Override
    public String toString() {
        return file + ": " + outcome
                + (statements == 0 ? "" : ", " + statements + " statements, " + rows + " rows")
                + (failure == null ? "" : ": " + failure);
    }
}
