package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.migrate.AdoptionReport.Item;
import io.confiture.migrate.AdoptionReport.Outcome;
import io.confiture.migrate.AdoptionReport.Tool;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes over the history of another tool, and keeps runs from passing it over. */
final class AdoptionOperation {
    private static final Logger log = LoggerFactory.getLogger(AdoptionOperation.class);

    private final MigratorSetup setup;
    private final List<LocalMigration> files;
    private final UUID runId;

    /** @param files all there are, those a target leaves out among them */
    AdoptionOperation(MigratorSetup setup, List<LocalMigration> files, UUID runId) {
        this.setup = setup;
        this.files = files;
        this.runId = runId;
    }

    AdoptionReport plan() {
        return setup.sessions().read(session -> {
            History history = History.read(session, setup.settings());
            AdoptionReport report = report(session, history, find(history));
            return ForeignHistory.untouchedBy(history, setup.settings()).isPresent()
                    ? report
                    : report.blockedBy(history.ledger().displayName() + " has rows of its own already");
        });
    }

    List<MigrationResult> run() {
        return setup.sessions().locked(runId, locked -> {
            History history = locked.history();
            if (history.marks().stream().anyMatch(mark -> mark.kind() == RunMark.Kind.ADOPTED)) {
                log.info("The history of another tool was taken over before");
                return List.of();
            }
            ForeignHistory found = find(history);
            if (ForeignHistory.untouchedBy(history, setup.settings()).isEmpty()) {
                throw blocked(
                        history.ledger().displayName() + " has rows of its own already: "
                                + history.applied().size() + " migrations are applied",
                        "Two histories cannot be put together. Where Confiture's is worthless, empty it first.");
            }
            return adopt(locked, found);
        });
    }

    /**
     * Takes over what is there before a run goes on.
     *
     * @return whether something was
     * @throws MigrationException if there is the history of another tool and nobody has said what to do about it
     */
    boolean before(LockedSession locked) throws SQLException {
        Optional<ForeignHistory> found = toDecide(locked.history());
        if (found.isEmpty()) {
            return false;
        }
        refuseUnlessAdopting(locked.session(), locked.history(), found.get());
        adopt(locked, found.get());
        locked.refresh(setup.settings());
        return true;
    }

    /**
     * Whether a run without the lock has to go on under it, to take over what is there.
     *
     * @throws MigrationException as {@link #before}
     */
    boolean isNeeded(Session session, History history) throws SQLException {
        Optional<ForeignHistory> found = toDecide(history);
        if (found.isPresent()) {
            refuseUnlessAdopting(session, history, found.get());
        }
        return found.isPresent();
    }

    private Optional<ForeignHistory> toDecide(History history) {
        return setup.settings().adopt() == Adoption.NONE
                ? Optional.empty()
                : ForeignHistory.untouchedBy(history, setup.settings());
    }

    /** What stands in the way of a run that reads only, and does not look into the other tool's table. */
    static Optional<MigrationException> blocker(History history, MigratorSettings settings) {
        if (settings.adopt() == Adoption.NONE) {
            return Optional.empty();
        }
        return ForeignHistory.untouchedBy(history, settings)
                .map(found -> refusal(found, history, "planAdoption() tells what is in it"));
    }

    private void refuseUnlessAdopting(Session session, History history, ForeignHistory found) throws SQLException {
        if (setup.settings().adopt() != Adoption.FLYWAY || found.tool() != Tool.FLYWAY) {
            throw refusal(found, history, report(session, history, found).brief());
        }
    }

    private static MigrationException refusal(ForeignHistory found, History history, String report) {
        boolean flyway = found.tool() == Tool.FLYWAY;
        return new MigrationException(
                ErrorCode.FOREIGN_HISTORY,
                found.displayName() + " exists, and nothing was ever written to "
                        + history.ledger().displayName() + ": "
                        + found.tool() + " has migrated this database. Nothing was run." + System.lineSeparator() + "  "
                        + report,
                (flyway
                                ? "To take its history over, set confiture.migrate.adopt=flyway (or call adopt()). "
                                : "To record what Liquibase has done, call baseline(version) once. ")
                        + "If " + found.tool() + " goes on to keep tables of its own in this database, set"
                        + " confiture.migrate.adopt=none. See docs/leaving-flyway.md.",
                Place.UNKNOWN);
    }

    private ForeignHistory find(History history) {
        return ForeignHistory.find(history, setup.settings())
                .orElseThrow(() -> new MigrationException(
                        ErrorCode.FOREIGN_HISTORY,
                        "There is no " + setup.settings().flywayTable() + " and no " + ForeignHistory.LIQUIBASE_TABLE
                                + " on the search path of user "
                                + history.facts().user() + " or in schema "
                                + history.ledger().schema() + ". Nothing was done",
                        "Name the table with its schema (confiture.migrate.flyway-table).",
                        Place.UNKNOWN));
    }

    private AdoptionReport report(Session session, History history, ForeignHistory found) throws SQLException {
        return found.tool() == Tool.FLYWAY ? flyway(session, history, found).report() : liquibase(session, found);
    }

    private FlywayAdoption.Plan flyway(Session session, History history, ForeignHistory found) throws SQLException {
        List<FlywayRow> rows;
        try {
            rows = FlywayRow.read(session, found);
        } catch (SQLException e) {
            throw unreadable(e, history, found);
        }
        return FlywayAdoption.plan(rows, history, files, setup.settings(), found.displayName(), setup.locations());
    }

    private AdoptionReport liquibase(Session session, ForeignHistory found) throws SQLException {
        List<Item> items = session.query(
                "SELECT filename, count(*) FROM " + found.sqlName() + " GROUP BY filename ORDER BY min(orderexecuted)",
                rs -> new Item(rs.getString(1), Outcome.LEFT_OUT, null, rs.getLong(2) + " change sets"));
        return new AdoptionReport(
                Tool.LIQUIBASE,
                found.displayName(),
                items,
                files.stream().map(LocalMigration::id).toList(),
                List.of("change sets are no files of Confiture; write what they made as migrations (pg_dump"
                        + " --schema-only is a start), and record them with baseline(version)"));
    }

    private List<MigrationResult> adopt(LockedSession locked, ForeignHistory found) throws SQLException {
        ServerFailures.requireWritable(locked.history());
        Session session = locked.session();
        requirePossible(report(session, locked.history(), found));
        setup.sessions().createLedger(locked);
        Progress table = new Progress(locked.ledger());
        locked.createProgressIfAbsent(table);
        FlywayAdoption.Plan plan = session.inTransaction(() -> {
            lock(locked, found);
            FlywayAdoption.Plan now = flyway(session, locked.history(), found);
            requirePossible(now.report());
            write(locked, table, found, now);
            return now;
        });
        setup.tellLedgerChanged();
        log.info("{}", plan.report().toString().replaceFirst("Would adopt", "Adopted"));
        return results(plan);
    }

    /** So that Flyway adds nothing meanwhile; it may still be read. */
    private void lock(LockedSession locked, ForeignHistory found) throws SQLException {
        long millis = setup.settings().lockTimeout().toMillis();
        Session session = locked.session();
        try {
            session.execute("SET LOCAL lock_timeout = '" + millis + "ms'");
            session.execute("LOCK TABLE " + found.sqlName() + " IN SHARE MODE");
        } catch (SQLException e) {
            if (ServerError.of(e).is("55P03")) {
                throw new LockTimeoutException(
                        ErrorCode.STATEMENT_LOCK_TIMEOUT,
                        found.displayName() + " was written to for longer than " + millis
                                + " ms; Flyway runs somewhere. Nothing was taken over",
                        "Let it end, and start again.",
                        Place.UNKNOWN,
                        e);
            }
            throw unreadable(e, locked.history(), found);
        }
    }

    private void write(LockedSession locked, Progress table, ForeignHistory found, FlywayAdoption.Plan plan)
            throws SQLException {
        Session session = locked.session();
        Map<String, String> marks = new LinkedHashMap<>();
        plan.rows().forEach(row -> marks.put(row.version(), row.checksum() == null ? "" : row.checksum()));
        String text = "took over " + plan.rows().size() + " migrations and "
                + plan.repeatables().size() + " repeatable ones from " + found.displayName();
        Audit.Row audit = new Audit.Row(found.displayName(), "adopted", text, null, null);
        if (!locked.ledger().insertAll(session, locked.lock(), plan.rows())
                || !table.insertMarks(session, locked.lock(), runId, RunMark.Kind.ADOPTED, marks)
                || !table.insertMarks(session, locked.lock(), runId, RunMark.Kind.REPEATABLE, plan.repeatables())
                || !new Audit(table).insert(session, locked.lock(), runId, Audit.Kind.ADOPTED, audit)) {
            throw Run.lockLost("the adoption of " + found.displayName(), locked.lock());
        }
    }

    private static List<MigrationResult> results(FlywayAdoption.Plan plan) {
        List<MigrationResult> results = new ArrayList<>();
        for (Item item : plan.report().items()) {
            String migration = item.migration();
            if (migration != null && plan.repeatables().containsKey(migration)) {
                results.add(MigrationResult.adopted(migration, "R", migration.substring(3), List.of()));
            }
        }
        for (int i = plan.rows().size() - 1; i >= 0; i--) {
            Ledger.NewRow row = plan.rows().get(i);
            results.add(
                    0, MigrationResult.adopted(row.version() + "_" + row.name(), row.version(), row.name(), List.of()));
        }
        return results;
    }

    private static void requirePossible(AdoptionReport report) {
        if (!report.possible()) {
            throw blocked(
                    "The history of " + report.tool() + " in " + report.table() + " cannot be taken over as it is: "
                            + report.brief(),
                    "Remove what is in the way, as told behind it, and start again.");
        }
    }

    private static MigrationException blocked(String message, String hint) {
        return new MigrationException(
                ErrorCode.ADOPTION_BLOCKED, message + ". Nothing was taken over", hint, Place.UNKNOWN);
    }

    private static RuntimeException unreadable(SQLException e, History history, ForeignHistory found)
            throws SQLException {
        ServerError error = ServerError.of(e);
        if (error.is("42501")) {
            return new MigrationException(
                    ErrorCode.INSUFFICIENT_PRIVILEGE,
                    "User " + history.facts().user() + " may not read and lock " + found.displayName() + ": "
                            + error.message() + " [42501]. Nothing was taken over",
                    "GRANT SELECT, UPDATE ON " + found.sqlName() + " TO "
                            + history.facts().user() + ", or migrate as the role that owns it (confiture.username).",
                    new Place(null, null, null, null, null, null, error.sqlState()),
                    e);
        }
        if (error.is("42703")) {
            return blocked(
                    found.displayName() + " is no history of Flyway: " + error.message(),
                    "Name the right table (confiture.migrate.flyway-table), or set confiture.migrate.adopt=none.");
        }
        throw e;
    }
}
