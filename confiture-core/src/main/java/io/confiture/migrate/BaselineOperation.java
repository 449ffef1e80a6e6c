package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of {@code baseline}. */
final class BaselineOperation {
    private static final Logger log = LoggerFactory.getLogger(BaselineOperation.class);

    private final MigratorSetup setup;
    private final List<LocalMigration> files;
    private final Version target;
    private final Run run;

    /** @param target the highest version to record */
    BaselineOperation(MigratorSetup setup, List<LocalMigration> files, Version target) {
        this.setup = setup;
        this.files = BaselineMigrations.upTo(files, target);
        this.target = target;
        this.run = setup.newRun();
    }

    List<MigrationResult> run() {
        return setup.sessions().lockedUnless(run.id(), this::nothingToDo, this::record);
    }

    /** The one look without the lock. */
    private Optional<List<MigrationResult>> nothingToDo(Session session) throws SQLException {
        History history = History.read(session, setup.settings());
        List<Comparison.Entry> entries = upToTarget(history);
        if (entries.stream().allMatch(entry -> entry.row() != null && !unfinished(entry))) {
            return Optional.of(results(entries, List.of()));
        }
        ServerFailures.requireWritable(history);
        return Optional.empty();
    }

    private List<MigrationResult> record(LockedSession locked) throws SQLException {
        List<Comparison.Entry> entries = upToTarget(locked.history());
        entries.stream().filter(BaselineOperation::unfinished).findFirst().ifPresent(entry -> {
            throw unfinishedError(entry);
        });
        List<LocalMigration> recorded = new ArrayList<>();
        for (Comparison.Entry entry : entries) {
            if (entry.row() == null) {
                recorded.add(ApplyOperation.fileOf(entry));
            }
        }
        if (recorded.isEmpty()) {
            return results(entries, List.of());
        }
        ServerFailures.requireWritable(locked.history());
        LocalMigration last = recorded.get(recorded.size() - 1);
        List<String> warnings = warnings(locked, last);
        setup.sessions().createLedger(locked);
        Progress table = new Progress(locked.ledger());
        locked.createProgressIfAbsent(table);
        Session session = locked.session();
        session.inTransaction(() -> {
            Audit.Row row = new Audit.Row(last.key(), "recorded", describe(recorded), null, null);
            if (!locked.ledger().insertBaseline(session, locked.lock(), recorded, Instant.now())
                    || !new Audit(table).insert(session, locked.lock(), run.id(), Audit.Kind.BASELINE, row)) {
                throw Run.lockLost(last.id(), locked.lock());
            }
            return true;
        });
        setup.tellLedgerChanged();
        log.info(
                "Baseline of {} at {}: {}, without running anything",
                locked.history().facts().database(),
                last.id(),
                describe(recorded));
        warnings.forEach(log::warn);
        return results(entries, warnings);
    }

    /** What is applied or would be, and what was begun, up to and including the target. */
    private List<Comparison.Entry> upToTarget(History history) {
        Comparison comparison = setup.compare(files, history);
        comparison.in(MigrationState.IGNORED).forEach(this::requireNotTheTarget);
        return comparison.entries().stream()
                .filter(entry -> isBegunBelow(entry)
                        || (entry.file() != null
                                && !entry.file().isAfter(target)
                                && (entry.row() != null || entry.toApply())))
                .toList();
    }

    /** Else all below it would be recorded, and it itself be left out without a word. */
    private void requireNotTheTarget(Comparison.Entry entry) {
        LocalMigration file = ApplyOperation.fileOf(entry);
        if (target.equals(file.version()) && !setup.settings().labels().select(file)) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The target of the baseline, " + entry.id() + ", does not run here: " + entry.detail()
                            + ". Nothing was recorded",
                    "Name the last migration below it that runs here, or give the call one of its labels"
                            + " (confiture.migrate.labels, MigratorBuilder.labels without Spring).");
        }
    }

    /** A migration without file that was begun at or below the target. */
    private boolean isBegunBelow(Comparison.Entry entry) {
        return entry.begun() != null
                && Version.parse(entry.begun())
                        .map(version -> version.compareTo(target) <= 0)
                        .orElse(false);
    }

    private static boolean unfinished(Comparison.Entry entry) {
        return entry.state() == MigrationState.PARTIAL || entry.state() == MigrationState.IN_DOUBT;
    }

    private static MigrationException unfinishedError(Comparison.Entry entry) {
        String finish = entry.row() == null ? "applyAll()" : "rollback(\"" + entry.id() + "\")";
        return new MigrationException(
                ErrorCode.PARTIALLY_APPLIED,
                "Migration " + entry.id() + " is " + entry.state() + ": " + entry.detail()
                        + ". A baseline would hide that; nothing was recorded",
                entry.file() == null
                        ? "Undo by hand what it has committed, then " + Preflight.forgetHint(entry.id()) + "."
                        : entry.state() == MigrationState.IN_DOUBT
                                ? UnfinishedSegment.decideHint(entry.id()) + " Then finish it with " + finish + "."
                                : "Finish it first with " + finish + ".",
                Place.of(entry.id()));
    }

    private static List<String> warnings(LockedSession locked, LocalMigration last) throws SQLException {
        Ledger ledger = locked.ledger();
        boolean empty = locked.session()
                .query(
                        "SELECT NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                                + " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')"
                                + " AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
                                + " AND NOT (n.nspname = ? AND c.relname IN (?, ?))"
                                + " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.deptype = 'e'"
                                + " AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid))",
                        rs -> rs.getBoolean(1), ledger.schema(), ledger.table(), Progress.tableOf(ledger.table()))
                .get(0);
        return empty
                ? List.of(
                        "Database " + locked.history().facts().database() + " has no table of its own: a baseline says"
                                + " that the migrations up to " + last.id() + " were applied to it")
                : List.of();
    }

    private static String describe(List<LocalMigration> recorded) {
        String first = recorded.get(0).id();
        return recorded.size() == 1
                ? "recorded " + first
                : "recorded " + recorded.size() + " migrations, " + first + " to "
                        + recorded.get(recorded.size() - 1).id();
    }

    /** @param warnings of the call; they go with the last */
    private static List<MigrationResult> results(List<Comparison.Entry> entries, List<String> warnings) {
        List<MigrationResult> results = new ArrayList<>();
        for (Comparison.Entry entry : entries) {
            LocalMigration file = ApplyOperation.fileOf(entry);
            boolean isLast = results.size() == entries.size() - 1;
            results.add(file.notRun(
                    entry.row() == null ? MigrationAction.BASELINED : MigrationAction.ALREADY_APPLIED,
                    isLast ? warnings : List.of()));
        }
        return results;
    }
}
