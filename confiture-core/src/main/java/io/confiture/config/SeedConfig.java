package io.confiture.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where seed data is and how it is loaded.
 *
 * @param dirs folders, in order; their own {@code *.sql} files by name
 * @param executionMode all files as one, or file by file
 * @param continueOnError whether a file that fails is reported and passed over; sequential mode only
 * @param transactionMode what a file that fails takes with it; sequential mode only
 * @param profiles named selections of files
 * @param profile the profile that is used; null for all files
 * @since 0.1.0
 */
public record SeedConfig(
        List<String> dirs,
        ExecutionMode executionMode,
        boolean continueOnError,
        TransactionMode transactionMode,
        Map<String, Profile> profiles,
        @Nullable String profile) {

    public SeedConfig {
        dirs = List.copyOf(dirs);
        profiles = Map.copyOf(profiles);
    }

    /** Whether files are run as one script or each for itself. */
    public enum ExecutionMode {
        CONCATENATE,
        SEQUENTIAL
    }

    /** What surrounds each file. */
    public enum TransactionMode {
        /** One transaction, with a savepoint for each file. */
        SAVEPOINT,
        /** Each file in a transaction of its own. */
        TRANSACTION
    }

    /** Globs of the files that are taken, relative to the seed directories' parent, and of those that are left out. */
    public record Profile(List<String> include, List<String> exclude) {
        public Profile {
            include = List.copyOf(include);
            exclude = List.copyOf(exclude);
        }
    }
}
