package io.confiture.boot.actuate;

import io.confiture.catalog.CatalogDifference;
import io.confiture.catalog.CatalogDifference.Kind;
import io.confiture.migrate.MigrationInfo;
import io.confiture.migrate.MigrationPlan;
import io.confiture.migrate.MigrationState;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.ValidationReport;
import io.confiture.migrate.ValidationReport.Outcome;
import io.confiture.verification.DriftReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * One side of a database, migration by migration. Long lists come in pages.
 *
 * @since 0.1.0
 */
public sealed interface SectionDescriptor extends OperationResponseBody {

    /** Whether everything is as it should be; over HTTP, 503 says that it is not. */
    boolean ok();

    /**
     * The section of that name.
     *
     * @param section {@code migrations}, {@code verification}, {@code drift}, {@code plan} or {@code hooks}
     * @param state which entries to show, or null for what the section shows by itself
     */
    static SectionDescriptor read(
            String database,
            Migrator migrator,
            DatabaseDrift drift,
            String section,
            Page page,
            @Nullable String state) {
        Function<Migrator, SectionDescriptor> reader = switch (section) {
            case "migrations" -> {
                MigrationState only = one(MigrationState.values(), state);
                yield source -> Migrations.of(source, page, only);
            }
            case "verification" -> {
                Outcome only = one(Outcome.values(), state);
                yield source -> Verification.of(source, page, only);
            }
            case "drift" -> {
                Kind only = one(Kind.values(), state);
                yield source -> Drift.of(database, drift.check(database), page, only);
            }
            case "plan" -> {
                MigrationState only = one(MigrationState.values(), state);
                yield source -> Plan.of(source, page, only);
            }
            case "hooks" -> {
                one(new MigrationState[0], state);
                yield source -> new Hooks(true, source.hooks());
            }
            default ->
                throw Nearest.noSuchResource(
                        "section", section, List.of("migrations", "verification", "drift", "plan", "hooks"));
        };
        try {
            return reader.apply(migrator);
        } catch (RuntimeException e) {
            ReadFailure failure = ReadFailure.of(database, e);
            return new Unreadable(false, failure.state().toString(), failure.error());
        }
    }

    private static <E extends Enum<E>> @Nullable E one(E[] values, @Nullable String name) {
        if (name == null) {
            return null;
        }
        return Arrays.stream(values)
                .filter(value -> printed(value).equals(name))
                .findFirst()
                .orElseThrow(() -> Nearest.invalid(
                        "state",
                        name,
                        Arrays.stream(values).map(SectionDescriptor::printed).toList()));
    }

    private static String printed(Enum<?> value) {
        return value.toString().toLowerCase(Locale.ROOT);
    }

    /**
     * Stands for any section of a database that cannot be read.
     *
     * @param state {@code unreachable} or {@code unreadable}
     * @param error why
     */
    record Unreadable(boolean ok, String state, String error) implements SectionDescriptor {}

    /**
     * Migrations with their states, in order of version.
     *
     * @param page counts from 0
     * @param size how many entries a page has at most
     * @param total how many there are on all pages
     */
    record Migrations(boolean ok, int page, int size, int total, List<Entry> migrations) implements SectionDescriptor {

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

        private static Migrations of(Migrator migrator, Page page, @Nullable MigrationState only) {
            List<MigrationInfo> all = migrator.status().migrations().stream()
                    .filter(info -> only == null || info.state() == only)
                    .toList();
            return new Migrations(
                    true,
                    page.number(),
                    page.size(),
                    all.size(),
                    page.of(all).stream().map(Entry::of).toList());
        }
    }

    /**
     * What was compared between files and database.
     *
     * @param ok whether every check was made and passed; pending migrations do not count
     * @param passed how many checks passed
     * @param failed how many did not
     * @param notChecked how many could not be made
     * @param pending how many migrations are not applied
     * @param page counts from 0
     * @param size how many checks a page has at most
     * @param total how many there are on all pages
     * @param checks those that were asked for; if none were, those that did not pass
     */
    record Verification(
            boolean ok,
            long passed,
            long failed,
            long notChecked,
            int pending,
            int page,
            int size,
            int total,
            List<Check> checks)
            implements SectionDescriptor {

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

        private static Verification of(Migrator migrator, Page page, @Nullable Outcome only) {
            ValidationReport report = migrator.verify();
            List<ValidationReport.Check> all = report.checks().stream()
                    .filter(check -> only == null ? check.outcome() != Outcome.OK : check.outcome() == only)
                    .toList();
            return new Verification(
                    report.valid(),
                    report.count(Outcome.OK),
                    report.count(Outcome.FAILED),
                    report.count(Outcome.NOT_CHECKED),
                    report.pending().size(),
                    page.number(),
                    page.size(),
                    all.size(),
                    page.of(all).stream().map(Check::of).toList());
        }
    }

    /**
     * How the database differs from what is expected of it.
     *
     * @param ok whether all was compared and nothing differs
     * @param state {@code in_sync}, {@code drifted} or {@code not_checked}
     * @param against what it was compared with
     * @param page counts from 0
     * @param size how many differences a page has at most
     * @param total how many there are on all pages
     * @param notes what else is to be known, such as why nothing could be compared
     */
    record Drift(
            boolean ok,
            String state,
            String against,
            int page,
            int size,
            int total,
            List<Difference> differences,
            List<String> notes)
            implements SectionDescriptor {

        /** Those whose values are a word or two, and never SQL or an option that may be a secret. */
        private static final Set<String> SHOWN =
                Set.of("type", "not null", "collation", "identity", "generated", "valid");

        /**
         * One difference.
         *
         * @param kind {@code added}, {@code removed} or {@code changed}, seen from what is expected
         * @param property what of the object has changed, or null
         * @param from the value that is expected; null if it is not shown
         * @param to the value that is there; null if it is not shown
         */
        public record Difference(
                String kind,
                String object,
                @Nullable String property,
                @Nullable String from,
                @Nullable String to) {
            private static Difference of(CatalogDifference difference) {
                boolean shown = difference.property() != null && SHOWN.contains(difference.property());
                return new Difference(
                        printed(difference.kind()),
                        difference.id().toString(),
                        difference.property(),
                        shown ? difference.from() : null,
                        shown ? difference.to() : null);
            }
        }

        static String state(DriftReport report) {
            if (report instanceof DriftReport.InSync) {
                return "in_sync";
            }
            return report instanceof DriftReport.Drifted ? "drifted" : "not_checked";
        }

        private static Drift of(String database, DriftReport report, Page page, @Nullable Kind only) {
            List<CatalogDifference> all = report instanceof DriftReport.Drifted drifted
                    ? drifted.differences().stream()
                            .filter(difference -> only == null || difference.kind() == only)
                            .toList()
                    : List.of();
            return new Drift(
                    report.inSync(),
                    state(report),
                    report.against(),
                    page.number(),
                    page.size(),
                    all.size(),
                    page.of(all).stream().map(Difference::of).toList(),
                    notes(database, report));
        }

        private static List<String> notes(String database, DriftReport report) {
            if (report instanceof DriftReport.NotChecked not && not.failure() != null) {
                return List.of(ReadFailure.of(database, not.failure()).error());
            }
            List<String> notes = report instanceof DriftReport.Drifted drifted
                    ? drifted.notes()
                    : report instanceof DriftReport.NotChecked not ? not.reasons() : List.of();
            return notes.stream().map(ReadFailure::withoutUrls).toList();
        }
    }

    /**
     * What a run would do now.
     *
     * @param page counts from 0
     * @param size how many steps a page has at most
     * @param total how many there are on all pages
     * @param blockers why it would refuse to begin
     * @param warnings what it would log before it begins
     */
    record Plan(
            boolean ok, int page, int size, int total, List<Step> steps, List<String> blockers, List<String> warnings)
            implements SectionDescriptor {
        private static final int WARNINGS = 10;

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

        private static Plan of(Migrator migrator, Page page, @Nullable MigrationState only) {
            MigrationPlan plan = migrator.plan();
            List<MigrationPlan.Step> all = plan.steps().stream()
                    .filter(step -> only == null || step.state() == only)
                    .toList();
            return new Plan(
                    true,
                    page.number(),
                    page.size(),
                    all.size(),
                    page.of(all).stream().map(Step::of).toList(),
                    plan.blockers(),
                    first(plan.warnings()));
        }

        private static List<String> first(List<String> warnings) {
            if (warnings.size() <= WARNINGS) {
                return warnings;
            }
            List<String> first = new ArrayList<>(warnings.subList(0, WARNINGS));
            first.add("and " + (warnings.size() - WARNINGS) + " more");
            return first;
        }
    }

    /**
     * Who is called at the points of a run.
     *
     * @param hooks their names, in the order in which they are called
     */
    record Hooks(boolean ok, List<String> hooks) implements SectionDescriptor {}
}
