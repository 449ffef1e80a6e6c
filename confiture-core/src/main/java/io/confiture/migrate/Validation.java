package io.confiture.migrate;

import io.confiture.migrate.ValidationReport.Check;
import io.confiture.migrate.ValidationReport.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Turns a comparison into a report of what was checked. */
final class Validation {
    private Validation() {}

    static ValidationReport of(Comparison comparison) {
        List<Check> checks = new ArrayList<>();
        List<Migration> pending = new ArrayList<>();
        for (Comparison.Entry entry : comparison.entries()) {
            LocalMigration file = entry.file();
            if (!entry.state().isApplied() && entry.row() == null) {
                if (file != null && entry.toApply()) {
                    pending.add(file.migration());
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
                checks.add(new Check(
                        file.migration().version(),
                        file.migration().name(),
                        "verify",
                        Outcome.NOT_CHECKED,
                        "this version of Confiture does not run .verify.sql files"));
            }
        }
        return new ValidationReport(checks, pending);
    }

    private static Check check(Comparison.Entry entry, String what, Outcome outcome) {
        MigrationInfo info = entry.info();
        String detail = info.detail() != null ? info.detail() : "the file is what was applied";
        return new Check(info.version(), info.name(), what, outcome, detail);
    }
}
