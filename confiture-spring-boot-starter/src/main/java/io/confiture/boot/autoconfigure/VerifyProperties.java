package io.confiture.boot.autoconfigure;

/**
 * What {@code confiture.run=verify} looks at besides files, ledger and verify files.
 *
 * @since 0.1.0
 */
public final class VerifyProperties {

    /** Whether to prove that the schema's files and all migrations make the same, on two scratch databases. */
    private boolean equivalence;

    /** Whether to compare the database with what is expected of it. */
    private boolean drift;

    public boolean isEquivalence() {
        return equivalence;
    }

    public void setEquivalence(boolean equivalence) {
        this.equivalence = equivalence;
    }

    public boolean isDrift() {
        return drift;
    }

    public void setDrift(boolean drift) {
        this.drift = drift;
    }
}
