package io.confiture.migrate;

import io.confiture.error.ConfitureException;
import io.confiture.migrate.ValidationReport.Check;
import io.confiture.migrate.ValidationReport.Outcome;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns a comparison into a report of what was checked. */
final class Validation {
    private static final String VERIFY = "verify";

    /** What to do with the verification of a migration that is applied. */
    @FunctionalInterface
    interface Verifier {
        Check check(Migration migration, MigrationScript script) throws SQLException;
    }

    private Validation() {}

    /** Runs no verification. */
    static Check notRun(Migration migration, MigrationScript script) {
        return new Check(
                migration.version(), migration.name(), VERIFY, Outcome.NOT_CHECKED, "not checked: verify() runs it");
    }

    /** What came of running a verification. */
    static Check check(Migration migration, Verification.Verdict verdict) {
        if (verdict instanceof Verification.Failed failed) {
            return new Check(migration.version(), migration.name(), VERIFY, Outcome.FAILED, failed.problem());
        }
        Verification.Passed passed = (Verification.Passed) verdict;
        return new Check(
                migration.version(),
                migration.name(),
                VERIFY,
                Outcome.OK,
                "all true in " + passed.rows() + " rows of " + passed.statements() + " statements");
    }

    static ValidationReport of(Comparison comparison, Verifier verifier) throws SQLException {
        List<Check> checks = new ArrayList<>();
        List<Migration> pending = new ArrayList<>();
        for (Comparison.Entry entry : comparison.entries()) {
            LocalMigration file = entry.file();
            if (!entry.state().isApplied() && entry.row() == null) {
                if (file != null && entry.toApply()) {
                    pending.add(file.migration());
                    objection(file).ifPresent(checks::add);
                }
                if (entry.state() == MigrationState.IN_DOUBT || entry.state() == MigrationState.PARTIAL) {
                    checks.add(check(entry, "segments", Outcome.FAILED));
                }
                continue;
            }
            checks.add(check(
                    entry,
                    "checksum",
                    switch (entry.state()) {
                        case APPLIED, BASELINE -> Outcome.OK;
                        case APPLIED_UNVERIFIED, FUTURE -> Outcome.NOT_CHECKED;
                        default -> Outcome.FAILED;
                    }));
            if (file != null && file.verify() != null) {
                checks.add(verifier.check(file.migration(), file.verify()));
            }
        }
        return new ValidationReport(checks, pending);
    }

    /** Why a run would refuse the script of a pending migration, if so. */
    private static Optional<Check> objection(LocalMigration file) {
        try {
            Verification.requirePossible(
                    file, ScriptPlan.of(file.migration(), file.up(), 1).directives());
            return Optional.empty();
        } catch (ConfitureException e) {
            Migration migration = file.migration();
            return Optional.of(new Check(
                    migration.version(), migration.name(), "script", Outcome.FAILED, String.valueOf(e.getMessage())));
        }
    }

    private static Check check(Comparison.Entry entry, String what, Outcome outcome) {
        MigrationInfo info = entry.info();
        String detail = info.detail() != null ? info.detail() : "the file is what was applied";
        return new Check(info.version(), info.name(), what, outcome, detail);
    }
}
