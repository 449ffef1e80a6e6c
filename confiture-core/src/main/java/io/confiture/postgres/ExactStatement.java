package io.confiture.postgres;

import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PreferQueryMode;

/** Sends a statement as it is written, which the driver by itself does not do. */
final class ExactStatement {
    private ExactStatement() {}

    /** The rows that the server reports as affected. */
    static long send(BaseConnection connection, String sql, Notices notices) throws SQLException {
        var executor = connection.getQueryExecutor();
        PreferQueryMode mode = executor.getPreferQueryMode();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.setMaxRows(1);
            // In this mode the driver sends the text as one message: its own splitting is wrong after BEGIN ATOMIC,
            // and no portal stays open that would keep a snapshot and block CREATE INDEX CONCURRENTLY.
            executor.setPreferQueryMode(PreferQueryMode.SIMPLE);
            long rows = 0;
            boolean result = statement.execute(sql);
            while (true) {
                if (!result) {
                    long count = statement.getLargeUpdateCount();
                    if (count < 0) {
                        break;
                    }
                    rows += count;
                }
                result = statement.getMoreResults();
            }
            notices.log(statement.getWarnings());
            return rows;
        } finally {
            executor.setPreferQueryMode(mode);
        }
    }
}
