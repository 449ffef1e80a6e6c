package io.confiture.boot.actuate;

import io.confiture.error.CommittedMigration;
import io.confiture.migrate.MigrationResult;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What came of a request to change a database.
 *
 * @since 0.1.0
 */
public sealed interface OperationDescriptor extends OperationResponseBody {

    /** Whether it was done. */
    boolean ok();

    /**
     * Migrations were applied or rolled back.
     *
     * @param operation {@code migrate} or {@code rollback}
     * @param migrations what was really done, in order; empty if there was nothing to do
     */
    record Migrated(boolean ok, String database, String operation, List<Entry> migrations)
            implements OperationDescriptor {

        /**
         * What was done with one migration.
         *
         * @param action such as {@code applied} or {@code rolled_back}
         * @param warnings what went differently without failing it
         */
        public record Entry(
                String version, String name, String action, long durationMs, long rowsAffected, List<String> warnings) {
            private static Entry of(MigrationResult result) {
                return new Entry(
                        result.version(),
                        result.name(),
                        result.action().toString(),
                        result.duration().toMillis(),
                        result.rowsAffected(),
                        result.warnings());
            }
        }

        static Migrated of(String database, String operation, List<MigrationResult> results) {
            return new Migrated(
                    true, database, operation, results.stream().map(Entry::of).toList());
        }
    }

    /**
     * It was refused, or failed.
     *
     * @param status the HTTP status: 400, 404 and 409 for what was refused before anything was done
     * @param code the code of the failure, such as {@code MIGR_106}, if it has one
     * @param hint what to do next, or null
     * @param committed what was committed before the failure, and stays
     */
    record Failed(
            boolean ok,
            int status,
            @Nullable String code,
            String message,
            @Nullable String hint,
            List<Committed> committed)
            implements OperationDescriptor {

        /**
         * A migration that is done although the operation failed.
         *
         * @param action {@code applied} or {@code rolled_back}
         */
        public record Committed(String version, String name, String action) {
            static Committed of(CommittedMigration migration) {
                return new Committed(migration.version(), migration.name(), migration.action());
            }
        }
    }
}
