package io.confiture.boot.autoconfigure;

import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.ValidationException;
import io.confiture.migrate.Migration;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.ValidationReport;
import io.confiture.migrate.ValidationReport.Check;
import io.confiture.migrate.ValidationReport.Outcome;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The check of a database that an application may use but not change. */
final class StartupValidation {
    private static final Logger log = LoggerFactory.getLogger(StartupValidation.class);

    private StartupValidation() {}

    /**
     * @param target the last migration that is expected to be applied, or null for all
     * @throws ValidationException if something is pending, or is not as the files say and no policy allows it
     */
    static void check(String database, Migrator migrator, @Nullable String target) {
        ValidationReport report = migrator.validate();
        List<String> pending = (target == null ? report.pending() : migrator.pending(target))
                .stream().map(Migration::id).toList();
        List<Check> failed = with(report, Outcome.FAILED);
        // The policies are the migrator's own: what they allow does not block a run, and not this application either.
        if (!failed.isEmpty() && !migrator.plan().blockers().isEmpty()) {
            throw new ValidationException(
                    ErrorCode.VALIDATION_FAILED,
                    "Database '" + database + "' is not as the migrations say: "
                            + failed.stream().map(StartupValidation::line).collect(Collectors.joining("; "))
                            + (pending.isEmpty() ? "" : "; pending: " + String.join(", ", pending))
                            + ". Nothing was changed",
                    "Put the files back as they were applied, or start a build that goes with this database.");
        }
        if (!pending.isEmpty()) {
            throw new ValidationException(
                    ErrorCode.PENDING_MIGRATIONS,
                    "Database '" + database + "' is behind this application; pending: " + String.join(", ", pending)
                            + obstacles(migrator) + ". Nothing was changed",
                    "Run the migrations first, for instance with this application and"
                            + " confiture.migrate.mode=migrate-and-exit.");
        }
        failed.forEach(check -> log.warn("Database '{}': {}", database, line(check)));
        with(report, Outcome.NOT_CHECKED).forEach(check -> log.warn("Database '{}': {}", database, line(check)));
        log.info("Database '{}' is as the migrations say: {} checks passed", database, report.count(Outcome.OK));
    }

    /** Why a database that was verified is not as the migrations say; what could not be checked counts. */
    static ValidationException failure(String database, ValidationReport report) {
        return new ValidationException(
                ErrorCode.VALIDATION_FAILED,
                "Database '" + database + "' is not as the migrations say: "
                        + report.checks().stream()
                                .filter(check -> check.outcome() != Outcome.OK)
                                .map(StartupValidation::line)
                                .collect(Collectors.joining("; "))
                        + ". Nothing was changed",
                "Put the files back as they were applied, or look at what the verify files ask for.");
    }

    /** Why a run would not apply what is pending, such as the history of another tool; empty if it would. */
    static String obstacles(Migrator migrator) {
        List<String> blockers;
        try {
            blockers = migrator.plan().blockers();
        } catch (DatabaseConnectionException e) {
            return "; whether a run would stop is not known, because the database cannot be reached";
        }
        return blockers.isEmpty() ? "" : "; a run would stop: " + String.join("; ", blockers);
    }

    private static List<Check> with(ValidationReport report, Outcome outcome) {
        return report.checks().stream()
                .filter(check -> check.outcome() == outcome)
                .toList();
    }

    private static String line(Check check) {
        return check.version() + "_" + check.name() + ": " + check.what() + " " + check.outcome() + " ("
                + check.detail() + ")";
    }
}
