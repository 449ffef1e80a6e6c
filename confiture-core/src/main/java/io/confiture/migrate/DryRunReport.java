package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came of executing pending migrations in a transaction that was rolled back. "Not tried" and "unknown" are never
 * "ok". Bounded in size, however large the scripts are.
 *
 * @param migrations one for each that is pending up to the target, in order
 * @param sequences those that stand higher than before, since no rollback takes a sequence back: the gaps stay
 * @param warnings what scripts would leave in the session, and what of a real run was not part of this one
 * @param duration how long the transaction lasted, and with it the locks
 * @since 0.1.0
 */
public record DryRunReport(
        List<MigrationTrial> migrations, List<AdvancedSequence> sequences, List<String> warnings, Duration duration) {

    public DryRunReport {
        migrations = List.copyOf(migrations);
        sequences = List.copyOf(sequences);
        warnings = List.copyOf(warnings);
    }

    /** What came of trying something. */
    public enum Outcome {
        /** It was executed, and nothing failed. */
        OK,
        /** It was executed and failed, as it would in a run. */
        FAILED,
        /** It was not executed. */
        NOT_TRIED,
        /** It was executed, or failed, after something that was not tried, so that a run may end otherwise. */
        UNKNOWN;

        /** The printed form, such as {@code not_tried}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One migration.
     *
     * @param detail why it is not ok, in a sentence; null if it is
     * @param failure what the server said when something failed, else null
     * @param duration of what was executed of it
     * @param rows the sum of the rows its statements reported
     * @param statementCount how many statements it has
     * @param statements the first of them that were reached, in order; the failing one and the first one not tried are
     *     always there
     */
    public record MigrationTrial(
            String version,
            String name,
            Outcome outcome,
            @Nullable String detail,
            @Nullable Failure failure,
            Duration duration,
            long rows,
            int statementCount,
            List<StatementTrial> statements) {

        public MigrationTrial {
            statements = List.copyOf(statements);
        }
    }

    /**
     * One statement.
     *
     * @param number 1-based in its script
     * @param file the script as the user knows it
     * @param line 1-based line of its first token
     * @param sql its text, bounded in length, without COPY rows and passwords
     * @param duration how long it ran
     * @param rows what it reported as affected or copied
     * @param detail why it is not ok, in a sentence; null if it is
     * @param failure what the server said if it failed, else null
     */
    public record StatementTrial(
            int number,
            String file,
            int line,
            String sql,
            Outcome outcome,
            Duration duration,
            long rows,
            @Nullable String detail,
            @Nullable Failure failure) {}

    /**
     * What a run would have thrown.
     *
     * @param code of the exception
     * @param message for people, with the place and the server's words
     * @param hint what to do about it, or null
     * @param place migration, file, line, column, statement, position in it and SQLSTATE, as far as they are known
     */
    public record Failure(
            ErrorCode code, String message, @Nullable String hint, Place place) {

        static Failure of(MigrationException e) {
            return new Failure(
                    e.code(),
                    String.valueOf(e.getMessage()),
                    e.hint(),
                    new Place(e.migration(), e.sql(), e.position(), e.file(), e.line(), e.column(), e.sqlState()));
        }
    }

    /**
     * A sequence that the dry run has drawn from.
     *
     * @param name qualified with its schema
     * @param before the value it gave last before; null if it had given none, or may not be read
     * @param after the value it gave last now; null if it may not be read
     */
    public record AdvancedSequence(
            String name, @Nullable Long before, @Nullable Long after) {}

    /** Whether everything was tried and nothing failed. True if nothing is pending. */
    public boolean wouldSucceed() {
        return migrations.stream().allMatch(migration -> migration.outcome() == Outcome.OK);
    }

    /** The number of migrations with this outcome. */
    public long count(Outcome outcome) {
        return migrations.stream()
                .filter(migration -> migration.outcome() == outcome)
                .count();
    }
}
