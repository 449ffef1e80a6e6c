package io.confiture.build;

import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.postgres.Session;
import java.sql.SQLException;

/** The room that the server has for locks: what one transaction creates and drops is locked until it ends. */
final class LockTable {
    private record Room(long perTransaction, long transactions) {}

    private LockTable() {}

    /**
     * @param relations how many one transaction creates or drops
     * @throws SchemaException if they have no room, with the setting that would give it
     */
    static void requireRoomFor(long relations, Session session) throws SQLException {
        Room room = session.query(
                        "SELECT pg_catalog.current_setting('max_locks_per_transaction')::bigint,"
                                + " pg_catalog.current_setting('max_connections')::bigint"
                                + " + pg_catalog.current_setting('max_prepared_transactions')::bigint",
                        rs -> new Room(rs.getLong(1), rs.getLong(2)))
                .get(0);
        long most = room.perTransaction() * room.transactions();
        if (relations > most) {
            throw new SchemaException(
                    ErrorCode.SCHEMA_TOO_LARGE,
                    "The schema creates about " + relations + " tables, indexes, sequences and the like in one"
                            + " transaction, and the server has room for " + most + " locks"
                            + " (max_locks_per_transaction " + room.perTransaction() + " times max_connections and"
                            + " max_prepared_transactions, " + room.transactions() + "). Nothing was run",
                    "Set max_locks_per_transaction = " + needed(relations, room.transactions())
                            + " and restart the server, or run it with TransactionMode.PER_FILE.");
        }
    }

    private static long needed(long relations, long transactions) {
        return (relations + transactions - 1) / transactions;
    }
}
