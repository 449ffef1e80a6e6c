package io.confiture.build;

import io.confiture.postgres.Secrets;
import io.confiture.postgres.ServerError;
import io.confiture.sql.InsertRows;
import io.confiture.sql.SourcePosition;
import io.confiture.sql.SqlStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the server said of a statement of a seed file, with the place in the file. */
final class SeedFailures {
    private SeedFailures() {}

    /** Throws a failure after which nothing more can be tried: the connection is gone, or the call was cancelled. */
    static void requireGoingOn(SQLException failure) throws SQLException {
        ServerError error = ServerError.of(failure);
        if (error.connectionLost() || error.is("57014")) {
            throw failure;
        }
    }

    static SeedFailure of(RowTrial.Refusal refusal) {
        SeedRows rows = refusal.rows();
        if (refusal.index() < 0) {
            return rows instanceof SeedRows.OfInsert inserted
                    ? ofInsert(inserted.insert(), refusal.failure())
                    : of(rows.statement(), rows.table(), refusal.failure());
        }
        return row(rows.statement(), rows.table(), rows.number(refusal.index()), rows.line(refusal.index()), refusal);
    }

    private static SeedFailure row(
            SqlStatement statement, @Nullable String table, int number, int line, RowTrial.Refusal refusal) {
        ServerError error = ServerError.of(refusal.failure());
        int column = line == statement.start().line() ? statement.start().column() : 1;
        if (refusal.rows() instanceof SeedRows.OfInsert rows) {
            column = rows.insert().position(refusal.index()).column();
        }
        return failure(statement, line, column, table, number, error);
    }

    /** Of a row of INSERTs that went through COPY together, which the server has counted. */
    static SeedFailure ofCopied(InsertRows insert, int row, SQLException failure) {
        SourcePosition at = insert.position(row);
        return failure(insert.statement(), at.line(), at.column(), insert.table(), row + 1, ServerError.of(failure));
    }

    /** Of an INSERT of which the server tells the place of the error. */
    static SeedFailure ofInsert(InsertRows insert, SQLException failure) {
        ServerError error = ServerError.of(failure);
        Integer position = error.position();
        int row = insert.count() == 1 ? 0 : position == null ? -1 : insert.rowAt(position);
        SourcePosition at = position != null ? insert.statement().locate(position) : insert.position(Math.max(row, 0));
        return failure(insert.statement(), at.line(), at.column(), insert.table(), row < 0 ? null : row + 1, error);
    }

    /** Of a COPY block, of which the server may have told the row. */
    static SeedFailure ofCopyBlock(
            SqlStatement statement, @Nullable String table, long firstLine, SQLException failure) {
        ServerError error = ServerError.of(failure);
        Integer row = error.copyLine();
        return row == null
                ? of(statement, table, failure)
                : failure(statement, (int) (firstLine + row - 1), 1, table, row, error);
    }

    /** Of any other statement. */
    static SeedFailure of(SqlStatement statement, @Nullable String table, SQLException failure) {
        ServerError error = ServerError.of(failure);
        SourcePosition at = error.position() == null ? statement.start() : statement.locate(error.position());
        return failure(statement, at.line(), at.column(), table, null, error);
    }

    /** Of a constraint that is checked at the end of the transaction, which row it was of nobody tells. */
    static SeedFailure ofDeferred(SchemaFile last, SQLException failure) {
        ServerError error = ServerError.of(failure);
        return new SeedFailure(
                last.location(),
                1,
                1,
                null,
                null,
                error.sqlState(),
                "when all of it was loaded, a deferred constraint was violated: " + Secrets.mask(message(error)),
                "");
    }

    private static String message(ServerError error) {
        return error.message() + (error.detail() == null ? "" : ": " + error.detail());
    }

    private static SeedFailure failure(
            SqlStatement statement,
            int line,
            int column,
            @Nullable String table,
            @Nullable Integer row,
            ServerError error) {
        return new SeedFailure(
                statement.file(),
                line,
                column,
                table,
                row,
                error.sqlState(),
                Secrets.mask(message(error)),
                Secrets.mask(statement.excerpt()));
    }
}
