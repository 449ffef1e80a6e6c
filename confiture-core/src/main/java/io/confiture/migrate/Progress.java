package io.confiture.migrate;

import io.confiture.hook.HookContext.Direction;
import io.confiture.postgres.AdvisoryLock;
import io.confiture.postgres.Identifiers;
import io.confiture.postgres.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known beside the ledger, because the original Confiture takes every row of the ledger for an applied migration:
 * how far migrations have come that cannot be one transaction, a row for each of their segments that was begun, which goes
 * when the migration is complete; and {@linkplain RunMark marks}. Created when the first row is written.
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

    /** Everything that comparisons need of the table. */
    record Rows(List<Entry> segments, List<RunMark> marks) {
        static final Rows NONE = new Rows(List.of(), List.of());
    }

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

    /**
     * The segments begun of all migrations that are not complete and the marks, each in the order in which they were
     * written.
     */
    Rows read(Session session) throws SQLException {
        List<Entry> segments = new ArrayList<>();
        List<RunMark> marks = new ArrayList<>();
        session.query(
                "SELECT id, version, direction, from_statement, to_statement, state, statement, checksum,"
                        + " existing_object, kind, finished_at FROM " + sqlName()
                        + " WHERE kind = 'segment' OR kind = ANY (?) ORDER BY id",
                rs -> rs.getString(10).equals("segment") ? segments.add(entry(rs)) : marks.add(mark(rs)),
                (Object) RunMark.Kind.NAMES);
        return new Rows(segments, marks);
    }

    private static Entry entry(ResultSet rs) throws SQLException {
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
    }

    private static RunMark mark(ResultSet rs) throws SQLException {
        return new RunMark(
                rs.getLong(1),
                RunMark.Kind.valueOf(rs.getString(10).toUpperCase(Locale.ROOT)),
                rs.getString(2),
                rs.getString(8),
                rs.getTimestamp(11).toInstant());
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

    /** Records a mark, provided that the lock is still held; false if it is not. */
    boolean insertMark(
            Session session,
            AdvisoryLock lock,
            UUID runId,
            RunMark.Kind kind,
            String version,
            @Nullable String checksum)
            throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(runId);
        parameters.add(kind.toString());
        parameters.add(version);
        parameters.add(checksum);
        parameters.addAll(lock.heldParameters());
        return session.updateAndReset(
                        "INSERT INTO " + sqlName() + " (run_id, kind, version, state, checksum, finished_at)"
                                + " SELECT ?, ?, ?, 'done', ?, pg_catalog.clock_timestamp() WHERE "
                                + AdvisoryLock.HELD,
                        parameters.toArray())
                == 1;
    }

    /** Records marks in one statement, provided that the lock is still held; false if it is not. */
    boolean insertMarks(
            Session session, AdvisoryLock lock, UUID runId, RunMark.Kind kind, Map<String, String> checksums)
            throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(runId);
        parameters.add(kind.toString());
        parameters.add(checksums.keySet().toArray(String[]::new));
        parameters.add(checksums.values().toArray(String[]::new));
        parameters.addAll(lock.heldParameters());
        return session.update(
                        "INSERT INTO " + sqlName() + " (run_id, kind, version, state, checksum, finished_at)"
                                + " SELECT ?, ?, m.version, 'done', nullif(m.checksum, ''), pg_catalog.clock_timestamp()"
                                + " FROM ROWS FROM (pg_catalog.unnest(?::text[]), pg_catalog.unnest(?::text[]))"
                                + " WITH ORDINALITY AS m (version, checksum, ordinal) WHERE " + AdvisoryLock.HELD
                                + " ORDER BY m.ordinal",
                        parameters.toArray())
                == checksums.size();
    }

    /** Removes all marks of this kind. */
    void deleteMarks(Session session, RunMark.Kind kind) throws SQLException {
        session.update("DELETE FROM " + sqlName() + " WHERE kind = ?", kind.toString());
    }

    /** Removes the marks of this kind that a migration has. */
    void deleteMarks(Session session, RunMark.Kind kind, String version) throws SQLException {
        session.update("DELETE FROM " + sqlName() + " WHERE kind = ? AND version = ?", kind.toString(), version);
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
