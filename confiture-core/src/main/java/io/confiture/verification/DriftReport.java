package io.confiture.verification;

import io.confiture.catalog.CatalogDifference;
import io.confiture.error.ConfitureException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a live database is what is expected of it. What was not compared is never said to be in sync.
 *
 * @since 0.1.0
 */
public sealed interface DriftReport {

    /** What it was compared with, such as {@code the schema's files}. */
    String against();

    /** True only if all was compared and nothing differs. */
    default boolean inSync() {
        return this instanceof InSync;
    }

    /**
     * Nothing differs.
     *
     * @param fingerprint of what was compared, without what does not count: that of the expectation, and so the same for
     *     every database that is in sync with it by the same options
     */
    record InSync(String against, String fingerprint) implements DriftReport {
        @Override
        public String toString() {
            return "in sync with " + against;
        }
    }

    /**
     * Something differs.
     *
     * @param differences from what is expected to what is there
     * @param notes what else is to be known: migrations that are pending, and what was not compared
     */
    record Drifted(String against, List<CatalogDifference> differences, List<String> notes) implements DriftReport {
        public Drifted {
            differences = List.copyOf(differences);
            notes = List.copyOf(notes);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("drifted from " + against + ": " + differences.size()
                    + (differences.size() == 1 ? " difference" : " differences"));
            differences.forEach(difference -> text.append("\n  ").append(difference));
            notes.forEach(note -> text.append("\n  note: ").append(note));
            return text.toString();
        }
    }

    /**
     * Nobody knows: the expectation could not be made, the database not be read, or what was compared is not all.
     *
     * @param reasons why, at least one; not fit to be shown to everybody if there is a failure, whose words they are
     * @param failure what kept the comparison from being made, or null if nothing failed
     */
    record NotChecked(
            String against, List<String> reasons, @Nullable ConfitureException failure) implements DriftReport {
        /** Nothing failed. */
        public NotChecked(String against, List<String> reasons) {
            this(against, reasons, null);
        }

        public NotChecked {
            reasons = List.copyOf(reasons);
        }

        @Override
        public String toString() {
            return "not checked against " + against + ": " + String.join("; ", reasons);
        }
    }
}
