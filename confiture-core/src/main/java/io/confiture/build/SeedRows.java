package io.confiture.build;

import io.confiture.postgres.Session;
import io.confiture.sql.InsertRows;
import io.confiture.sql.SqlStatement;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of one statement that can be loaded in parts. */
sealed interface SeedRows {

    int count();

    SqlStatement statement();

    @Nullable
    String table();

    /** The number of a row within the statement, from 1. */
    int number(int index);

    /** The line of a row in the file, from 1. */
    int line(int index);

    /** Loads the rows from an index up to another, exclusively, and tells how many the server counts. */
    long load(Session session, int from, int to) throws SQLException;

    /** Of an INSERT. */
    record OfInsert(InsertRows insert) implements SeedRows {
        @Override
        public int count() {
            return insert.count();
        }

        @Override
        public SqlStatement statement() {
            return insert.statement();
        }

        @Override
        public String table() {
            return insert.table();
        }

        @Override
        public int number(int index) {
            return index + 1;
        }

        @Override
        public int line(int index) {
            return insert.position(index).line();
        }

        @Override
        public long load(Session session, int from, int to) throws SQLException {
            boolean whole = from == 0 && to == count();
            return session.execute(whole ? statement().text() : insert.text(from, to));
        }
    }

    /**
     * Of a part of a COPY block, a line each.
     *
     * @param before how many rows of the block come before these
     * @param firstLine the file's line of the block's first row
     */
    record OfCopy(SqlStatement statement, @Nullable String table, List<byte[]> lines, int before, long firstLine)
            implements SeedRows {
        @Override
        public int count() {
            return lines.size();
        }

        @Override
        public int number(int index) {
            return before + index + 1;
        }

        @Override
        public int line(int index) {
            return (int) (firstLine + before + index);
        }

        @Override
        public long load(Session session, int from, int to) throws SQLException {
            int length = 0;
            for (byte[] line : lines.subList(from, to)) {
                length += line.length;
            }
            byte[] bytes = new byte[length];
            int at = 0;
            for (byte[] line : lines.subList(from, to)) {
                System.arraycopy(line, 0, bytes, at, line.length);
                at += line.length;
            }
            try {
                return session.copyIn(statement.text(), new ByteArrayInputStream(bytes));
            } catch (IOException e) {
                throw new SQLException(e.getMessage(), "58030", e);
            }
        }
    }
}
