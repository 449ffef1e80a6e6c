package io.confiture.boot.autoconfigure;

import io.confiture.error.ErrorCode;
import io.confiture.error.ValidationException;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.ValidationReport;
import io.confiture.verification.DriftReport;
import io.confiture.verification.EquivalenceReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code confiture.run=verify}: all databases are looked at before one of them fails the process. */
final class VerifyRun {
    private static final Logger log = LoggerFactory.getLogger(VerifyRun.class);

    private final ConfitureProperties properties;
    private final Verifications verifications;
    private final List<RuntimeException> failures = new ArrayList<>();

    VerifyRun(ConfitureProperties properties, Verifications verifications) {
        this.properties = properties;
        this.verifications = verifications;
    }

    void verify(Map<String, Migrator> migrators) {
        migrators.forEach((database, migrator) -> {
            VerifyProperties wanted = properties.of(database).getVerify();
            check(database, "the migrations", () -> verifyMigrations(database, migrator));
            if (wanted.isEquivalence()) {
                check(database, "equivalence", () -> verifyEquivalence(database, migrator));
            }
            if (wanted.isDrift()) {
                check(database, "drift", () -> verifyDrift(database, migrator));
            }
        });
        if (!failures.isEmpty()) {
            throw all();
        }
    }

    private void check(String database, String what, Runnable check) {
        try {
            check.run();
        } catch (ValidationException e) {
            log.error("confiture.run=verify of the database '{}': {}", database, e.getMessage());
            failures.add(e);
        } catch (RuntimeException e) {
            log.error("confiture.run=verify of the database '{}': {} could not be checked", database, what, e);
            failures.add(e);
        }
    }

    /** What was found decides about the exit code before what could not be looked at: to try again mends only that. */
    private RuntimeException all() {
        RuntimeException first = failures.stream()
                .filter(failure -> failure instanceof ValidationException)
                .findFirst()
                .orElse(failures.get(0));
        failures.remove(first);
        failures.forEach(first::addSuppressed);
        return first;
    }

    private void verifyMigrations(String database, Migrator migrator) {
        ValidationReport report = migrator.verify();
        if (report.valid()) {
            log.info(
                    "confiture.run=verify of the database '{}': {} checks passed",
                    database,
                    report.checks().size());
        } else {
            throw StartupValidation.failure(database, report);
        }
    }

    private void verifyEquivalence(String database, Migrator migrator) {
        EquivalenceReport report = verifications.of(database, migrator).verifyEquivalence();
        if (report.proven()) {
            log.info("confiture.run=verify of the database '{}': {}", database, report);
        } else {
            throw new ValidationException(
                    ErrorCode.VALIDATION_FAILED,
                    "What a new database '" + database + "' would be is not certain: " + report
                            + "\nNothing was changed",
                    "Bring the schema's files and the migrations together: what a difference names is made by one of the"
                            + " two only. What is not certain was not compared: look at it yourself.");
        }
    }

    private void verifyDrift(String database, Migrator migrator) {
        DriftReport report = verifications.drift(database, migrator);
        if (report.inSync()) {
            log.info("confiture.run=verify of the database '{}': {}", database, report);
        } else {
            throw new ValidationException(
                    ErrorCode.VALIDATION_FAILED,
                    "Database '" + database + "' is not known to be as expected: " + report + "\nNothing was changed",
                    hint(report));
        }
    }

    private static String hint(DriftReport report) {
        if (!(report instanceof DriftReport.NotChecked not)) {
            return "Put back by a migration what was changed by hand, or bring the files to what is there.";
        }
        String hint = not.failure() == null ? null : not.failure().hint();
        return "It is not in sync as long as not all of it was compared: "
                + (hint == null ? "mend what is named above" : hint)
                + ". Or set confiture.verify.drift=false.";
    }
}
