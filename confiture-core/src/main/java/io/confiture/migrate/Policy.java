package io.confiture.migrate;

/**
 * What to do about an irregularity in the history.
 *
 * @since 0.1.0
 */
public enum Policy {
    /** Stop before anything runs. */
    FAIL,
    /** Log a warning and go on. */
    WARN,
    /** Go on. */
    ALLOW
}
