package io.confiture.postgres;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PreferQueryMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a statement as it is written, which the driver by itself does not do. */
final class ExactStatement {
    private static final Logger log = LoggerFactory.getLogger(ExactStatement.class);

    private ExactStatement() {}

    /** The rows that the server reports as affected. */
    static long send(BaseConnection connection, String sql) throws SQLException {
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
            logNotices(statement.getWarnings());
            return rows;
        } finally {
            executor.setPreferQueryMode(mode);
        }
    }

    private static void logNotices(@Nullable SQLWarning first) {
        for (SQLWarning notice = first; notice != null; notice = notice.getNextWarning()) {
            String state = notice.getSQLState();
            if (state != null && state.startsWith("01")) {
                log.warn("{}", notice.getMessage());
            } else {
                log.debug("{}", notice.getMessage());
            }
        }
    }
}
