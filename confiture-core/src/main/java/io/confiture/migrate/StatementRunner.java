package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.error.SqlScriptException;
import io.confiture.postgres.Session;
import io.confiture.postgres.StatementCall;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.SqlStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends the statements of one script to the server and remembers where it is, for the error that may come. */
final class StatementRunner implements AutoCloseable {
    // What does nothing but set the session. A statement that also does something else was committed with it.
    private static final Pattern REPLAYED = Pattern.compile("(?is)^(?:(?:SET|RESET|PREPARE|DEALLOCATE|LISTEN|LOAD)\\b"
            + "|SELECT\\s+(?:pg_catalog\\.)?set_config\\s*\\([^()]*\\)\\s*$)");
    private static final Pattern ROLE = Pattern.compile(
            "(?is)^SET\\s+(?:SESSION\\s+)?(?:ROLE|AUTHORIZATION)\\b|^RESET\\s+(?:SESSION|ROLE)\\b|'role'|'session_authorization'");

    private final Session session;
    private final Migration migration;
    private final MigrationScript script;
    private final RunWatch watch;

    private final List<String> roleChanges = new ArrayList<>();

    private @Nullable ScriptReader reader;
    private @Nullable SqlStatement latest;
    private int position;
    private int committedRoleChanges;
    private @Nullable SqlStatement current;
    private long copyDataLine;

    StatementRunner(Session session, Migration migration, MigrationScript script, RunWatch watch) {
        this.session = session;
        this.migration = migration;
        this.script = script;
        this.watch = watch;
        session.notices().showAs(script.placeholders()::withoutValues);
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

    /** Forgets what was sent before, which is undone. */
    void restart() {
        current = null;
        copyDataLine = 0;
        roleChanges.subList(committedRoleChanges, roleChanges.size()).clear();
        close();
    }

    /** What was sent so far is committed, so that the roles it has taken on stay. */
    void committed() {
        committedRoleChanges = roleChanges.size();
    }

    /** Runs the statements of a segment and tells the rows affected. */
    long run(ScriptPlan.Segment segment) throws SQLException {
        long rows = 0;
        for (int number = segment.fromStatement(); number <= segment.toStatement(); number++) {
            rows += run(at(number));
        }
        return rows;
    }

    /** The statement of that number. Reads on from the one before, so that a script is read once however it is cut. */
    SqlStatement at(int number) {
        if (reader == null || number < position) {
            close();
            reader = script.open();
            position = 0;
        }
        while (position < number) {
            latest = reader.next();
            position++;
            if (latest == null) {
                throw new MigrationException(
                        ErrorCode.SCRIPT_SYNTAX,
                        script.file() + " was changed while it ran; what was open is rolled back",
                        "Start again.",
                        Place.of(migration.id()));
            }
        }
        return Objects.requireNonNull(latest);
    }

    /** A script's SET holds for the statements after it, also when an earlier process has run it. */
    void replaySessionChanges(int before) throws SQLException {
        for (int number = 1; number < before; number++) {
            SqlStatement statement = at(number);
            if (REPLAYED.matcher(statement.text()).find()) {
                run(statement);
            }
        }
    }

    /** The statements that have taken on a role so far, to take it on again after a statement of our own. */
    List<String> roleChanges() {
        return roleChanges;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** The first statement that changes the session, or null if none does. */
    @Nullable
    SqlStatement firstSessionChange() {
        try (ScriptReader whole = script.open()) {
            SqlStatement statement = whole.next();
            while (statement != null && !statement.changesSession()) {
                statement = whole.next();
            }
            return statement;
        }
    }

    private long run(SqlStatement statement) throws SQLException {
        ScriptReader source = Objects.requireNonNull(reader);
        current = statement;
        copyDataLine = 0;
        if (statement.changesSession()) {
            session.rememberSettingsOf(statement.text());
            if (ROLE.matcher(statement.text()).find()) {
                roleChanges.add(statement.text());
            }
        }
        watch.begin(migration, statement);
        StatementCall call = new StatementCall(statement);
        try {
            long rows = call.send(session, source);
            current = null;
            return rows;
        } catch (SqlScriptException e) {
            throw new MigrationException(
                    e.code(),
                    "Migration " + migration.id() + " stopped at " + e.file() + ":" + e.line() + ":" + e.column() + ": "
                            + e.problem() + ". It was rolled back",
                    e.hint(),
                    Place.of(migration.id(), e.file(), e.line(), e.column()),
                    e);
        } finally {
            copyDataLine = call.copyDataLine();
            watch.end();
        }
    }
}
