package io.confiture.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the history of another tool when Confiture takes it over. Nothing is run again.
 *
 * @param tool whose history it is
 * @param table where that is kept, with its schema
 * @param items what it says, in its order; what is not run again comes as {@link Outcome#ADOPTED}
 * @param pending migrations that it does not have, which the next run applies, in order
 * @param blockers why nothing can be taken over as it is; empty if all can
 * @since 0.1.0
 */
public record AdoptionReport(Tool tool, String table, List<Item> items, List<String> pending, List<String> blockers) {
    private static final int BRIEF = 20;

    public AdoptionReport {
        items = List.copyOf(items);
        pending = List.copyOf(pending);
        blockers = List.copyOf(blockers);
    }

    /** Whose history is recognised. */
    public enum Tool {
        /** {@code flyway_schema_history}, which {@code adopt()} takes over. */
        FLYWAY("Flyway"),
        /** {@code databasechangelog}, which is recognised only. */
        LIQUIBASE("Liquibase");

        private final String text;

        Tool(String text) {
            this.text = text;
        }

        /** The tool's own name, such as {@code Flyway}. */
        @Override
        public String toString() {
            return text;
        }
    }

    /** What becomes of an entry. */
    public enum Outcome {
        /** It counts as applied. */
        ADOPTED,
        /** It counts as recorded by a baseline, and not run. */
        BASELINE,
        /** It is a repeatable migration that the next run runs again. */
        RUNS_AGAIN,
        /** It has no meaning for Confiture. */
        LEFT_OUT,
        /** It stands in the way. */
        BLOCKED;

        /** The printed form, such as {@code left_out}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One entry of the history, or a migration that one of them stands for.
     *
     * @param source as the other tool calls it, such as {@code V1__create_users.sql}
     * @param migration such as {@code 1_create_users}; null if it is none for Confiture
     * @param detail why, or what is different; null if there is nothing to say
     */
    public record Item(
            String source,
            Outcome outcome,
            @Nullable String migration,
            @Nullable String detail) {

        @Override
        public String toString() {
            return source + ": " + outcome + (migration == null ? "" : " as " + migration)
                    + (detail == null ? "" : " (" + detail + ")");
        }
    }

    /** Whether {@code adopt()} would take it over. */
    public boolean possible() {
        return blockers.isEmpty();
    }

    /** The number of entries of which this becomes. */
    public long count(Outcome outcome) {
        return items.stream().filter(item -> item.outcome() == outcome).count();
    }

    AdoptionReport blockedBy(String blocker) {
        List<String> all = new ArrayList<>(blockers);
        all.add(blocker);
        return new AdoptionReport(tool, table, items, pending, all);
    }

    /** A heading, a line for each entry, and what would be pending. */
    @Override
    public String toString() {
        return text(Integer.MAX_VALUE);
    }

    /** The same, with the first of what there is many of. */
    String brief() {
        return text(BRIEF);
    }

    private String text(int most) {
        String indent = System.lineSeparator() + "    ";
        StringBuilder text = new StringBuilder();
        text.append("Would adopt ")
                .append(possible() ? count(Outcome.ADOPTED) + count(Outcome.BASELINE) : "nothing")
                .append(" of ")
                .append(table);
        // What needs attention comes first where not all is shown.
        List<Item> ordered = most == Integer.MAX_VALUE
                ? items
                : items.stream()
                        .sorted((a, b) -> Boolean.compare(a.detail() == null, b.detail() == null))
                        .toList();
        ordered.stream().limit(most).forEach(item -> text.append(indent).append(item));
        if (items.size() > most) {
            text.append(indent).append("and ").append(items.size() - most).append(" more");
        }
        if (!pending.isEmpty()) {
            int shown = Math.min(most, pending.size());
            text.append(indent)
                    .append("Pending after it: ")
                    .append(String.join(", ", pending.subList(0, shown)))
                    .append(shown < pending.size() ? " and " + (pending.size() - shown) + " more" : "");
        }
        blockers.stream()
                .limit(most)
                .forEach(blocker -> text.append(indent).append("In the way: ").append(blocker));
        return text.toString();
    }
}
