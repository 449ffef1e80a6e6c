package io.confiture.sql;

/**
 * Which part of a migration file to read.
 *
 * @since 0.1.0
 */
public enum ScriptSection {
    /** All statements; {@code -- migrate:up} and {@code -- migrate:down} are comments, see {@link ScriptReader#ignoredMarker()}. */
    WHOLE,
    /** What {@code -- migrate:up} opens; all statements of a file without markers. */
    UP,
    /** What {@code -- migrate:down} opens; nothing in a file without markers. */
    DOWN
}
