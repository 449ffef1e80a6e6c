package io.confiture.migrate;

import io.confiture.migrate.AdoptionReport.Item;
import io.confiture.migrate.AdoptionReport.Outcome;
import io.confiture.migrate.AdoptionReport.Tool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads Flyway's history against the files: what the ledger is to say, and what there is to tell. Made of data only. */
final class FlywayAdoption {
    /** Prefix of a checksum that is Flyway's, kept where the file has changed since, so that the change stays visible. */
    private static final String FOREIGN_CHECKSUM = "flyway-crc32:";

    private final History history;
    private final List<LocalMigration> files;
    private final MigratorSettings settings;
    private final String table;
    private final String locations;
    private final Map<Version, LocalMigration> versioned = new HashMap<>();
    private final Map<Version, LocalMigration> baselines = new HashMap<>();
    private final Map<String, LocalMigration> repeatables = new HashMap<>();
    private @Nullable Version newestLocal;

    private final Map<Version, FlywayRow> applied = new LinkedHashMap<>();
    private final Map<String, FlywayRow> repeated = new LinkedHashMap<>();
    private final List<Item> items = new ArrayList<>();
    private final List<String> blockers = new ArrayList<>();
    private final List<Ledger.NewRow> rows = new ArrayList<>();
    private final Map<String, String> repeatableMarks = new LinkedHashMap<>();

    /**
     * What is to be written.
     *
     * @param rows of the ledger, in order
     * @param repeatables the checksums of the repeatable migrations that need not run, by id
     */
    record Plan(AdoptionReport report, List<Ledger.NewRow> rows, Map<String, String> repeatables) {}

    private FlywayAdoption(
            History history, List<LocalMigration> files, MigratorSettings settings, String table, String locations) {
        this.history = history;
        this.files = files;
        this.settings = settings;
        this.table = table;
        this.locations = locations;
        for (LocalMigration file : files) {
            Version version = file.version();
            if (version == null) {
                repeatables.put(file.migration().name().replace('_', ' '), file);
            } else {
                (file.baseline() ? baselines : versioned).put(version, file);
                newestLocal = version;
            }
        }
    }

    /**
     * @param flyway what Flyway has written, in order
     * @param history of Confiture itself
     * @param table of Flyway, named in messages like the locations
     */
    static Plan plan(
            List<FlywayRow> flyway,
            History history,
            List<LocalMigration> files,
            MigratorSettings settings,
            String table,
            String locations) {
        FlywayAdoption adoption = new FlywayAdoption(history, files, settings, table, locations);
        adoption.replay(flyway);
        return adoption.finish();
    }

    /** Later rows undo or replace earlier ones. */
    private void replay(List<FlywayRow> flyway) {
        FlywayRow baseline = null;
        for (FlywayRow row : flyway) {
            if (row.type().equals("SCHEMA")) {
                leaveOut(row, "says only that Flyway created the schema");
            } else if (row.version() == null) {
                repeated.remove(row.description());
                if (row.type().equals("DELETE")) {
                    leaveOut(row, "Flyway was told to forget a repeatable migration");
                } else {
                    repeated.put(row.description(), row);
                }
            } else if (row.type().equals("BASELINE")) {
                baseline = row;
            } else {
                versioned(row, Version.parse(row.version()));
            }
        }
        if (baseline != null) {
            baseline(baseline, Version.parse(Objects.requireNonNull(baseline.version())));
        }
        applied.forEach(this::adopt);
        repeated.values().forEach(this::repeatable);
    }

    private void versioned(FlywayRow row, Optional<Version> version) {
        if (version.isEmpty()) {
            block(row, "its version " + row.version() + " is not a number", "change it in " + table);
        } else if (row.type().equals("DELETE")) {
            applied.remove(version.get());
            leaveOut(row, "Flyway was told to forget this version");
        } else if (!row.undo()) {
            applied.remove(version.get());
            applied.put(version.get(), row);
        } else if (row.success()) {
            applied.remove(version.get());
            leaveOut(row, "undid this version, which is not applied any more");
        } else {
            blockFailed(row);
        }
    }

    /** Files up to it are what the database had before Flyway. */
    private void baseline(FlywayRow row, Optional<Version> version) {
        if (version.isEmpty()) {
            block(row, "its version " + row.version() + " is not a number", "change it in " + table);
            return;
        }
        int before = rows.size();
        for (LocalMigration file : files) {
            if (file.version() != null
                    && !file.baseline()
                    && !file.isAfter(version.get())
                    && !applied.containsKey(file.version())) {
                items.add(new Item(row.source(), Outcome.BASELINE, file.id(), null));
                rows.add(Ledger.NewRow.baseline(file, row.installedOn(), row.installedOn()));
            }
        }
        if (rows.size() == before) {
            leaveOut(row, "no file here is as old");
        }
    }

    private void adopt(Version version, FlywayRow row) {
        LocalMigration file = (row.baselineMigration() ? baselines : versioned).get(version);
        if (!row.success()) {
            blockFailed(row);
        } else if (file == null) {
            adoptWithoutFile(version, row);
        } else {
            adopt(row, file);
        }
    }

    private void adoptWithoutFile(Version version, FlywayRow row) {
        boolean newer = newestLocal != null && version.compareTo(newestLocal) > 0;
        String id = (row.baselineMigration() ? "B" + row.version() + "__" : row.version() + "_") + row.name();
        if (!newer && settings.missing() == Policy.FAIL) {
            block(
                    row,
                    row.sql() ? "no file of it is here" : "a migration in Java, and none of that version is given",
                    "put it back, or set confiture.migrate.missing=warn");
            return;
        }
        items.add(new Item(
                row.source(), Outcome.ADOPTED, id, newer ? "no file here; newer than all that are" : "no file here"));
        rows.add(Ledger.NewRow.adopted(
                id, Objects.requireNonNull(row.version()), row.name(), null, row.installedOn(), row.millis()));
    }

    private void adopt(FlywayRow row, LocalMigration file) {
        String checksum = null;
        String detail = null;
        Integer recorded = row.checksum();
        Checksum ours = file.checksum();
        if (!row.sql() || file.java() != null || recorded == null || ours == null) {
            detail = "cannot be compared with what Flyway ran";
        } else if (FlywayChecksum.of(file.up()) == recorded) {
            checksum = ours.normalized();
        } else if (settings.changed() == Policy.FAIL) {
            block(
                    row,
                    file.file() + " is not what Flyway ran",
                    "put the former text back, or set confiture.migrate.changed=warn");
            return;
        } else {
            checksum = FOREIGN_CHECKSUM + recorded;
            detail = file.file() + " is not what Flyway ran";
        }
        items.add(new Item(row.source(), Outcome.ADOPTED, file.id(), detail));
        rows.add(Ledger.NewRow.adopted(
                file.id(),
                file.migration().version(),
                file.migration().name(),
                checksum,
                row.installedOn(),
                row.millis()));
    }

    private void repeatable(FlywayRow row) {
        LocalMigration file = repeatables.get(row.description());
        if (!row.sql()) {
            leaveOut(row, "a repeatable migration in Java, which Confiture does not have");
        } else if (file == null) {
            leaveOut(row, "a repeatable migration whose file is not here");
        } else if (!row.success()) {
            items.add(new Item(row.source(), Outcome.RUNS_AGAIN, file.id(), "failed in Flyway"));
        } else if (row.checksum() == null || FlywayChecksum.of(file.up()) != row.checksum()) {
            // Flyway counts the values of placeholders in here, and nobody knows those it had.
            items.add(new Item(
                    row.source(),
                    Outcome.RUNS_AGAIN,
                    file.id(),
                    "its text or its placeholders are not what Flyway ran"));
        } else {
            items.add(new Item(row.source(), Outcome.ADOPTED, file.id(), null));
            repeatableMarks.put(
                    file.key(), Objects.requireNonNull(file.checksum()).normalized());
        }
    }

    private void leaveOut(FlywayRow row, String why) {
        items.add(new Item(row.source(), Outcome.LEFT_OUT, null, why));
    }

    private void block(FlywayRow row, String why, String remedy) {
        items.add(new Item(row.source(), Outcome.BLOCKED, null, why));
        blockers.add(row.source() + ": " + why + "; " + remedy);
    }

    private void blockFailed(FlywayRow row) {
        block(
                row,
                "failed in Flyway, and nobody knows how much of it is done",
                "look at the database and undo or finish it by hand, then run Flyway's repair, or delete its row from "
                        + table + " if it is undone and set its success to true if it is finished");
    }

    private Plan finish() {
        if (files.isEmpty()) {
            blockers.add("no migration was found in " + locations
                    + "; set confiture.migrate.locations to where Flyway's are, such as classpath:db/migration, and"
                    + " confiture.migrate.naming=flyway");
        }
        List<String> pending =
                Comparison.of(files, history.adopting(rows, repeatableMarks), settings.labels()).toApply().stream()
                        .map(Comparison.Entry::id)
                        .toList();
        return new Plan(
                new AdoptionReport(Tool.FLYWAY, table, items, pending, blockers), List.copyOf(rows), repeatableMarks);
    }
}
