package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.error.SqlScriptException;
import io.confiture.postgres.Secrets;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import io.confiture.postgres.SessionRemains;
import io.confiture.sql.PlainQuery;
import io.confiture.sql.ScriptDirectives;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.SourcePosition;
import io.confiture.sql.SqlStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the {@code .verify.sql} of a migration: queries that may only read, each of which has to return at least one row
 * and nothing but true. Nothing of it stays, neither in the database nor in the session.
 */
final class Verification {
    private static final Duration SAFE_LIMIT = Duration.ofSeconds(60);
    private static final String SAVEPOINT = "confiture_verify";
    private static final String CURSOR = "confiture_verify";
    // The server accepts nothing but a query here, whatever the text made us believe; and rows come in portions.
    private static final String DECLARE = "; DECLARE " + CURSOR + " NO SCROLL CURSOR FOR ";
    private static final int ROWS_AT_ONCE = 1000;

    /** What came of it. */
    sealed interface Verdict {}

    /** Every statement returned rows, and all of them are true. */
    record Passed(int statements, long rows) implements Verdict {}

    /**
     * The first thing that is wrong.
     *
     * @param problem with place and statement, without data
     * @param cause what the server said, if it said anything
     */
    record Failed(String problem, Place place, @Nullable SQLException cause) implements Verdict {

        MigrationException asException(Migration migration, String state) {
            return new MigrationException(
                    ErrorCode.VERIFICATION_FAILED,
                    "Migration " + migration.id() + " could not be applied, because its verification failed: " + problem
                            + (place.sql() == null ? "" : System.lineSeparator() + "  Statement: " + place.sql())
                            + System.lineSeparator() + "  State: " + state,
                    "Correct the migration, or the check if that is what is wrong, and start again.",
                    place,
                    cause);
        }
    }

    private final Session session;
    private final Migration migration;
    private final MigrationScript script;
    private final MigratorSettings settings;
    private final @Nullable Duration atMost;
    private String timeout = "";
    private long row;

    /** @param atMost how long a statement may run, whatever the file says; null if that is for the file to say */
    Verification(
            Session session,
            Migration migration,
            MigrationScript script,
            MigratorSettings settings,
            @Nullable Duration atMost) {
        this.atMost = atMost;
        this.session = session;
        this.migration = migration;
        this.script = script;
        this.settings = settings;
    }

    /** Reads a script without running it: why it would not be run, if so. */
    static Optional<Failed> objection(Migration migration, MigrationScript script) {
        try (ScriptReader reader = script.open()) {
            if (reader.directives().transactional() != null) {
                return Optional.of(failed(
                        migration, script.file(), 1, 1, "a verification is always one transaction that only reads"));
            }
            SqlStatement statement = reader.next();
            if (statement == null) {
                return Optional.of(failed(migration, script.file(), 1, 1, "there is no statement in it"));
            }
            for (; statement != null; statement = reader.next()) {
                Optional<PlainQuery.Objection> objection = PlainQuery.objection(statement);
                if (objection.isPresent()) {
                    return Optional.of(failed(
                            migration,
                            script.file(),
                            objection.get().at().line(),
                            objection.get().at().column(),
                            objection.get().problem() + "; nothing of the file was run"));
                }
            }
            SourcePosition marker = reader.ignoredMarker();
            return marker == null
                    ? Optional.empty()
                    : Optional.of(failed(
                            migration,
                            script.file(),
                            marker.line(),
                            marker.column(),
                            ScriptPlan.MARKER_PROBLEM + "; nothing of the file was run"));
        } catch (SqlScriptException e) {
            return Optional.of(failed(migration, e.file(), e.line(), e.column(), e.problem()));
        } catch (ConfigurationException e) {
            return Optional.of(new Failed(String.valueOf(e.getMessage()), Place.of(migration.id()), null));
        }
    }

    private static Failed failed(Migration migration, String file, int line, int column, String problem) {
        return new Failed(
                file + ":" + line + ":" + column + ": " + problem, Place.of(migration.id(), file, line, column), null);
    }

    /**
     * Refuses a migration that wants to be verified whenever it is applied and cannot be: before anything of it runs.
     *
     * @throws MigrationException if the file is missing, or would not be run
     */
    static void requirePossible(LocalMigration migration, ScriptDirectives directives) {
        if (!directives.verifyAlways()) {
            return;
        }
        MigrationScript script = migration.verify();
        if (script == null) {
            throw new MigrationException(
                    ErrorCode.UNKNOWN_DIRECTIVE,
                    "Migration " + migration.id() + " cannot be run: " + migration.file()
                            + " says verify=always, and there is no file " + migration.id()
                            + ".verify.sql. Nothing of it was run",
                    "Write that file, or remove the directive.",
                    Place.of(migration.id(), migration.file(), 1, 1));
        }
        objection(migration.migration(), script).ifPresent(failed -> {
            throw failed.asException(migration.migration(), "nothing of " + migration.id() + " was run.");
        });
    }

    /**
     * Runs the verification of a migration that wants to be verified whenever it is applied, in its transaction.
     *
     * @param atMost how long a statement of it may run, whatever the file says; null if that is for the file to say
     * @param state what a failure leaves, as a sentence
     * @throws MigrationException if it does not pass
     */
    static void requirePassed(
            Session session,
            LocalMigration migration,
            ScriptDirectives directives,
            MigratorSettings settings,
            @Nullable Duration atMost,
            Supplier<String> state)
            throws SQLException {
        if (directives.verifyAlways() && migration.verify() != null) {
            Verdict verdict =
                    new Verification(session, migration.migration(), migration.verify(), settings, atMost).run();
            if (verdict instanceof Failed failed) {
                throw failed.asException(migration.migration(), state.get());
            }
        }
    }

    /**
     * Runs it, within the open transaction if there is one.
     *
     * @throws SQLException if the connection is lost; within a transaction also if the same may succeed when all of the
     *     transaction is done again
     */
    Verdict run() throws SQLException {
        Optional<Failed> objection = objection(migration, script);
        if (objection.isPresent()) {
            return objection.get();
        }
        session.notices().showAs(script.placeholders()::withoutValues);
        boolean within = session.inTransaction();
        if (!within) {
            session.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY");
        }
        try (ScriptReader reader = script.open()) {
            session.execute("SAVEPOINT " + SAVEPOINT);
            SessionRemains remains = SessionRemains.before(session);
            Duration limit = limit(reader.directives());
            // Read-only ends with the savepoint, also where the transaction around it writes.
            session.execute("SET LOCAL transaction_read_only = on; SET LOCAL cursor_tuple_fraction = 1;"
                    + " SET LOCAL lock_timeout = '"
                    + lockTimeout(reader.directives()).toMillis() + "ms'");
            timeout = "SET LOCAL statement_timeout = '" + limit.toMillis() + "ms'";
            Verdict verdict;
            try {
                verdict = statements(reader, limit, within);
            } finally {
                undo(remains);
            }
            session.execute("RELEASE SAVEPOINT " + SAVEPOINT);
            return verdict;
        } finally {
            if (!within) {
                session.rollback();
            }
        }
    }

    /** Also where the call was cancelled: a pool would keep for ever what is left in the session. */
    private void undo(SessionRemains remains) throws SQLException {
        if (!session.isBroken()) {
            session.uncancelled(() -> {
                session.execute("ROLLBACK TO SAVEPOINT " + SAVEPOINT);
                return remains.clear();
            });
        }
    }

    private Duration lockTimeout(ScriptDirectives directives) {
        return directives.lockTimeout() != null ? directives.lockTimeout() : settings.lockTimeout();
    }

    private Duration limit(ScriptDirectives directives) {
        Duration limit = directives.statementTimeout() != null
                ? directives.statementTimeout()
                : settings.statementTimeout() != null ? settings.statementTimeout() : SAFE_LIMIT;
        return atMost != null && (limit.isZero() || limit.compareTo(atMost) > 0) ? atMost : limit;
    }

    private Verdict statements(ScriptReader reader, Duration limit, boolean within) throws SQLException {
        int statements = 0;
        long rows = 0;
        for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
            statements++;
            row = 0;
            try {
                Optional<String> problem = problem(statement, limit);
                if (problem.isPresent()) {
                    return failed(statements, statement, problem.get());
                }
            } catch (SQLException e) {
                ServerError error = ServerError.of(e);
                if (error.connectionLost() || session.isBroken() || within && error.retryable()) {
                    throw e;
                }
                return failed(statements, statement, e);
            }
            rows += row;
        }
        return new Passed(statements, rows);
    }

    private Optional<String> problem(SqlStatement statement, Duration limit) throws SQLException {
        long start = System.nanoTime();
        // Before each: a statement can set another for those behind it.
        session.execute(timeout + DECLARE + statement.text());
        for (int wanted = 1; ; wanted = ROWS_AT_ONCE) {
            List<Optional<String>> problems =
                    session.query("FETCH FORWARD " + wanted + " FROM " + CURSOR, this::problem);
            for (Optional<String> problem : problems) {
                if (problem.isPresent()) {
                    return problem;
                }
            }
            if (row == 0) {
                return Optional.of("returned no row");
            }
            if (problems.size() < wanted) {
                session.execute("CLOSE " + CURSOR);
                return Optional.empty();
            }
            // The server's limit counts for each portion.
            if (!limit.isZero() && System.nanoTime() - start > limit.toNanos()) {
                return Optional.of("did not end within " + limit.toMillis() + " ms");
            }
        }
    }

    private Optional<String> problem(ResultSet rs) throws SQLException {
        row++;
        ResultSetMetaData columns = rs.getMetaData();
        if (columns.getColumnCount() == 0) {
            return Optional.of("returned no column");
        }
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String column = "column \"" + columns.getColumnLabel(i) + "\"";
            if (row == 1 && !isBoolean(columns, i)) {
                return Optional.of(column + " is " + columns.getColumnTypeName(i) + ", not boolean");
            }
            if (!rs.getBoolean(i)) {
                return Optional.of("row " + row + ": " + column + " is " + (rs.wasNull() ? "null" : "false"));
            }
        }
        return Optional.empty();
    }

    /** The driver has the same code for bool and bit. */
    private static boolean isBoolean(ResultSetMetaData columns, int i) throws SQLException {
        return columns.getColumnType(i) == Types.BIT
                && columns.getColumnTypeName(i).equals("bool");
    }

    private Failed failed(int number, SqlStatement statement, String problem) {
        return failed(number, statement, statement.start(), null, problem, null);
    }

    private Failed failed(int number, SqlStatement statement, SQLException e) {
        ServerError error = ServerError.of(e);
        Integer position =
                error.position() == null ? null : Math.max(1, error.position() - timeout.length() - DECLARE.length());
        SourcePosition at = position == null ? statement.start() : statement.locate(position);
        return failed(number, statement, at, position, error.message() + " [" + error.sqlState() + "]", e);
    }

    private Failed failed(
            int number,
            SqlStatement statement,
            SourcePosition at,
            @Nullable Integer position,
            String problem,
            @Nullable SQLException e) {
        return new Failed(
                script.file() + ":" + at.line() + ":" + at.column() + ": statement " + number + ": "
                        + readable(problem),
                new Place(
                        migration.id(),
                        Excerpt.of(statement),
                        position == null ? null : statement.sourcePosition(position),
                        script.file(),
                        at.line(),
                        at.column(),
                        e == null ? null : ServerError.of(e).sqlState()),
                e == null ? null : Secrets.mask(e, this::readable));
    }

    private String readable(String text) {
        return Secrets.mask(script.placeholders().withoutValues(text));
    }
}
