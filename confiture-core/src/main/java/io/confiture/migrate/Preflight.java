package io.confiture.migrate;

import io.confiture.error.ChecksumMismatchException;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whether a run may begin: applies the policies to what the comparison found. Finds everything before it stops.
 *
 * @param blockers why the run may not begin; the first is thrown, the others go with it
 * @param warnings what is told and does not stop it
 */
record Preflight(List<ConfitureException> blockers, List<String> warnings) {

    /**
     * @param selected what the run would apply, in order
     * @param locations named in messages
     */
    static Preflight check(
            Comparison comparison, List<Comparison.Entry> selected, MigratorSettings settings, String locations) {
        Preflight preflight = new Preflight(new ArrayList<>(), new ArrayList<>());
        AdoptionOperation.blocker(comparison.history(), settings).ifPresent(preflight.blockers::add);
        preflight.filesGone(comparison, locations);
        preflight.irregular(
                settings.changed(),
                comparison.in(MigrationState.CHANGED),
                list -> new ChecksumMismatchException(
                        ErrorCode.CHECKSUM_MISMATCH,
                        "The text of applied migrations has changed: " + describe(list) + ". Nothing was run",
                        "Put the files back as they were applied and make the change in a new migration; to accept"
                                + " the new text, repair(Repair.nothing().realignChecksums()) (confiture.run=repair), or"
                                + " set the policy for changed migrations to warn (confiture.migrate.changed=warn).",
                        place(list)));
        preflight.irregular(
                settings.missing(),
                comparison.in(MigrationState.MISSING),
                list -> new MigrationException(
                        ErrorCode.MIGRATION_MISSING,
                        "Applied migrations have no file: " + describe(list) + ". Nothing was run",
                        "Put the files back; to have them forgotten, repair(Repair.nothing().clearMissing())"
                                + " (confiture.run=repair), or set the policy for missing migrations to warn"
                                + " (confiture.migrate.missing=warn).",
                        place(list)));
        preflight.irregular(
                settings.outOfOrder(),
                outOfOrder(comparison, selected),
                list -> new MigrationException(
                        ErrorCode.OUT_OF_ORDER,
                        "Migrations are out of order: " + describe(list) + ". Nothing was run",
                        "Give them a version above the newest applied one, or set the policy to warn or allow"
                                + " (confiture.migrate.out-of-order).",
                        place(list)));
        for (Comparison.Entry entry : comparison.in(MigrationState.FUTURE)) {
            if (entry.begun() != null) {
                preflight.warnings.add(entry.id() + " is not finished: " + entry.detail()
                        + "; a newer build than this one may be at it, or was interrupted");
            }
            if (entry.row() == null) {
                continue;
            }
            preflight.warnings.add(entry.id() + " was applied by a newer build than this one");
        }
        preflight.interruptedWithoutFile(comparison);
        preflight.interruptedRollbacks(comparison);
        return preflight;
    }

    private void filesGone(Comparison comparison, String locations) {
        if (comparison.files().isEmpty() && !comparison.history().applied().isEmpty()) {
            blockers.add(new ConfigurationException(
                    ErrorCode.LOCATION_MISSING,
                    "No migration was found in " + locations + ", but "
                            + comparison.history().applied().size() + " are applied according to "
                            + comparison.history().ledger().displayName() + ". Nothing was done",
                    "Correct the locations of the migrations (confiture.migrate.locations)."));
        } else if (comparison.files().isEmpty()) {
            warnings.add("No migration was found in " + locations);
        }
    }

    /** Those to be applied below what is applied, and those left out below what is to be applied. */
    private static List<Comparison.Entry> outOfOrder(Comparison comparison, List<Comparison.Entry> selected) {
        List<Comparison.Entry> found = new ArrayList<>();
        if (selected.isEmpty()) {
            return found;
        }
        int last = comparison.entries().indexOf(selected.get(selected.size() - 1));
        for (int i = 0; i <= last; i++) {
            Comparison.Entry entry = comparison.entries().get(i);
            boolean applies = selected.contains(entry);
            if (entry.toApply() && !entry.repeatable() && (!applies || entry.state() == MigrationState.OUT_OF_ORDER)) {
                found.add(
                        applies
                                ? entry
                                : new Comparison.Entry(
                                        entry.file(), null, entry.state(), "not applied, and a newer one would be"));
            }
        }
        return found;
    }

    private void irregular(
            Policy policy,
            List<Comparison.Entry> found,
            Function<List<Comparison.Entry>, ConfitureException> exception) {
        if (found.isEmpty() || policy == Policy.ALLOW) {
            return;
        }
        if (policy == Policy.FAIL) {
            blockers.add(exception.apply(found));
        } else {
            found.forEach(entry -> warnings.add(entry.id() + ": " + entry.detail()));
        }
    }

    /** Nothing finishes them, and what is applied above them may need what they have not done. */
    private void interruptedWithoutFile(Comparison comparison) {
        List<Comparison.Entry> found = comparison.entries().stream()
                .filter(entry -> entry.begun() != null && entry.state() != MigrationState.FUTURE)
                .toList();
        if (!found.isEmpty()) {
            String first = found.get(0).id();
            blockers.add(new MigrationException(
                    ErrorCode.MIGRATION_MISSING,
                    "Migrations that are applied in part have no file: " + describe(found) + ". Nothing was run",
                    "Put the files back: the next run goes on where they stopped. To give one up, undo by hand what it has"
                            + " committed, then " + forgetHint(first) + ".",
                    place(found)));
        }
    }

    /** What makes the record forget a migration that is applied in part. */
    static String forgetHint(String migration) {
        return "repair(Repair.nothing().decide(\"" + migration
                + "\", FORGET)) (confiture.run=repair in a Spring Boot application)";
    }

    private void interruptedRollbacks(Comparison comparison) {
        for (Comparison.Entry entry : comparison.entries()) {
            boolean interrupted = entry.state() == MigrationState.PARTIAL || entry.state() == MigrationState.IN_DOUBT;
            if (interrupted && entry.row() != null) {
                blockers.add(new MigrationException(
                        ErrorCode.PARTIALLY_ROLLED_BACK,
                        "The rollback of " + entry.id() + " was interrupted. Nothing was run",
                        "Finish it first: rollback(\"" + entry.id() + "\") goes on where it stopped.",
                        Place.of(entry.id())));
            }
        }
    }

    private static String describe(List<Comparison.Entry> entries) {
        int shown = Math.min(entries.size(), 10);
        List<String> lines = new ArrayList<>();
        for (Comparison.Entry entry : entries.subList(0, shown)) {
            lines.add(entry.id() + (entry.detail() == null ? "" : " (" + entry.detail() + ")"));
        }
        return String.join(", ", lines) + (shown < entries.size() ? " and " + (entries.size() - shown) + " more" : "");
    }

    private static Place place(List<Comparison.Entry> entries) {
        Comparison.Entry first = entries.get(0);
        @Nullable LocalMigration file = first.file();
        return new Place(first.id(), null, null, file == null ? null : file.file(), null, null, null);
    }

    /** Throws the first blocker, if there is one. */
    void throwIfBlocked() {
        if (!blockers.isEmpty()) {
            ConfitureException first = blockers.get(0);
            blockers.subList(1, blockers.size()).forEach(first::addSuppressed);
            throw first;
        }
    }
}
