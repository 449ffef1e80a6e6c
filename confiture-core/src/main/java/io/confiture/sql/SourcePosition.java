package io.confiture.sql;

/**
 * A place in a script.
 *
 * @param line 1-based line; lines end at LF
 * @param column 1-based column in characters (code points); a tab counts as one
 * @param offset 0-based offset in bytes of the file, a byte order mark included
 * @since 0.1.0
 */
public record SourcePosition(int line, int column, long offset) {}
