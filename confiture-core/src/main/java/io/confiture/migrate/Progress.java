package io.confiture.migrate;

import io.confiture.hook.HookContext.Direction;
import io.confiture.postgres.AdvisoryLock;
import io.confiture.postgres.Identifiers;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far migrations have come that cannot be one transaction: a row for each of their segments that was begun, kept
 * beside the ledger because the original Confiture takes every row of the ledger for an applied migration. Created when
 * the first such migration runs; a migration's rows go when it is complete.
 */
record Progress(Ledger ledger) {

    /** How far a segment has come. */
    enum State {
        /** Begun; if its run is gone, only the catalog can tell whether it took effect. */
        INTENT,
        /** Committed. */
        DONE,
        /** The server refused it; whatever it does not leave behind may run again. */
        FAILED
    }

    /**
     * A segment that was begun.
     *
     * @param fromStatement 1-based number of its first statement within the script
     * @param toStatement number of its last statement
     * @param statement the text of a statement that cannot run in a transaction; null for a transactional segment
     * @param checksum SHA-256 over the texts of its statements
     * @param existing the object of that name that was there before, as the catalog's oid; null if there was none
     */
    record Entry(
            long id,
            String version,
            Direction direction,
            int fromStatement,
            int toStatement,
            State state,
            @Nullable String statement,
            String checksum,
            @Nullable Long existing) {}

    static String tableOf(String ledgerTable) {
        return ledgerTable + "_run";
    }

    String sqlName() {
        return Identifiers.qualified(ledger.schema(), tableOf(ledger.table()));
    }

    /** The name for people. */
    String displayName() {
        return ledger.schema() + "." + tableOf(ledger.table());
    }

    void create(Session session) throws SQLException {
        session.execute("CREATE TABLE IF NOT EXISTS " + sqlName()
                + " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                + " run_id uuid NOT NULL,"
                + " kind text NOT NULL,"
                + " version text,"
                + " direction text,"
                + " from_statement integer,"
                + " to_statement integer,"
                + " state text NOT NULL,"
                + " statement text,"
                + " checksum text,"
                + " existing_object bigint,"
                + " started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),"
                + " finished_at timestamptz)");
    }

    /** The segments begun of all migrations that are not complete, in the order in which they were begun. */
    List<Entry> read(Session session) throws SQLException {
        return session.query(
                "SELECT id, version, direction, from_statement, to_statement, state, statement, checksum,"
                        + " existing_object FROM " + sqlName() + " WHERE kind = 'segment' ORDER BY id",
                rs -> {
                    long existing = rs.getLong(9);
                    Long existingObject = rs.wasNull() ? null : existing;
                    return new Entry(
                            rs.getLong(1),
                            rs.getString(2),
                            Direction.valueOf(rs.getString(3).toUpperCase(Locale.ROOT)),
                            rs.getInt(4),
                            rs.getInt(5),
                            State.valueOf(rs.getString(6).toUpperCase(Locale.ROOT)),
                            rs.getString(7),
                            rs.getString(8),
                            existingObject);
                });
    }

    /** Records that a segment begins or is done, provided that the lock is still held; -1 if it is not. */
    long insert(
            Session session,
            AdvisoryLock lock,
            UUID runId,
            String version,
            Direction direction,
            ScriptPlan.Segment segment,
            State state,
            @Nullable String statement,
            @Nullable Long existing)
            throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(runId);
        parameters.add(version);
        parameters.add(direction.name().toLowerCase(Locale.ROOT));
        parameters.add(segment.fromStatement());
        parameters.add(segment.toStatement());
        parameters.add(state.name().toLowerCase(Locale.ROOT));
        parameters.add(statement);
        parameters.add(segment.checksum());
        parameters.add(existing);
        parameters.addAll(lock.heldParameters());
        List<Long> ids = session.query(
                "INSERT INTO " + sqlName()
                        + " (run_id, kind, version, direction, from_statement, to_statement, state, statement,"
                        + " checksum, existing_object, finished_at)"
                        + " SELECT ?, 'segment', ?, ?, ?, ?, ?, ?, ?, ?::bigint,"
                        + (state == State.DONE ? " pg_catalog.clock_timestamp()" : " NULL::timestamptz")
                        + " WHERE " + AdvisoryLock.HELD + " RETURNING id",
                rs -> rs.getLong(1),
                parameters.toArray());
        return ids.isEmpty() ? -1 : ids.get(0);
    }

    void finish(Session session, long id, State state) throws SQLException {
        session.update(
                "UPDATE " + sqlName() + " SET state = ?, finished_at = pg_catalog.clock_timestamp() WHERE id = ?",
                state.name().toLowerCase(Locale.ROOT),
                id);
    }

    void delete(Session session, long id) throws SQLException {
        session.update("DELETE FROM " + sqlName() + " WHERE id = ?", id);
    }

    /** Forgets segments by their ids, when their migration is complete. */
    void deleteAll(Session session, List<Long> ids) throws SQLException {
        String[] bound = ids.stream().map(String::valueOf).toArray(String[]::new);
        session.update("DELETE FROM " + sqlName() + " WHERE id = ANY (?::bigint[])", (Object) bound);
    }
}
