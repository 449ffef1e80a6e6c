package io.confiture.build;

import org.jspecify.annotations.Nullable;

/**
 * Why something of a seed file could not be loaded.
 *
 * @param file the file as the user knows it
 * @param line 1-based line of the row or, where no row is to blame, of the error or statement
 * @param column 1-based column in characters
 * @param table the table as the statement writes it; null if the statement adds no rows
 * @param row 1-based number of the row among those of its statement; null if none could be told to have failed
 * @param sqlState the server's SQLSTATE; null if it was not the server
 * @param message what the server says, with its detail
 * @param statement the statement, bounded in length, without the rows of a COPY
 * @since 0.1.0
 */
public record SeedFailure(
        String file,
        int line,
        int column,
        @Nullable String table,
        @Nullable Integer row,
        @Nullable String sqlState,
        String message,
        String statement) {

    /** {@code file:line:column: row 3 of table t: message [SQLSTATE]}. */
    @Override
    public String toString() {
        String of = table == null ? "" : (row == null ? "" : "row " + row + " of ") + "table " + table + ": ";
        return file + ":" + line + ":" + column + ": " + of + message + (sqlState == null ? "" : " [" + sqlState + "]");
    }
}
