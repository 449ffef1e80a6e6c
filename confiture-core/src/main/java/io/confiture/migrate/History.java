package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.ServerFacts;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a database says of its own past, read in at most three queries.
 *
 * @param ledgerExists three states are told apart: absent (here), empty (no rows) and unreadable (an exception)
 * @param progressExists whether the table beside the ledger exists
 */
record History(
        ServerFacts facts,
        Ledger ledger,
        boolean ledgerExists,
        boolean progressExists,
        List<AppliedMigration> applied,
        List<Progress.Entry> progress,
        List<RunMark> marks) {

    /**
     * Finds the ledger and reads it.
     *
     * @throws ConfigurationException if there is no schema to keep it in, or it exists only off the search path
     */
    static History read(Session session, MigratorSettings settings) throws SQLException {
        History history = read(session, settings.schema(), settings.table(), settings.flywayTable());
        if (settings.owner() != null) {
            settings.owner().claim(history);
        }
        return history;
    }

    /** @param schema where the ledger is, or null to look on the search path */
    private static History read(Session session, @Nullable String schema, String table, String flywayTable)
            throws SQLException {
        String progressTable = Progress.tableOf(table);
        ServerFacts facts = ServerFacts.read(
                session, table, progressTable, ForeignHistory.bareName(flywayTable), ForeignHistory.LIQUIBASE_TABLE);
        Ledger ledger = locate(facts, schema, table);
        boolean exists = exists(facts, ledger.schema(), table);
        boolean progressExists = exists(facts, ledger.schema(), progressTable);
        try {
            List<AppliedMigration> applied = exists ? ledger.read(session) : List.of();
            Progress.Rows rows = progressExists ? new Progress(ledger).read(session) : Progress.Rows.NONE;
            return new History(facts, ledger, exists, progressExists, applied, rows.segments(), rows.marks());
        } catch (SQLException e) {
            throw unreadable(e, facts, ledger, progressExists);
        }
    }

    /** The whole schema that the database was built from; null if it was not, or no row of it is left. */
    @Nullable
    SchemaOrigin origin() {
        RunMark built = mark(RunMark.Kind.BUILT, null);
        if (built == null || !builtWithoutMigrations() && applied.stream().noneMatch(Ledger::isBuilt)) {
            return null;
        }
        return new SchemaOrigin(built.version(), built.at(), mark(RunMark.Kind.EQUIVALENT, built) != null);
    }

    /** Whether it was built from a schema that stood for no migration, so that no row tells of it. */
    boolean builtWithoutMigrations() {
        RunMark built = mark(RunMark.Kind.BUILT, null);
        return built != null && LocalMigration.digest(List.of()).equals(built.checksum());
    }

    /**
     * The last mark of a kind.
     *
     * @param like of which it must have version and checksum; null for any
     */
    @Nullable
    RunMark mark(RunMark.Kind kind, @Nullable RunMark like) {
        return marks.stream()
                .filter(mark -> mark.kind() == kind)
                .filter(mark -> like == null
                        || (mark.version().equals(like.version()) && Objects.equals(mark.checksum(), like.checksum())))
                .reduce((earlier, later) -> later)
                .orElse(null);
    }

    /** What it will be once rows of another tool are taken over. */
    History adopting(List<Ledger.NewRow> rows, Map<String, String> repeatables) {
        List<AppliedMigration> adopted = new ArrayList<>();
        rows.forEach(row -> adopted.add(row.asApplied(adopted.size())));
        List<RunMark> runs = new ArrayList<>();
        runs.add(new RunMark(0, RunMark.Kind.ADOPTED, "", null, Instant.EPOCH));
        repeatables.forEach(
                (id, checksum) -> runs.add(new RunMark(0, RunMark.Kind.REPEATABLE, id, checksum, Instant.EPOCH)));
        return new History(facts, ledger, true, true, adopted, List.of(), runs);
    }

    private static boolean exists(ServerFacts facts, String schema, String table) {
        return facts.tables().stream()
                .anyMatch(t -> t.name().equals(table) && t.schema().equals(schema));
    }

    private static Ledger locate(ServerFacts facts, @Nullable String schema, String table) {
        if (schema != null) {
            return new Ledger(schema, table);
        }
        List<ServerFacts.Table> ledgers =
                facts.tables().stream().filter(t -> t.name().equals(table)).toList();
        for (ServerFacts.Table found : ledgers) {
            if (found.visible()) {
                return new Ledger(found.schema(), table);
            }
        }
        if (!ledgers.isEmpty()) {
            String places = String.join(
                    ", ", ledgers.stream().map(t -> t.schema() + "." + t.name()).toList());
            throw new ConfigurationException(
                    ErrorCode.LEDGER_AMBIGUOUS,
                    "A ledger exists at " + places + ", which is not on the search path of user " + facts.user()
                            + ". A second one would apply everything again; nothing was done",
                    "Set the schema of the ledger (confiture.migrate.schema), or add it to the search path.");
        }
        if (facts.currentSchema() == null) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The search path of user " + facts.user() + " names no schema that exists; nothing was done",
                    "Create the schema, or set the schema of the ledger (confiture.migrate.schema).");
        }
        return new Ledger(facts.currentSchema(), table);
    }

    private static RuntimeException unreadable(SQLException e, ServerFacts facts, Ledger ledger, boolean progressExists)
            throws SQLException {
        ServerError error = ServerError.of(e);
        if (error.is("42501")) {
            return new MigrationException(
                    ErrorCode.INSUFFICIENT_PRIVILEGE,
                    "User " + facts.user() + " may not read the ledger " + ledger.displayName() + ": " + error.message()
                            + " [42501]. Nothing was done",
                    "GRANT SELECT, INSERT, UPDATE, DELETE ON " + ledger.sqlName()
                            + (progressExists ? ", " + new Progress(ledger).sqlName() : "") + " TO "
                            + facts.user()
                            + ", or migrate as the role that owns it (confiture.username).",
                    new MigrationException.Place(null, null, null, null, null, null, error.sqlState()),
                    e);
        }
        // A column that is absent or of a type of its own.
        if (error.is("42703") || error.is("42846") || error.is("22P02")) {
            return noLedger(ledger, error.message(), e);
        }
        throw e;
    }

    static ConfigurationException noLedger(Ledger ledger, String why, @Nullable SQLException cause) {
        return new ConfigurationException(
                ErrorCode.LEDGER_UNKNOWN_SHAPE,
                ledger.displayName() + " exists and is not a ledger of Confiture: " + why + ". Nothing was done",
                "Choose another name for the ledger (confiture.migrate.table).",
                cause);
    }
}
