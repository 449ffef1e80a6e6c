package io.confiture.build;

/**
 * What is committed together when a schema is run.
 *
 * @since 0.1.0
 */
public enum TransactionMode {
    /** Everything or nothing: one transaction. A statement that cannot run in one is refused before anything runs. */
    SINGLE,
    /** Each file is a transaction, seeds as their settings say; what was committed before a file that fails stays. */
    PER_FILE,
    /** As few transactions as possible: a statement that cannot run in one runs between two. */
    SEGMENTS
}
