package io.confiture.boot.actuate;

import io.confiture.migrate.Migration;
import io.confiture.migrate.MigrationInfo;
import io.confiture.migrate.MigrationPlan;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.ValidationReport;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * One side of a database in full.
 *
 * @since 0.1.0
 */
public sealed interface SectionDescriptor extends OperationResponseBody {

    /** Whether everything is as it should be; over HTTP, 503 says that it is not. */
    boolean ok();

    /**
     * The section of that name, or null if there is none.
     *
     * @param section {@code migrations}, {@code verification}, {@code plan} or {@code hooks}
     */
    static @Nullable SectionDescriptor read(String database, Migrator migrator, String section) {
        return switch (section) {
            case "migrations" -> read(database, migrator, Migrations::of);
            case "verification" -> read(database, migrator, Verification::of);
            case "plan" -> read(database, migrator, Plan::of);
            case "hooks" -> new Hooks(true, migrator.hooks());
            default -> null;
        };
    }

    private static SectionDescriptor read(
            String database, Migrator migrator, Function<Migrator, SectionDescriptor> reader) {
        try {
            return reader.apply(migrator);
        } catch (RuntimeException e) {
            ReadFailure failure = ReadFailure.of(database, e);
            return new Unreadable(false, failure.state().toString(), failure.error());
        }
    }

    /**
     * Stands for any section of a database that cannot be read.
     *
     * @param state {@code unreachable} or {@code unreadable}
     * @param error why
     */
    record Unreadable(boolean ok, String state, String error) implements SectionDescriptor {}

    /** Every migration with its state, in order of version. */
    record Migrations(boolean ok, List<Entry> migrations) implements SectionDescriptor {

        /** A migration; what is unknown is null. */
        public record Entry(
                String state,
                String version,
                String name,
                @Nullable String file,
                @Nullable Instant appliedAt,
                @Nullable Integer executionTimeMs,
                boolean reversible,
                @Nullable String detail) {
            private static Entry of(MigrationInfo info) {
                return new Entry(
                        info.state().toString(),
                        info.version(),
                        info.name(),
                        info.file(),
                        info.appliedAt(),
                        info.executionTimeMs(),
                        info.reversible(),
                        info.detail());
            }
        }

        private static Migrations of(Migrator migrator) {
            return new Migrations(
                    true, migrator.status().migrations().stream().map(Entry::of).toList());
        }
    }

    /**
     * What was compared between files and database.
     *
     * @param ok whether every check was made and passed; pending migrations do not count
     * @param pending what is not applied, as {@code version_name}
     */
    record Verification(boolean ok, List<Check> checks, List<String> pending) implements SectionDescriptor {

        /**
         * One check of one migration.
         *
         * @param outcome {@code ok}, {@code failed} or {@code not_checked}
         */
        public record Check(String version, String name, String what, String outcome, String detail) {
            private static Check of(ValidationReport.Check check) {
                return new Check(
                        check.version(),
                        check.name(),
                        check.what(),
                        check.outcome().toString(),
                        check.detail());
            }
        }

        private static Verification of(Migrator migrator) {
            ValidationReport report = migrator.validate();
            return new Verification(
                    report.valid(),
                    report.checks().stream().map(Check::of).toList(),
                    report.pending().stream().map(Migration::id).toList());
        }
    }

    /**
     * What a run would do now.
     *
     * @param blockers why it would refuse to begin
     * @param warnings what it would log before it begins
     */
    record Plan(boolean ok, List<Step> steps, List<String> blockers, List<String> warnings)
            implements SectionDescriptor {

        /**
         * One migration of a plan.
         *
         * @param segments the pieces that are committed one by one; 1 when transactional
         * @param segmentsDone how many of them an earlier run has committed
         */
        public record Step(
                String version,
                String name,
                String state,
                int statements,
                boolean transactional,
                int segments,
                int segmentsDone) {
            private static Step of(MigrationPlan.Step step) {
                return new Step(
                        step.migration().version(),
                        step.migration().name(),
                        step.state().toString(),
                        step.statements(),
                        step.transactional(),
                        step.segments(),
                        step.segmentsDone());
            }
        }

        private static Plan of(Migrator migrator) {
            MigrationPlan plan = migrator.plan();
            return new Plan(true, plan.steps().stream().map(Step::of).toList(), plan.blockers(), plan.warnings());
        }
    }

    /**
     * Who is called at the points of a run.
     *
     * @param hooks their names, in the order in which they are called
     */
    record Hooks(boolean ok, List<String> hooks) implements SectionDescriptor {}
}
