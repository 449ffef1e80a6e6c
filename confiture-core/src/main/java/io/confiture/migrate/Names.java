package io.confiture.migrate;

import io.confiture.error.EditDistance;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the migration that a caller means by a name. */
final class Names {
    private Names() {}

    /**
     * Takes {@code 001}, {@code 1}, {@code 001_create_users} or {@code R__views}.
     *
     * @throws MigrationException if there is none, naming the nearest
     */
    static LocalMigration find(String name, List<LocalMigration> files, String locations) {
        Optional<Version> version = Version.parse(name);
        int underscore = name.indexOf('_');
        Optional<Version> prefix = underscore < 0 ? Optional.empty() : Version.parse(name.substring(0, underscore));
        for (LocalMigration file : files) {
            Version own = file.version();
            if (own == null || file.baseline() ? name.equals(file.id()) : own.equals(version.orElse(null))) {
                return file;
            }
            if (own != null
                    && !file.baseline()
                    && own.equals(prefix.orElse(null))
                    && file.migration().name().equals(name.substring(underscore + 1))) {
                return file;
            }
        }
        // Of a version without another file.
        for (LocalMigration file : files) {
            if (file.baseline() && Objects.equals(file.version(), version.orElse(null))) {
                return file;
            }
        }
        String nearest = nearest(name, files);
        throw new MigrationException(
                ErrorCode.MIGRATION_UNKNOWN,
                "There is no migration " + name + " in " + locations + "; nothing was done",
                nearest == null ? "No migration was found there at all." : "Did you mean " + nearest + "?",
                MigrationException.Place.of(name));
    }

    /**
     * The version that a caller means as a target.
     *
     * @throws MigrationException if there is no such migration, or it has no version
     */
    static Version version(String name, List<LocalMigration> files, String locations) {
        LocalMigration found = find(name, files, locations);
        Version version = found.version();
        if (version == null) {
            throw new MigrationException(
                    ErrorCode.MIGRATION_UNKNOWN,
                    found.id() + " is a repeatable migration, which is no target; nothing was done",
                    "Name the last versioned migration that is wanted.",
                    MigrationException.Place.of(name));
        }
        return version;
    }

    private static @Nullable String nearest(String name, List<LocalMigration> files) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (LocalMigration file : files) {
            int distance = Math.min(
                    EditDistance.between(name, file.id()),
                    EditDistance.between(name, file.migration().name()));
            if (distance < bestDistance) {
                bestDistance = distance;
                best = file.id();
            }
        }
        return best;
    }
}
