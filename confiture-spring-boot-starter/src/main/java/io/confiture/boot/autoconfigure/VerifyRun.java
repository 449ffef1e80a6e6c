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
    private final List<ValidationException> failures = new ArrayList<>();

    VerifyRun(ConfitureProperties properties, Verifications verifications) {
        this.properties = properties;
        this.verifications = verifications;
    }

    void verify(Map<String, Migrator> migrators) {
        migrators.forEach((database, migrator) -> {
            VerifyProperties wanted = properties.of(database).getVerify();
            verifyMigrations(database, migrator);
            if (wanted.isEquivalence()) {
                verifyEquivalence(database, migrator);
            }
            if (wanted.isDrift()) {
                verifyDrift(database, migrator);
            }
        });
        if (!failures.isEmpty()) {
            ValidationException first = failures.get(0);
            failures.subList(1, failures.size()).forEach(first::addSuppressed);
            throw first;
        }
    }

    private void verifyMigrations(String database, Migrator migrator) {
        ValidationReport report = migrator.verify();
        if (report.valid()) {
            log.info(
                    "confiture.run=verify of the database '{}': {} checks passed",
                    database,
                    report.checks().size());
        } else {
            failures.add(StartupValidation.failure(database, report));
        }
    }

    private void verifyEquivalence(String database, Migrator migrator) {
        EquivalenceReport report = verifications.of(database, migrator).verifyEquivalence();
        if (report.proven()) {
            log.info("confiture.run=verify of the database '{}': {}", database, report);
        } else {
            failures.add(new ValidationException(
                    ErrorCode.VALIDATION_FAILED,
                    "What a new database '" + database + "' would be is not certain: " + report
                            + "\nNothing was changed",
                    "Bring the schema's files and the migrations together: what a difference names is made by one of the"
                            + " two only."));
        }
    }

    private void verifyDrift(String database, Migrator migrator) {
        DriftReport report = verifications.drift(database, migrator);
        if (report.inSync()) {
            log.info("confiture.run=verify of the database '{}': {}", database, report);
        } else {
            failures.add(
                    new ValidationException(
                            ErrorCode.VALIDATION_FAILED,
                            "Database '" + database + "' is not known to be as expected: " + report
                                    + "\nNothing was changed",
                            report instanceof DriftReport.NotChecked
                                    ? "Nothing was compared; make that possible, or set confiture.verify.drift=false."
                                    : "Put back by a migration what was changed by hand, or bring the files to what is there."));
        }
    }
}
