package io.confiture.boot.actuate;

import io.confiture.error.CommittedMigration;
import io.confiture.migrate.MigrationResult;
import io.confiture.migrate.RepairReport;
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
     * The record of a database was put right, or would be.
     *
     * @param executed false if nothing was changed because only a preview was asked for
     * @param steps what was asked for, one entry for each change
     * @param openTotal how much could be asked for and was not
     * @param open the first of that
     */
    record Repaired(
            boolean ok,
            String database,
            String operation,
            boolean executed,
            List<Step> steps,
            int openTotal,
            List<Step> open)
            implements OperationDescriptor {
        private static final int OPEN = 100;

        /**
         * One change.
         *
         * @param what {@code checksum}, {@code missing} or {@code in_doubt}
         * @param migration version and name
         * @param statement the number of the statement in doubt within its script, else null
         * @param before what the record says without the change; null where it says nothing
         * @param after what it says with it; null where it says nothing any more, or a decision is still to be taken
         */
        public record Step(
                String what,
                String migration,
                @Nullable Integer statement,
                @Nullable String before,
                @Nullable String after) {
            private static Step of(RepairReport.Step step) {
                return new Step(
                        step.what().toString(), step.migration(), step.statement(), step.before(), step.after());
            }
        }

        static Repaired of(String database, RepairReport report) {
            return new Repaired(
                    true,
                    database,
                    "repair",
                    report.executed(),
                    report.steps().stream().map(Step::of).toList(),
                    report.open().size(),
                    report.open().stream().limit(OPEN).map(Step::of).toList());
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
