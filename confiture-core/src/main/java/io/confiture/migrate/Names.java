package io.confiture.migrate;

import io.confiture.error.EditDistance;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the migration that a caller means by a name. */
final class Names {
    private Names() {}

    /**
     * Takes {@code 001}, {@code 1} or {@code 001_create_users}.
     *
     * @throws MigrationException if there is none, naming the nearest
     */
    static SqlMigration find(String name, List<SqlMigration> files, String locations) {
        Optional<Version> version = Version.parse(name);
        int underscore = name.indexOf('_');
        Optional<Version> prefix = underscore < 0 ? Optional.empty() : Version.parse(name.substring(0, underscore));
        for (SqlMigration file : files) {
            if (version.isPresent() && file.parsedVersion().equals(version.get())) {
                return file;
            }
            if (prefix.isPresent()
                    && file.parsedVersion().equals(prefix.get())
                    && file.name().equals(name.substring(underscore + 1))) {
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

    private static @Nullable String nearest(String name, List<SqlMigration> files) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (SqlMigration file : files) {
            int distance = Math.min(EditDistance.between(name, file.id()), EditDistance.between(name, file.name()));
            if (distance < bestDistance) {
                bestDistance = distance;
                best = file.id();
            }
        }
        return best;
    }
}
