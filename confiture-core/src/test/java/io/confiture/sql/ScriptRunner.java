package io.confiture.sql;

import io.confiture.error.ErrorCode;
import io.confiture.error.SqlScriptException;
import io.confiture.sql.StatementEffect.Refused;
import io.confiture.sql.StatementEffect.TransactionControl;
import io.confiture.sql.StatementEffect.TransactionControl.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Runs a script as a migration is run, in as little code as that takes: one transaction, cut where a statement cannot be
 * in one; refusals before anything runs.
 */
final class ScriptRunner {
    private final String file;
    private final byte[] script;
    private final BaseConnection connection;

    private ScriptRunner(String file, byte[] script, Connection connection) throws SQLException {
        this.file = file;
        this.script = script;
        this.connection = connection.unwrap(BaseConnection.class);
    }

    static void run(String file, byte[] script, Connection connection) throws SQLException, IOException {
        ScriptRunner runner = new ScriptRunner(file, script, connection);
        runner.connection.getQueryExecutor().setPreferQueryMode(PreferQueryMode.SIMPLE);
        runner.run();
    }

    private void run() throws SQLException, IOException {
        try (ScriptReader reader = open()) {
            boolean transactional = !Boolean.FALSE.equals(reader.directives().transactional());
            check(transactional);
            connection.setAutoCommit(!transactional);
            for (SqlStatement next = reader.next(); next != null; next = reader.next()) {
                boolean control = next.effect() instanceof TransactionControl;
                if (!transactional) {
                    execute(next, reader);
                } else if (!next.effect().transactional()) {
                    connection.commit();
                    connection.setAutoCommit(true);
                    execute(next, reader);
                    connection.setAutoCommit(false);
                } else if (!control) {
                    execute(next, reader);
                }
            }
            if (transactional) {
                connection.commit();
            }
        } catch (SQLException | RuntimeException e) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private ScriptReader open() {
        return ScriptReader.open(file, new ByteArrayInputStream(script), ScriptSection.WHOLE);
    }

    private void check(boolean transactional) {
        List<SqlStatement> statements = Scripts.statements(script, ScriptSection.WHOLE);
        for (SqlStatement statement : statements) {
            if (statement.effect() instanceof Refused refused) {
                throw refusal(statement, refused.code(), refused.problem());
            }
        }
        if (!transactional) {
            return;
        }
        List<SqlStatement> inner = new ArrayList<>(statements);
        if (inner.size() > 1
                && isPlain(inner.get(0), Kind.BEGIN)
                && isPlain(inner.get(inner.size() - 1), Kind.COMMIT)) {
            inner.remove(inner.size() - 1);
            inner.remove(0);
        }
        for (SqlStatement statement : inner) {
            if (statement.effect() instanceof TransactionControl) {
                throw refusal(statement, ErrorCode.TRANSACTION_CONTROL, "transaction control");
            }
        }
    }

    private static boolean isPlain(SqlStatement statement, Kind kind) {
        return statement.effect().equals(new TransactionControl(kind, true));
    }

    private SqlScriptException refusal(SqlStatement statement, ErrorCode code, String problem) {
        SourcePosition at = statement.start();
        return new SqlScriptException(code, problem, null, file, at.line(), at.column());
    }

    private void execute(SqlStatement next, ScriptReader reader) throws SQLException, IOException {
        if (next.copiesIn()) {
            try (InputStream rows = reader.copyData()) {
                connection.getCopyAPI().copyIn(next.text(), rows);
            }
        } else if (next.copiesOut()) {
            connection.getCopyAPI().copyOut(next.text(), OutputStream.nullOutputStream());
        } else {
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                statement.execute(next.text());
            }
        }
    }
}
