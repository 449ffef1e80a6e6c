package io.confiture.postgres;

import io.confiture.sql.ScriptReader;
import io.confiture.sql.SourcePosition;
import io.confiture.sql.SqlStatement;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;

/**
 * A statement of a script on its way to the server, with what tells the place of its failure.
 *
 * @since 0.1.0
 */
public final class StatementCall {
    private final SqlStatement statement;
    private long copyDataLine;

    public StatementCall(SqlStatement statement) {
        this.statement = statement;
    }

    public SqlStatement statement() {
        return statement;
    }

    /** The file's line of the first row if rows of the script were sent, else 0. */
    public long copyDataLine() {
        return copyDataLine;
    }

    /**
     * Sends the statement and, for a COPY, the rows below it, and tells the rows affected.
     *
     * @param source what gave the statement last
     */
    public long send(Session session, ScriptReader source) throws SQLException {
        try {
            if (statement.copiesIn()) {
                try (InputStream data = source.copyData()) {
                    copyDataLine = source.copyDataLine();
                    return session.copyIn(statement.text(), data);
                }
            }
            if (statement.copiesOut()) {
                session.copyOut(statement.text());
                return 0;
            }
            return session.execute(statement.text());
        } catch (IOException e) {
            throw new SQLException("The data of COPY could not be read: " + e.getMessage(), "58030", e);
        }
    }

    /**
     * Where a failure stands in the file.
     *
     * @param copyDataLine as {@link #copyDataLine()}
     */
    public static SourcePosition place(SqlStatement statement, long copyDataLine, ServerError error) {
        Integer position = error.position();
        Integer row = error.copyLine();
        if (copyDataLine > 0 && row != null) {
            return new SourcePosition(
                    (int) (copyDataLine + row - 1), 1, statement.start().offset());
        }
        return position == null ? statement.start() : statement.locate(position);
    }
}
