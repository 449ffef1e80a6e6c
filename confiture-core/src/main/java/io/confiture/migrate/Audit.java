package io.confiture.migrate;

import io.confiture.postgres.AdvisoryLock;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who has changed the ledger otherwise than by running migrations: rows beside the progress of segments, which stay for
 * good.
 */
record Audit(Progress table) {

    /** Which operation wrote a row. */
    enum Kind {
        BASELINE,
        REPAIR,
        ADOPTED
    }

    /**
     * What was done.
     *
     * @param version of the migration, as the ledger spells it
     * @param state in a word
     * @param text in words; the role is added by the server
     * @param checksum of the migration or statement, if there is one
     * @param segment which a decision is about, if it is one
     */
    record Row(
            String version,
            String state,
            String text,
            @Nullable String checksum,
            Progress.@Nullable Entry segment) {}

    /** Within the transaction that does it, provided that the lock is still held; false if it is not. */
    boolean insert(Session session, AdvisoryLock lock, UUID runId, Kind kind, Row row) throws SQLException {
        Progress.Entry segment = row.segment();
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(runId);
        parameters.add(kind.name().toLowerCase(Locale.ROOT));
        parameters.add(row.version());
        parameters.add(segment == null ? null : segment.direction().name().toLowerCase(Locale.ROOT));
        parameters.add(segment == null ? null : segment.fromStatement());
        parameters.add(segment == null ? null : segment.toStatement());
        parameters.add(row.state());
        parameters.add(row.text());
        parameters.add(row.checksum());
        parameters.addAll(lock.heldParameters());
        return session.update(
                        "INSERT INTO " + table.sqlName()
                                + " (run_id, kind, version, direction, from_statement, to_statement, state, statement,"
                                + " checksum, started_at, finished_at)"
                                + " SELECT ?, ?, ?, ?::text, ?::integer, ?::integer, ?, ?::text || '; by role ' || session_user"
                                + " || CASE WHEN current_user = session_user THEN '' ELSE ' as ' || current_user END,"
                                + " ?::text, pg_catalog.now(), pg_catalog.clock_timestamp() WHERE " + AdvisoryLock.HELD,
                        parameters.toArray())
                == 1;
    }
}
