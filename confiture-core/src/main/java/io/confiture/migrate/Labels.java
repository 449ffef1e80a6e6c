package io.confiture.migrate;

import io.confiture.error.SqlScriptException;
import java.util.List;
import java.util.Set;

/**
 * The labels of this run, which select among migrations that have labels. A migration without labels always runs; one
 * with {@code a,b} runs where one of them is a label of the run, and never where it says {@code !c} of one that is.
 */
record Labels(Set<String> active) {

    Labels {
        active = Set.copyOf(active);
    }

    boolean select(LocalMigration migration) {
        Set<String> wanted;
        try {
            wanted = migration.labels();
        } catch (SqlScriptException e) {
            // What cannot be read stays pending, and the run says where it is broken.
            return true;
        }
        boolean excluded =
                wanted.stream().anyMatch(label -> label.startsWith("!") && active.contains(label.substring(1)));
        List<String> including =
                wanted.stream().filter(label -> !label.startsWith("!")).toList();
        return !excluded && (including.isEmpty() || including.stream().anyMatch(active::contains));
    }

    /** Why a migration that is not selected is not. */
    String whyNot(LocalMigration migration) {
        return "its labels are " + String.join(",", migration.labels()) + ", those of this run "
                + (active.isEmpty()
                        ? "none"
                        : String.join(",", active.stream().sorted().toList()));
    }
}
