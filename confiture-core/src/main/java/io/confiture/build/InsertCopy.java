package io.confiture.build;

import io.confiture.postgres.Identifiers;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import io.confiture.sql.InsertRows;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs INSERTs of one table that follow each other: those that mean the same as a COPY through one. */
final class InsertCopy {
    private static final int ROWS_WORTH_COPY = 100;

    private final Session session;
    private final Map<String, CopyTarget> targets = new HashMap<>();
    private final Map<String, Long> types = new HashMap<>();
    private List<InsertRows> copying = List.of();
    private long rows;
    private long rowsBefore;

    InsertCopy(Session session) {
        this.session = session;
    }

    /** How many rows went through COPY. */
    long rows() {
        return rows;
    }

    /** Another statement may change what a table is. */
    void forgetTables() {
        targets.clear();
        types.clear();
    }

    /** What the last call has done is rolled back. */
    void undo() {
        rows = rowsBefore;
    }

    /** Runs the statements in their order and tells how many rows the server counts. */
    long run(List<InsertRows> inserts) throws SQLException {
        rowsBefore = rows;
        copying = List.of();
        InsertRows first = inserts.get(0);
        CopyTarget target = targets.get(first.table());
        if (target == null) {
            target = CopyTarget.read(session, types, first.table());
            targets.put(first.table(), target);
        }
        long count = 0;
        List<InsertRows> together = new ArrayList<>();
        List<String> columns = List.of();
        for (InsertRows insert : inserts) {
            List<String> wanted = target.columnsOf(insert);
            if (!columns.equals(wanted == null ? List.of() : wanted)) {
                count += runTogether(together, columns);
                together.clear();
                columns = wanted == null ? List.of() : List.copyOf(wanted);
            }
            together.add(insert);
        }
        return count + runTogether(together, columns);
    }

    /** @param columns empty if a COPY would not mean the same */
    private long runTogether(List<InsertRows> inserts, List<String> columns) throws SQLException {
        int count = inserts.stream().mapToInt(InsertRows::count).sum();
        if (columns.isEmpty() || count < ROWS_WORTH_COPY) {
            return runAsWritten(inserts);
        }
        copying = List.copyOf(inserts);
        String sql = "COPY " + inserts.get(0).table() + " ("
                + columns.stream().map(Identifiers::quote).collect(Collectors.joining(", ")) + ") FROM STDIN";
        try {
            long copied = session.copyIn(sql, new CopyRows(copying));
            copying = List.of();
            rows += copied;
            return copied;
        } catch (IOException e) {
            throw new SQLException(e.getMessage(), "58030", e);
        }
    }

    long runAsWritten(List<InsertRows> inserts) throws SQLException {
        long count = 0;
        for (InsertRows insert : inserts) {
            count += session.execute(insert.statement().text());
        }
        return count;
    }

    /** The row that the server has named when it refused a COPY; null if it has named none. */
    @Nullable
    SeedFailure located(SQLException failure) {
        Integer line = ServerError.of(failure).copyLine();
        if (line == null) {
            return null;
        }
        int row = line - 1;
        for (InsertRows insert : copying) {
            if (row < insert.count()) {
                return SeedFailures.ofCopied(insert, row, failure);
            }
            row -= insert.count();
        }
        return null;
    }
}
