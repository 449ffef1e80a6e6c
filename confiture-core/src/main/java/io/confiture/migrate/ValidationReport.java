package io.confiture.migrate;

import java.util.List;
import java.util.Locale;

/**
 * What was compared between files and ledger, and what came of it. "Not checked" is never "ok".
 *
 * @param checks one or more for each migration that the ledger has, and one for each pending one that a run would refuse,
 *     in order of version
 * @param pending migrations that are not applied
 * @since 0.1.0
 */
public record ValidationReport(List<Check> checks, List<Migration> pending) {

    public ValidationReport {
        checks = List.copyOf(checks);
        pending = List.copyOf(pending);
    }

    /** What came of a check. */
    public enum Outcome {
        OK,
        FAILED,
        NOT_CHECKED;

        /** The printed form, such as {@code not_checked}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One check of one migration.
     *
     * @param what such as {@code checksum}, {@code verify} or {@code script}
     * @param detail why it failed or was not checked; says what was compared when ok
     */
    public record Check(String version, String name, String what, Outcome outcome, String detail) {}

    /** Whether every check was made and passed. Pending migrations do not count. */
    public boolean valid() {
        return checks.stream().allMatch(check -> check.outcome() == Outcome.OK);
    }

    /** The number of checks with this outcome. */
    public long count(Outcome outcome) {
        return checks.stream().filter(check -> check.outcome() == outcome).count();
    }
}
