package io.confiture.boot.autoconfigure;

import io.confiture.migrate.Repair;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code confiture.run=repair} puts right. Nothing that is not asked for here is touched.
 *
 * @since 0.1.0
 */
public final class RepairProperties {

    /** Whether to accept the files of applied migrations as they are now. */
    private boolean checksums;

    /** Whether to take applied migrations whose file is gone out of the ledger. */
    private boolean missing;

    /** Comma-separated list of migrations in doubt whose statement took effect. */
    private List<String> done = new ArrayList<>();

    /** Comma-separated list of migrations in doubt whose statement is to be run again. */
    private List<String> retry = new ArrayList<>();

    /** Comma-separated list of migrations applied in part that were undone by hand and count as not begun. */
    private List<String> forget = new ArrayList<>();

    public boolean isChecksums() {
        return checksums;
    }

    public void setChecksums(boolean checksums) {
        this.checksums = checksums;
    }

    public boolean isMissing() {
        return missing;
    }

    public void setMissing(boolean missing) {
        this.missing = missing;
    }

    public List<String> getDone() {
        return done;
    }

    public void setDone(List<String> done) {
        this.done = done;
    }

    public List<String> getRetry() {
        return retry;
    }

    public void setRetry(List<String> retry) {
        this.retry = retry;
    }

    public List<String> getForget() {
        return forget;
    }

    public void setForget(List<String> forget) {
        this.forget = forget;
    }

    Repair wanted() {
        Repair repair = Repair.nothing();
        if (checksums) {
            repair = repair.realignChecksums();
        }
        if (missing) {
            repair = repair.clearMissing();
        }
        for (String migration : done) {
            repair = repair.decide(migration, Repair.Decision.DONE);
        }
        for (String migration : retry) {
            repair = repair.decide(migration, Repair.Decision.RETRY);
        }
        for (String migration : forget) {
            repair = repair.decide(migration, Repair.Decision.FORGET);
        }
        return repair;
    }
}
