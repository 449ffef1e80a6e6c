package io.confiture.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a repair has changed, or would change, in the record of a database.
 *
 * @param executed whether the steps were carried out; false for a plan
 * @param steps what was asked for, one step for each change, in order of version
 * @param open what could be asked for and was not; the outcome of statements in doubt is for the caller to say. What is
 *     applied in part goes on with the next run, so it stands here only if its file is gone
 * @since 0.1.0
 */
public record RepairReport(boolean executed, List<Step> steps, List<Step> open) {

    public RepairReport {
        steps = List.copyOf(steps);
        open = List.copyOf(open);
    }

    /** What a step is about. */
    public enum What {
        /** The ledger's checksum of an applied migration. */
        CHECKSUM,
        /** The ledger's row of a migration whose file is gone. */
        MISSING,
        /** A statement of which nobody can tell whether it took effect. */
        IN_DOUBT,
        /** How far a migration, or its rollback, has come that was interrupted. */
        PARTIAL;

        /** The printed form, such as {@code in_doubt}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One change.
     *
     * @param migration version and name, such as {@code 001_create_users}
     * @param statement 1-based number of the statement in doubt within its script; null for other steps
     * @param before what the record says without the change; null where it says nothing
     * @param after what it says with it; null where it says nothing any more, or where a decision is still to be taken
     */
    public record Step(
            What what,
            String migration,
            @Nullable Integer statement,
            @Nullable String before,
            @Nullable String after) {

        @Override
        public String toString() {
            String from = before == null ? "none" : before;
            String to = after != null ? after : what == What.MISSING ? "removed from the ledger" : "to be decided";
            return what + " " + migration + ": " + from + " -> " + to;
        }
    }

    /** A heading, a line for each step, and a line that sums up what was not asked for. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(executed ? "Repaired" : "Would repair").append(": ");
        text.append(steps.isEmpty() ? "nothing" : steps.size() + (steps.size() == 1 ? " entry" : " entries"));
        steps.forEach(step -> text.append("\n  ").append(step));
        if (!open.isEmpty()) {
            text.append("\nNot asked for: ").append(summary());
        }
        return text.toString();
    }

    private String summary() {
        List<String> parts = new ArrayList<>();
        long changed = open.stream().filter(step -> step.what == What.CHECKSUM).count();
        if (changed > 0) {
            parts.add("checksums: " + changed);
        }
        long missing = open.stream().filter(step -> step.what == What.MISSING).count();
        if (missing > 0) {
            parts.add("missing: " + missing);
        }
        List<String> doubts = open.stream()
                .filter(step -> step.what == What.IN_DOUBT)
                .map(step -> step.migration + " statement " + step.statement)
                .toList();
        if (!doubts.isEmpty()) {
            parts.add("in doubt: " + String.join(", ", doubts));
        }
        List<String> partial = open.stream()
                .filter(step -> step.what == What.PARTIAL)
                .map(Step::migration)
                .toList();
        if (!partial.isEmpty()) {
            parts.add("without file: " + String.join(", ", partial));
        }
        return String.join("; ", parts);
    }
}
