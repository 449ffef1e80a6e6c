package io.confiture.migrate;

import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a script can leave in the session although its transaction is rolled back: advisory locks and prepared statements.
 * Everything else that a session holds is undone with the transaction.
 */
final class SessionRemains {
    private static final String READ = "SELECT 'advisory lock ' || k.keys,"
            + " pg_catalog.format('pg_catalog.pg_advisory_unlock%s(%s)', k.shared, k.keys), true"
            + " FROM (SELECT CASE l.objsubid WHEN 1"
            + " THEN ((l.classid::bigint << 32) | l.objid::bigint)::text"
            + " ELSE l.classid::bigint::bit(32)::int4 || ', ' || l.objid::bigint::bit(32)::int4 END AS keys,"
            + " CASE l.mode WHEN 'ShareLock' THEN '_shared' END AS shared"
            + " FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.granted"
            + " AND l.pid = pg_catalog.pg_backend_pid()) k"
            + " UNION ALL SELECT 'prepared statement ' || p.name, pg_catalog.format('DEALLOCATE %I', p.name), false"
            + " FROM pg_catalog.pg_prepared_statements p WHERE p.from_sql";

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
    static SessionRemains before(Session session) throws SQLException {
        return new SessionRemains(session);
    }

    private List<Remain> read() throws SQLException {
        return session.query(READ, rs -> new Remain(rs.getString(1), rs.getString(2), rs.getBoolean(3)));
    }

    /** Takes away what has come since, in a transaction that has not failed, and tells what that was. */
    List<String> clear() throws SQLException {
        List<Remain> added = read();
        added.removeAll(before);
        List<String> cleared = new ArrayList<>();
        for (Remain remain : added) {
            cleared.add(remain.what());
            if (remain.lock()) {
                session.query(RELEASE_WHOLLY.formatted(remain.release(), remain.release()), rs -> rs.getLong(1));
            } else {
                session.execute(remain.release());
            }
        }
        return cleared;
    }

    /** What was there before and is not any more, which no rollback brings back. */
    List<String> gone() throws SQLException {
        List<Remain> gone = new ArrayList<>(before);
        gone.removeAll(read());
        return gone.stream().map(Remain::what).toList();
    }
}
