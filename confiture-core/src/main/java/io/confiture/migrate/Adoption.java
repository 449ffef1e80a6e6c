package io.confiture.migrate;

/**
 * What a run does when it finds the history of another tool, and Confiture's own ledger is absent or was never written to.
 *
 * @since 0.1.0
 */
public enum Adoption {
    /** Stop before anything runs, and say what could be taken over. */
    FAIL,
    /**
     * Take over the history of Flyway first, once; then apply what is pending. Where Flyway has no history, the run goes on;
     * where Liquibase has one, it stops as with {@link #FAIL}.
     */
    FLYWAY,
    /** Go on: the other tool keeps tables of its own in this database. */
    NONE
}
