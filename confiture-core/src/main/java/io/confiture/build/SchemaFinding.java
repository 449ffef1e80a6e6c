package io.confiture.build;

/**
 * Something that {@link SchemaBuilder#validate()} has to say of a place in a schema's sources.
 *
 * @param severity how bad it is
 * @param code what kind of thing it is
 * @param message what is wrong and what to do about it, without the place
 * @param file the file as the user knows it
 * @param line 1-based line
 * @param column 1-based column in characters (code points)
 * @since 0.1.0
 */
public record SchemaFinding(Severity severity, Code code, String message, String file, int line, int column) {

    /** How bad a finding is. */
    public enum Severity {
        /** The schema cannot be built as it stands, or would not be what its files say. */
        ERROR,
        /** The schema may be built, not in every way or not as somebody may expect. */
        WARNING,
        /** Nobody has looked: what stands there may be right or wrong. */
        NOT_CHECKED
    }

    /** The kinds of findings. */
    public enum Code {
        /** The text cannot be read as statements: something is never closed, a command of psql, not UTF-8. */
        TEXT,
        /** The last statement of a file is not complete. */
        UNFINISHED_STATEMENT,
        /** An object is defined twice. */
        DUPLICATE_DEFINITION,
        /** An object is used above the place that creates it. */
        ORDER,
        /** A statement begins or ends a transaction, or sets what the connection cannot live with. */
        REFUSED_STATEMENT,
        /** A statement that no transaction may hold. */
        NOT_TRANSACTIONAL,
        /** A foreign key that two-pass building leaves where it is. */
        FOREIGN_KEY_IN_PLACE,
        /** The server cannot parse a statement. */
        SYNTAX,
        /** The server has refused a statement when the schema was built. */
        STATEMENT_FAILED,
        /** A statement, or what it creates, was not looked at. */
        STATEMENT_NOT_CHECKED
    }

    /** {@code file:line:column: SEVERITY CODE: message}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + severity + " " + code + ": " + message;
    }
}
