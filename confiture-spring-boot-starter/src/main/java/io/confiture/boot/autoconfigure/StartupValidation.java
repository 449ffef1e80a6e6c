package io.confiture.boot.autoconfigure;

import io.confiture.error.ErrorCode;
import io.confiture.error.ValidationException;
import io.confiture.migrate.Migration;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.ValidationReport;
import io.confiture.migrate.ValidationReport.Check;
import io.confiture.migrate.ValidationReport.Outcome;
import java.util.List;
import java.util.stream.Collectors;

/** The check of a database that an application may use but not change. */
final class StartupValidation {
    private StartupValidation() {}

    /** @throws ValidationException if something is not as the files say, could not be checked, or is pending */
    static void check(String database, Migrator migrator) {
        ValidationReport report = migrator.validate();
        List<Check> bad = report.checks().stream()
                .filter(check -> check.outcome() != Outcome.OK)
                .toList();
        if (!bad.isEmpty()) {
            throw new ValidationException(
                    ErrorCode.VALIDATION_FAILED,
                    "Database '" + database + "' is not as the migrations say: "
                            + bad.stream().map(StartupValidation::line).collect(Collectors.joining("; "))
                            + pending(report) + ". Nothing was changed.",
                    "Put back the files that were applied, or start a build that goes with this database. See"
                            + " /actuator/confiture for the details.");
        }
        if (!report.pending().isEmpty()) {
            throw new ValidationException(
                    ErrorCode.PENDING_MIGRATIONS,
                    "Database '" + database + "' is behind this application" + pending(report)
                            + ". Nothing was changed.",
                    "Run the migrations first, for example with the same application and"
                            + " confiture.migrate.mode=migrate-and-exit.");
        }
    }

    private static String line(Check check) {
        return check.version() + "_" + check.name() + " " + check.what() + " " + check.outcome() + " (" + check.detail()
                + ")";
    }

    private static String pending(ValidationReport report) {
        return report.pending().isEmpty()
                ? ""
                : "; pending: " + report.pending().stream().map(Migration::id).collect(Collectors.joining(", "));
    }
}
