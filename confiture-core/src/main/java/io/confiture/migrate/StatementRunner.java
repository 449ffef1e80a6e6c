package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.error.SqlScriptException;
import io.confiture.postgres.Session;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementEffect;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Sends the statements of one script to the server and remembers where it is, for the error that may come. */
final class StatementRunner {
    private final Session session;
    private final Migration migration;
    private final MigrationScript script;
    private final RunWatch watch;

    private @Nullable SqlStatement current;
    private long copyDataLine;

    StatementRunner(Session session, Migration migration, MigrationScript script, RunWatch watch) {
        this.session = session;
        this.migration = migration;
        this.script = script;
        this.watch = watch;
    }

    /** What was sent last and is not known to be done; null between statements. */
    @Nullable
    SqlStatement current() {
        return current;
    }

    /** The file's line of the first row if {@link #current()} is a COPY with data, else 0. */
    long copyDataLine() {
        return copyDataLine;
    }

    /** Runs the statements of a segment and tells the rows affected. */
    long run(ScriptPlan.Segment segment) throws SQLException {
        long rows = 0;
        try (ScriptReader reader = script.open()) {
            SqlStatement statement = skipTo(reader, segment.fromStatement());
            rows += run(statement, reader);
            for (int number = segment.fromStatement() + 1; number <= segment.toStatement(); number++) {
                rows += run(next(reader), reader);
            }
        }
        return rows;
    }

    /** The one statement of a segment that cannot run in a transaction. */
    SqlStatement statementOf(ScriptPlan.Segment segment) {
        try (ScriptReader reader = script.open()) {
            return skipTo(reader, segment.fromStatement());
        }
    }

    /** A script's SET holds for the statements after it, also when an earlier process has run it. */
    void replaySessionChanges(int before) throws SQLException {
        try (ScriptReader reader = script.open()) {
            for (int number = 1; number < before; number++) {
                SqlStatement statement = next(reader);
                if (statement.changesSession() && statement.effect() instanceof StatementEffect.Transactional) {
                    run(statement, reader);
                }
            }
        }
    }

    /** The first statement that changes the session, or null if none does. */
    @Nullable
    SqlStatement firstSessionChange() {
        try (ScriptReader reader = script.open()) {
            SqlStatement statement = reader.next();
            while (statement != null && !statement.changesSession()) {
                statement = reader.next();
            }
            return statement;
        }
    }

    private long run(SqlStatement statement, ScriptReader reader) throws SQLException {
        current = statement;
        copyDataLine = 0;
        watch.begin(migration, statement);
        try {
            long rows = 0;
            if (statement.copiesIn()) {
                try (InputStream data = reader.copyData()) {
                    copyDataLine = reader.copyDataLine();
                    rows = session.copyIn(statement.text(), data);
                }
            } else if (statement.copiesOut()) {
                session.copyOut(statement.text());
            } else {
                rows = session.execute(statement.text());
            }
            current = null;
            return rows;
        } catch (IOException e) {
            throw new SQLException("The data of COPY could not be read: " + e.getMessage(), "58030", e);
        } catch (SqlScriptException e) {
            throw new MigrationException(
                    e.code(),
                    "Migration " + migration.id() + " stopped at " + e.file() + ":" + e.line() + ":" + e.column() + ": "
                            + e.problem() + ". It was rolled back",
                    e.hint(),
                    Place.of(migration.id(), e.file(), e.line(), e.column()),
                    e);
        } finally {
            watch.end();
        }
    }

    private SqlStatement skipTo(ScriptReader reader, int number) {
        SqlStatement statement = next(reader);
        for (int i = 1; i < number; i++) {
            statement = next(reader);
        }
        return statement;
    }

    private SqlStatement next(ScriptReader reader) {
        SqlStatement statement = reader.next();
        if (statement == null) {
            throw new MigrationException(
                    ErrorCode.SCRIPT_SYNTAX,
                    script.file() + " was changed while it ran; what was open is rolled back",
                    "Start again.",
                    Place.of(migration.id()));
        }
        return statement;
    }
}
