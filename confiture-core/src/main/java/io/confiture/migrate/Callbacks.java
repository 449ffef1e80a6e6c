package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.SourcePosition;
import io.confiture.sql.SqlStatement;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scripts around the migrations of a run that applies some, each in a transaction of its own. */
final class Callbacks {
    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

    /** When a script runs. */
    enum Moment {
        /** Under the lock, before the first migration. */
        BEFORE("beforeMigrate.sql", "nothing was applied."),
        /** When all migrations of the run are committed. */
        AFTER(
                "afterMigrate.sql",
                "the migrations of this run are committed and stay. Only a run that applies a migration runs the script"
                        + " again: run it by hand once it is corrected.");

        final String fileName;
        private final String state;

        Moment(String fileName, String state) {
            this.fileName = fileName;
            this.state = state;
        }
    }

    record Callback(SqlMigration migration, MigrationScript script, ScriptPlan plan) {}

    private final Run run;
    private final LockedSession locked;
    private final Map<Moment, List<Callback>> callbacks;

    /**
     * Reads the scripts, so that a broken one stops all.
     *
     * @throws MigrationException if a script cannot be read, or cannot run in a transaction
     */
    Callbacks(Run run, LockedSession locked, MigrationFiles files) {
        this.run = run;
        this.locked = locked;
        this.callbacks = read(files);
    }

    /** @throws MigrationException if a script cannot be read, or cannot run in a transaction */
    static Map<Moment, List<Callback>> read(MigrationFiles files) {
        Map<Moment, List<Callback>> callbacks = new EnumMap<>(Moment.class);
        files.callbacks()
                .forEach((moment, scripts) -> callbacks.put(
                        moment, scripts.stream().map(Callbacks::callback).toList()));
        return callbacks;
    }

    private static Callback callback(MigrationScript script) {
        SqlMigration migration = SqlMigration.callback(script);
        ScriptPlan plan = ScriptPlan.of(migration, script, 1);
        if (!plan.transactional()) {
            throw notTransactional(migration, script, plan);
        }
        return new Callback(migration, script, plan);
    }

    private static MigrationException notTransactional(
            SqlMigration migration, MigrationScript script, ScriptPlan plan) {
        int number = plan.segments().stream()
                .filter(segment -> !segment.transactional())
                .mapToInt(ScriptPlan.Segment::fromStatement)
                .findFirst()
                .orElse(1);
        SourcePosition at = position(script, number);
        return new MigrationException(
                ErrorCode.TRANSACTION_CONTROL,
                "Callback " + script.file() + ":" + at.line() + ":" + at.column()
                        + " cannot run in a transaction, which a callback is. Nothing was run",
                "Move the statement to a migration of its own.",
                Place.of(migration.id(), script.file(), at.line(), at.column()));
    }

    private static SourcePosition position(MigrationScript script, int number) {
        try (ScriptReader reader = script.open()) {
            SqlStatement statement = reader.next();
            for (int passed = 1; passed < number && statement != null; passed++) {
                statement = reader.next();
            }
            return statement == null ? new SourcePosition(1, 1, 0) : statement.start();
        }
    }

    /** The scripts as the user knows them. */
    List<String> files() {
        return all().stream().map(callback -> callback.script().file()).toList();
    }

    List<Callback> all() {
        return callbacks.values().stream().flatMap(List::stream).toList();
    }

    /** The first script of a moment, or null if there is none. */
    @Nullable
    String first(Moment moment) {
        return callbacks.getOrDefault(moment, List.of()).stream()
                .map(callback -> callback.script().file())
                .findFirst()
                .orElse(null);
    }

    /** Runs those of a moment, in the order of the locations. */
    void run(Moment moment) {
        for (Callback callback : callbacks.getOrDefault(moment, List.of())) {
            long start = System.nanoTime();
            run(callback, moment);
            log.info("Ran {} in {} ms", callback.script().file(), (System.nanoTime() - start) / 1_000_000);
        }
    }

    private void run(Callback callback, Moment moment) {
        Session session = locked.session();
        try (StatementRunner statements =
                new StatementRunner(session, callback.migration(), callback.script(), locked.watch())) {
            for (int attempt = 1; !succeeds(callback, moment, statements, attempt); attempt++) {
                statements.restart();
                Backoff.await(attempt, callback.migration());
            }
        } catch (RuntimeException | Error e) {
            session.rollback();
            throw e;
        }
    }

    /** False if it met the lock timeout or a deadlock and may be tried again. */
    private boolean succeeds(Callback callback, Moment moment, StatementRunner statements, int attempt) {
        try {
            runOnce(callback, statements);
            return true;
        } catch (SQLException e) {
            locked.session().rollback();
            ServerError error = ServerError.of(e);
            if (error.retryable() && attempt <= run.settings().retries()) {
                log.warn(
                        "{} met \"{}\" and is tried again ({} of {})",
                        callback.script().file(),
                        callback.script().placeholders().withoutValues(error.message()),
                        attempt,
                        run.settings().retries());
                return false;
            }
            String state = error.commitUnanswered()
                    ? "the connection broke while it was committed, so that it took effect as a whole or not at all; "
                    : "it is rolled back; ";
            throw Failures.of(
                    callback.migration(),
                    "run",
                    statements.current(),
                    callback.script().placeholders(),
                    statements.copyDataLine(),
                    e,
                    state + moment.state);
        }
    }

    private void runOnce(Callback callback, StatementRunner statements) throws SQLException {
        ScriptPlan plan = callback.plan();
        Session session = locked.session();
        session.beginTransaction();
        locked.setLocalTimeouts(plan.directives(), run.settings());
        for (ScriptPlan.Segment segment : plan.segments()) {
            statements.run(segment);
        }
        if (plan.mayChangeSession()) {
            session.reset();
        }
        locked.requireLock(callback.migration().id());
        session.commit();
    }
}
