package io.confiture.build;

import java.util.List;

/**
 * What a server says of seeds that were loaded into a scratch database.
 *
 * @param files how many files were loaded
 * @param statements how many statements they have
 * @param rows how many rows the server has taken
 * @param failures everything it has refused, in the order of the files; of deferred constraints only the first, since the
 *     server tells no more of them
 * @since 0.1.0
 */
public record SeedValidation(int files, long statements, long rows, List<SeedFailure> failures) {

    public SeedValidation {
        failures = List.copyOf(failures);
    }

    /** Whether nothing was refused. */
    public boolean valid() {
        return failures.isEmpty();
    }

    /** A line for each failure, behind one with the numbers. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder()
                .append(files)
                .append(" seed files, ")
                .append(statements)
                .append(" statements, ")
                .append(rows)
                .append(" rows taken, ")
                .append(failures.size())
                .append(" failures");
        failures.forEach(failure -> text.append(System.lineSeparator()).append(failure));
        return text.toString();
    }
}
