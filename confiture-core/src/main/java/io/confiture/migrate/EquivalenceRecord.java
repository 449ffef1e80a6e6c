package io.confiture.migrate;

import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of {@code confirmEquivalence}. */
final class EquivalenceRecord {
    private static final Logger log = LoggerFactory.getLogger(EquivalenceRecord.class);

    private final MigratorSetup setup;
    private final List<LocalMigration> files;
    private final String hash;
    private final UUID runId = UUID.randomUUID();

    EquivalenceRecord(MigratorSetup setup, List<LocalMigration> files, String hash) {
        this.setup = setup;
        this.files = files;
        this.hash = hash;
    }

    boolean write() {
        return setup.sessions().lockedUnless(runId, this::withoutLock, this::write);
    }

    /** False if it is about another schema; true if it is known already. */
    private Optional<Boolean> withoutLock(Session session) throws SQLException {
        History history = History.read(session, setup.settings());
        SchemaOrigin origin = history.origin();
        if (origin == null || !origin.hash().equals(hash) || !standsForAll(history)) {
            return Optional.of(false);
        }
        if (origin.equivalenceProven()) {
            return Optional.of(true);
        }
        ServerFailures.requireWritable(history);
        return Optional.empty();
    }

    /** Whether the schema was built in place of just the migrations that are here, with these texts. */
    private boolean standsForAll(History history) {
        List<Comparison.Entry> versioned = setup.compare(files, history).entries().stream()
                .filter(entry -> entry.file() != null && !entry.repeatable() && entry.state() != MigrationState.IGNORED)
                .toList();
        RunMark built = history.mark(RunMark.Kind.BUILT, null);
        return built != null
                && versioned.stream().allMatch(entry -> entry.row() != null && Ledger.isBuilt(entry.row()))
                && LocalMigration.digest(
                                versioned.stream().map(ApplyOperation::fileOf).toList())
                        .equals(built.checksum());
    }

    private boolean write(LockedSession locked) throws SQLException {
        Session session = locked.session();
        Optional<Boolean> known = withoutLock(session);
        RunMark built = locked.history().mark(RunMark.Kind.BUILT, null);
        if (known.isPresent() || built == null) {
            return known.orElse(false);
        }
        Progress table = new Progress(locked.ledger());
        session.inTransaction(() -> {
            if (!table.insertMark(session, locked.lock(), runId, RunMark.Kind.EQUIVALENT, hash, built.checksum())) {
                throw Run.lockLost(null, locked.lock());
            }
            return true;
        });
        setup.tellLedgerChanged();
        log.info("Recorded that schema {} and the migrations it stands for are equivalent", hash);
        return true;
    }
}
