package io.confiture.migrate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What to put right in the record of a database. Nothing is done that is not asked for here; start with {@link #nothing()}
 * and add to it. Immutable.
 *
 * @param checksums whether to take the texts of the files as those that were applied
 * @param missing whether to forget applied migrations whose file is gone
 * @param decisions what is said of migrations that are in doubt or applied in part, by their names
 * @see Migrator#planRepair(Repair)
 * @see Migrator#repair(Repair)
 * @since 0.1.0
 */
public record Repair(boolean checksums, boolean missing, Map<String, Decision> decisions) {
    private static final Repair NOTHING = new Repair(false, false, Map.of());

    /** What somebody who has looked at the database says of a migration that was interrupted. */
    public enum Decision {
        /** The statement in doubt took effect: the next run goes on after it. */
        DONE,
        /** It did not, or may run once more: the next run begins with it. */
        RETRY,
        /**
         * What was recorded of its progress, or of its rollback's, is no longer true, because somebody has undone by hand
         * what it had committed: the record takes it for not begun. Nothing of what it made in the database is touched.
         * Also where its file is gone.
         */
        FORGET;

        /** The printed form, such as {@code done}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Repair {
        decisions = Collections.unmodifiableMap(new LinkedHashMap<>(decisions));
    }

    /** Asks for nothing: planned, it tells what could be asked for. */
    public static Repair nothing() {
        return NOTHING;
    }

    /** Also gives every applied migration that has changed, or has no checksum in the ledger, the checksum of its file. */
    public Repair realignChecksums() {
        return new Repair(true, missing, decisions);
    }

    /**
     * Also removes from the ledger what is {@linkplain MigrationState#MISSING missing}. Never what a newer build has
     * applied, and nothing of what the migration made in the database.
     */
    public Repair clearMissing() {
        return new Repair(checksums, true, decisions);
    }

    /**
     * Also decides about the statement at which a migration, or its rollback, is in doubt; or forgets how far a migration
     * has come that is applied or rolled back in part.
     *
     * @param migration {@code 001} or {@code 001_create_users}
     */
    public Repair decide(String migration, Decision decision) {
        Map<String, Decision> more = new LinkedHashMap<>(decisions);
        more.put(Objects.requireNonNull(migration, "migration"), Objects.requireNonNull(decision, "decision"));
        return new Repair(checksums, missing, more);
    }
}
