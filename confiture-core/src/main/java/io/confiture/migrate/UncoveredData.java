package io.confiture.migrate;

import io.confiture.sql.BeyondDatabase;
import io.confiture.sql.DataChange;
import io.confiture.sql.ObjectName;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.SqlStatement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What migrations do to the rows of an empty database, or beyond it, and a schema is not known to do. */
final class UncoveredData {
    private static final int SHOWN = 20;

    private final Set<ObjectName> filled = new HashSet<>();
    private final Set<LocalMigration> covered = new HashSet<>();
    private final @Nullable String currentSchema;

    /** A change with its statement. */
    private record Found(String place, DataChange change) {}

    /**
     * @param currentSchema where names without a schema are; null for nowhere
     * @throws io.confiture.error.MigrationException if the schema says that it covers a migration that does not exist
     */
    UncoveredData(InitialSchema schema, List<LocalMigration> files, String locations, @Nullable String currentSchema) {
        this.currentSchema = currentSchema;
        schema.tablesWithRows().forEach(table -> filled.add(qualified(table)));
        schema.coveredMigrations().forEach(name -> covered.add(Names.find(name, files, locations)));
    }

    /** Why the schema cannot stand for these migrations; empty if it can. */
    List<String> reasons(List<LocalMigration> migrations) {
        List<Found> found = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (LocalMigration migration : migrations) {
            if (!covered.contains(migration)) {
                read(migration, found, reasons);
            }
        }
        Set<ObjectName> added = new HashSet<>();
        found.forEach(one -> {
            if (one.change() instanceof DataChange.AddsRows adds) {
                added.add(qualified(adds.table()));
            }
        });
        for (Found one : found) {
            String reason = reason(one.change(), added);
            if (reason != null) {
                reasons.add(one.place() + ": " + reason);
            }
        }
        return reasons.size() <= SHOWN ? reasons : shown(reasons);
    }

    private static List<String> shown(List<String> reasons) {
        List<String> shown = new ArrayList<>(reasons.subList(0, SHOWN));
        shown.add("and " + (reasons.size() - SHOWN) + " more");
        return shown;
    }

    private static void read(LocalMigration migration, List<Found> found, List<String> reasons) {
        try (ScriptReader reader = migration.up().open()) {
            for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                String place = statement.file() + ":" + statement.start().line();
                List<DataChange> changes = DataChange.of(statement);
                changes.forEach(change -> found.add(new Found(place, change)));
                // A COPY of a file is there for its rows.
                if (changes.isEmpty()) {
                    BeyondDatabase.of(statement)
                            .ifPresent(beyond ->
                                    reasons.add(place + ": " + beyond + ", and no file of the schema covers it"));
                }
            }
        }
    }

    private @Nullable String reason(DataChange change, Set<ObjectName> added) {
        if (change instanceof DataChange.AddsRows adds) {
            ObjectName table = qualified(adds.table());
            return filled.contains(table)
                    ? null
                    : adds.verb() + " adds rows to " + table.schema() + "." + table.name() + ", and no seed does";
        }
        if (change instanceof DataChange.ChangesRows changes) {
            ObjectName table = qualified(changes.table());
            return filled.contains(table) || !added.contains(table)
                    ? null
                    : changes.verb() + " changes rows of " + table.schema() + "." + table.name()
                            + ", and no seed adds any";
        }
        return change instanceof DataChange.Unknown unknown
                ? "its text does not tell what " + unknown.verb() + " does to data, and no file of the schema covers it"
                : null;
    }

    private ObjectName qualified(ObjectName table) {
        return table.schema() == null ? new ObjectName(currentSchema, table.name()) : table;
    }
}
