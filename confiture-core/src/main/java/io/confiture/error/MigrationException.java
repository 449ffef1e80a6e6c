package io.confiture.error;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A migration could not be applied, rolled back or planned. What is known about the place is in the accessors; the
 * message repeats it for people.
 *
 * @since 0.1.0
 */
public class MigrationException extends ConfitureException {
    private static final long serialVersionUID = 1L;

    private final Place place;

    /**
     * Where a migration failed; every part may be unknown.
     *
     * @param migration {@code version_name}
     * @param sql the statement, bounded in length, without COPY rows
     * @param position 1-based position of the error within {@code sql} in characters, as the server counts
     * @param file the script as the user knows it
     * @param line 1-based line in {@code file}
     * @param column 1-based column in characters in that line
     * @param sqlState the five characters of the server's SQLSTATE
     */
    public record Place(
            @Nullable String migration,
            @Nullable String sql,
            @Nullable Integer position,
            @Nullable String file,
            @Nullable Integer line,
            @Nullable Integer column,
            @Nullable String sqlState)
            implements Serializable {

        /** Nothing is known. */
        public static final Place UNKNOWN = new Place(null, null, null, null, null, null, null);

        /** Only the migration is known. */
        public static Place of(String migration) {
            return new Place(migration, null, null, null, null, null, null);
        }

        /** A place in a file, outside of any statement the server has seen. */
        public static Place of(@Nullable String migration, String file, int line, int column) {
            return new Place(migration, null, null, file, line, column, null);
        }
    }

    public MigrationException(
            ErrorCode code, String message, @Nullable String hint, Place place, @Nullable Throwable cause) {
        super(code, message, hint, cause);
        this.place = place;
    }

    public MigrationException(ErrorCode code, String message, @Nullable String hint, Place place) {
        this(code, message, hint, place, null);
    }

    /** The migration as {@code version_name}, or null when the failure concerns none in particular. */
    public @Nullable String migration() {
        return place.migration();
    }

    /** The failing statement, bounded in length and without COPY rows; null when no statement failed. */
    public @Nullable String sql() {
        return place.sql();
    }

    /** The 1-based position of the error within {@link #sql()}, in characters; null when the server gave none. */
    public @Nullable Integer position() {
        return place.position();
    }

    /** The script as the user knows it, or null. */
    public @Nullable String file() {
        return place.file();
    }

    /** The 1-based line of the error in {@link #file()}, or null. */
    public @Nullable Integer line() {
        return place.line();
    }

    /** The 1-based column of the error in its line, in characters, or null. */
    public @Nullable Integer column() {
        return place.column();
    }

    /** The server's SQLSTATE, or null when the failure did not come from the server. */
    public @Nullable String sqlState() {
        return place.sqlState();
    }
}
