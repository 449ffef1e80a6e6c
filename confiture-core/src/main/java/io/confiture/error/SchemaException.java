package io.confiture.error;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Schema sources are wrong or could not be built. What is known about the place is in the accessors; the message repeats it
 * for people.
 *
 * @since 0.1.0
 */
public class SchemaException extends ConfitureException {
    private static final long serialVersionUID = 1L;

    private final Place place;

    /**
     * Where a build failed; every part may be unknown.
     *
     * @param sql the statement, bounded in length, without COPY rows
     * @param position 1-based position of the error within {@code sql} in characters, as the server counts
     * @param file the source as the user knows it
     * @param line 1-based line in {@code file}
     * @param column 1-based column in characters in that line
     * @param sqlState the five characters of the server's SQLSTATE
     */
    public record Place(
            @Nullable String sql,
            @Nullable Integer position,
            @Nullable String file,
            @Nullable Integer line,
            @Nullable Integer column,
            @Nullable String sqlState)
            implements Serializable {

        /** Nothing is known. */
        public static final Place UNKNOWN = new Place(null, null, null, null, null, null);

        /** A place in a file, of a statement that the server has not seen. */
        public static Place of(@Nullable String sql, String file, int line, int column) {
            return new Place(sql, null, file, line, column, null);
        }
    }

    public SchemaException(
            ErrorCode code, String message, @Nullable String hint, Place place, @Nullable Throwable cause) {
        super(code, message, hint, cause);
        this.place = place;
    }

    public SchemaException(ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
        this(code, message, hint, Place.UNKNOWN, cause);
    }

    public SchemaException(ErrorCode code, String message, @Nullable String hint) {
        this(code, message, hint, Place.UNKNOWN, null);
    }

    /** The failing statement, bounded in length and without COPY rows; null when no statement failed. */
    public @Nullable String sql() {
        return place.sql();
    }

    /** The 1-based position of the error within {@link #sql()}, in characters; null when the server gave none. */
    public @Nullable Integer position() {
        return place.position();
    }

    /** The source as the user knows it, or null. */
    public @Nullable String file() {
        return place.file();
    }

    /** The 1-based line of the error in {@link #file()}, that of the row where a COPY failed; or null. */
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
