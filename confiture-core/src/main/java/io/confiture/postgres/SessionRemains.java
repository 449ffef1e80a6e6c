package io.confiture.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a script can leave in the session although its transaction is rolled back: advisory locks and prepared statements;
 * or leave when it is committed: cursors that are held. Everything else that a session holds is undone with the transaction.
 *
 * @since 0.1.0
 */
public final class SessionRemains {
    private static final String READ = "SELECT 'advisory lock ' || k.keys,"
            + " pg_catalog.format('pg_catalog.pg_advisory_unlock%s(%s)', k.shared, k.keys), true"
            + " FROM (SELECT CASE l.objsubid WHEN 1"
            + " THEN ((l.classid::bigint << 32) | l.objid::bigint)::text"
            + " ELSE l.classid::bigint::bit(32)::int4 || ', ' || l.objid::bigint::bit(32)::int4 END AS keys,"
            + " CASE l.mode WHEN 'ShareLock' THEN '_shared' END AS shared"
            + " FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.granted"
            + " AND l.pid = pg_catalog.pg_backend_pid()) k"
            + " UNION ALL SELECT 'prepared statement ' || p.name, pg_catalog.format('DEALLOCATE %I', p.name), false"
            + " FROM pg_catalog.pg_prepared_statements p WHERE p.from_sql"
            + " UNION ALL SELECT 'held cursor ' || c.name, pg_catalog.format('CLOSE %I', c.name), false"
            + " FROM pg_catalog.pg_cursors c WHERE c.is_holdable";

    // A lock that was taken several times is held until it is given back as often.
    private static final String RELEASE_WHOLLY = "WITH RECURSIVE r (released) AS (SELECT %s"
            + " UNION ALL SELECT %s FROM r WHERE r.released) SELECT pg_catalog.count(*) FROM r";

    private record Remain(String what, String release, boolean lock) {}

    private final Session session;
    private final List<Remain> before;

    private SessionRemains(Session session) throws SQLException {
        this.session = session;
        this.before = read();
    }

    /** Notes what is there before a script runs. */
    public static SessionRemains before(Session session) throws SQLException {
        return new SessionRemains(session);
    }

    private List<Remain> read() throws SQLException {
        return session.query(READ, rs -> new Remain(rs.getString(1), rs.getString(2), rs.getBoolean(3)));
    }

    /** Takes away what has come since, in a transaction that has not failed, and tells what that was. */
    public List<String> clear() throws SQLException {
        List<Remain> added = read();
        added.removeAll(before);
        List<String> cleared = new ArrayList<>();
        if (added.stream().anyMatch(Remain::lock)) {
            // The locks of the transaction are among them, and the server warns of each that it does not release.
            session.execute("SET LOCAL client_min_messages = error");
        }
        for (Remain remain : added) {
            if (!remain.lock()) {
                session.execute(remain.release());
                cleared.add(remain.what());
            } else if (session.query(RELEASE_WHOLLY.formatted(remain.release(), remain.release()), rs -> rs.getLong(1))
                            .get(0)
                    > 1) {
                cleared.add(remain.what());
            }
        }
        return cleared;
    }

    /** What was there before and is not any more, which no rollback brings back. */
    public List<String> gone() throws SQLException {
        List<Remain> gone = new ArrayList<>(before);
        gone.removeAll(read());
        return gone.stream().map(Remain::what).toList();
    }
}
