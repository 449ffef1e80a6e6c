package io.confiture.migrate;

import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.migrate.InitialBuild.Built;
import io.confiture.migrate.InitialBuild.NotEmpty;
import io.confiture.migrate.InitialBuild.Refused;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import io.confiture.sql.ScriptDirectives;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds an empty database at once, called for itself or at the begin of a run. */
final class InitialBuildOperation {
    private static final Logger log = LoggerFactory.getLogger(InitialBuildOperation.class);
    private static final String TRANSACTION = "SELECT pg_catalog.pg_current_xact_id()::text";

    private final MigratorSetup setup;
    private final List<LocalMigration> files;
    private final InitialSchema schema;
    private final Run run;

    InitialBuildOperation(MigratorSetup setup, List<LocalMigration> files, InitialSchema schema, Run run) {
        this.setup = setup;
        this.files = files;
        this.schema = schema;
        this.run = run;
    }

    InitialBuild run() {
        return setup.sessions().lockedUnless(run.id(), this::unlessEmpty, this::build);
    }

    /** The one look without the lock. */
    private Optional<InitialBuild> unlessEmpty(Session session) throws SQLException {
        History history = History.read(session, setup.settings());
        List<String> found = DatabaseContent.find(session, history);
        if (found.isEmpty()) {
            ServerFailures.requireWritable(history);
            return Optional.empty();
        }
        return Optional.of(new NotEmpty(found));
    }

    InitialBuild build(LockedSession locked) throws SQLException {
        List<String> found = DatabaseContent.find(locked.session(), locked.history());
        if (!found.isEmpty()) {
            return told(new NotEmpty(found));
        }
        List<LocalMigration> migrations = setup.compare(files, locked.history()).toApply().stream()
                .filter(entry -> !entry.repeatable())
                .map(ApplyOperation::fileOf)
                .toList();
        List<String> reasons =
                new UncoveredData(schema, files, setup.locations(), locked.currentSchema()).reasons(migrations);
        if (!reasons.isEmpty()) {
            return told(new Refused(reasons));
        }
        ServerFailures.requireWritable(locked.history());
        return build(locked, migrations);
    }

    private InitialBuild build(LockedSession locked, List<LocalMigration> migrations) throws SQLException {
        String hash = schema.hash();
        long start = System.nanoTime();
        Session session = locked.session();
        List<String> appeared = session.inTransaction(() -> {
            // Whoever knows nothing of the lock may have created something meanwhile.
            List<String> found = DatabaseContent.find(session, locked.history());
            if (found.isEmpty()) {
                locked.setLocalTimeouts(ScriptDirectives.NONE, setup.settings());
                create(session);
                record(locked, migrations, hash);
            }
            return found;
        });
        if (!appeared.isEmpty()) {
            return told(new NotEmpty(appeared));
        }
        locked.refresh(setup.settings());
        setup.tellLedgerChanged();
        Duration duration = Duration.ofNanos(System.nanoTime() - start);
        List<MigrationResult> recorded = new ArrayList<>();
        for (LocalMigration file : migrations) {
            recorded.add(new MigrationResult(
                    file.migration(), MigrationAction.BASELINED, Duration.ZERO, file.up()::sql, 0, List.of()));
            run.committed(file.migration(), MigrationAction.BASELINED, Duration.ZERO, 0);
        }
        List<String> skipped = migrations.stream()
                .filter(file -> file.java() != null)
                .map(LocalMigration::id)
                .toList();
        Built built = new Built(hash, recorded, skipped, duration);
        log.info("Database {} was {}", locked.history().facts().database(), built);
        if (!skipped.isEmpty()) {
            log.warn("The schema that was built stands for migrations in Java, which were not run: {}", skipped);
        }
        return built;
    }

    private InitialBuild told(InitialBuild outcome) {
        if (outcome instanceof Refused) {
            log.warn("{}. All migrations are run instead", outcome);
        } else {
            log.info("{}", outcome);
        }
        return outcome;
    }

    private void create(Session session) throws SQLException {
        String transaction = transaction(session);
        try {
            schema.create(session);
        } catch (SQLException | RuntimeException | LinkageError | AssertionError e) {
            if (!session.isBroken()) {
                session.restoreAutoCommit();
            }
            throw failed(e);
        }
        if (session.restoreAutoCommit()) {
            throw wrong("it switched auto-commit off", "rolled back");
        }
        if (session.inFailedTransaction()) {
            throw wrong("one of its statements failed, and it went on as if nothing had happened", "rolled back");
        }
        if (!session.inTransaction() || !transaction.equals(transaction(session))) {
            throw wrong(
                    "it ended the transaction, which is for Confiture to do",
                    "what it did before may be committed; no migration was recorded");
        }
        try {
            session.reset();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static String transaction(Session session) throws SQLException {
        return session.query(TRANSACTION, rs -> rs.getString(1)).get(0);
    }

    private SQLException failed(Throwable thrown) {
        if (thrown instanceof ConfitureException told) {
            throw told;
        }
        String problem = thrown.getMessage() == null ? thrown.getClass().getName() : thrown.getMessage();
        String hint = null;
        SQLException sql = sqlFailure(thrown);
        if (sql != null) {
            ServerError error = ServerError.of(sql);
            if (error.is("57014") || error.connectionLost()) {
                return sql;
            }
            problem = error.message() + " [" + error.sqlState() + "]";
            hint = error.hint();
        }
        throw new SchemaException(
                ErrorCode.INITIAL_BUILD_FAILED,
                "The database could not be built from schema " + schema.hash() + ": " + problem
                        + "; rolled back, the database is as empty as before",
                hint,
                thrown);
    }

    /** Frameworks put exceptions of their own around it. */
    private static @Nullable SQLException sqlFailure(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    private SchemaException wrong(String problem, String state) {
        return new SchemaException(
                ErrorCode.INITIAL_BUILD_FAILED,
                "The database could not be built from schema " + schema.hash() + ": " + problem + "; " + state,
                "A schema is built within the transaction that it is given.");
    }

    /** The ledger comes after the schema, which may create the place for it. */
    private void record(LockedSession locked, List<LocalMigration> migrations, String hash) throws SQLException {
        Session session = locked.session();
        Progress table = new Progress(locked.ledger());
        try {
            if (setup.settings().createSchema()) {
                MigratorSessions.createSchemaIfAbsent(locked);
            }
            locked.ledger().create(session);
            table.create(session);
        } catch (SQLException e) {
            throw ServerFailures.ledgerNotCreated(e, locked.history());
        }
        String digest = LocalMigration.digest(migrations);
        String last = migrations.isEmpty()
                ? ""
                : migrations.get(migrations.size() - 1).key();
        String text = "built from schema " + hash + ", recorded " + migrations.size()
                + " migrations; equivalence not checked";
        table.deleteMarks(session, RunMark.Kind.BUILT);
        List<Ledger.NewRow> rows = migrations.stream()
                .map(file -> Ledger.NewRow.built(file, Instant.now()))
                .toList();
        if (!locked.ledger().insertAll(session, locked.lock(), rows)
                || !table.insertMark(session, locked.lock(), run.id(), RunMark.Kind.BUILT, hash, digest)
                || !new Audit(table)
                        .insert(
                                session,
                                locked.lock(),
                                run.id(),
                                Audit.Kind.BASELINE,
                                new Audit.Row(last, "built", text, null, null))) {
            throw Run.lockLost("the schema", locked.lock());
        }
    }
}
