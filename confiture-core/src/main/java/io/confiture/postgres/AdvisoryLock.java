package io.confiture.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.List;

/**
 * An advisory lock of this database, tried and never waited for: a blocked waiter holds a snapshot, which CREATE INDEX
 * CONCURRENTLY in the holder would wait for. It ends with the connection that holds it.
 *
 * <p>Where that is not the connection that writes, the lock can be lost between the moment a transaction has found it held
 * and its commit. So each transaction that asks for {@link #HELD} holds a lock of its own to its end, in the space of keys
 * that are two integers, and the next holder gets the lock only when there is no such transaction.
 *
 * @since 0.1.0
 */
public sealed interface AdvisoryLock extends AutoCloseable {

    /** The key of a name: the first eight bytes of its SHA-256, big-endian. */
    static long key(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes the lock if nobody holds it. */
    boolean tryAcquire() throws SQLException;

    /** The server process that holds it. */
    int holderPid();

    long key();

    /** Releases the lock. Never throws: a connection that is gone holds nothing. */
    @Override
    void close();

    /**
     * SQL that is true while the process {@code holder} holds {@code key}, for the WHERE of a statement that must not
     * take effect without the lock. What is true of it is so until the transaction ends: nobody else gets the lock before.
     * Its parameters are {@link #heldParameters}.
     */
    String HELD = """
            CASE WHEN pg_catalog.pg_try_advisory_xact_lock_shared(?, ?) THEN EXISTS (SELECT 1 FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.granted \
            AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d \
            WHERE d.datname = pg_catalog.current_database()) \
            AND l.classid = ?::bigint::oid AND l.objid = ?::bigint::oid AND l.objsubid = 1 AND l.pid = ?) ELSE false END""";

    /** The parameters of {@link #HELD}. */
    default List<Object> heldParameters() {
        return List.of((int) (key() >>> 32), (int) key(), key() >>> 32, key() & 0xFFFFFFFFL, holderPid());
    }

    /**
     * SQL that is true while a transaction is open that has found the lock held. Its parameters are the two halves of the
     * key as {@code bigint}.
     */
    String WRITTEN_UNDER = """
            EXISTS (SELECT 1 FROM pg_catalog.pg_locks w WHERE w.locktype = 'advisory' AND w.granted \
            AND w.database = (SELECT d.oid FROM pg_catalog.pg_database d \
            WHERE d.datname = pg_catalog.current_database()) \
            AND w.classid = ?::bigint::oid AND w.objid = ?::bigint::oid AND w.objsubid = 2)""";

    /** A lock of the session that also does the work: needs no second connection. */
    static AdvisoryLock ofSession(Session session, long key, int backendPid) {
        return new OfSession(session, key, backendPid);
    }

    /** A lock of a transaction that stays open on a connection of its own, for work that goes through a pooler. */
    static AdvisoryLock ofTransaction(Session outsidePool, long key) {
        return new OfTransaction(outsidePool, key);
    }

    /** Held by the work connection. */
    record OfSession(Session session, long key, int holderPid) implements AdvisoryLock {
        @Override
        public boolean tryAcquire() throws SQLException {
            return session.query(
                            "SELECT CASE WHEN NOT pg_catalog.pg_try_advisory_lock(?) THEN false WHEN " + WRITTEN_UNDER
                                    + " THEN NOT pg_catalog.pg_advisory_unlock(?) ELSE true END",
                            rs -> rs.getBoolean(1),
                            key,
                            key >>> 32,
                            key & 0xFFFFFFFFL,
                            key)
                    .get(0);
        }

        @Override
        public void close() {
            try {
                if (!session.isBroken()) {
                    session.rollback();
                    session.uncancelled(this::unlock);
                }
            } catch (SQLException e) {
                // A lock that cannot be given back must not outlive us in a pool.
                session.abort();
            }
        }

        private boolean unlock() throws SQLException {
            if (session.isCallers()) {
                return session.query("SELECT pg_catalog.pg_advisory_unlock(?)", rs -> rs.getBoolean(1), key)
                        .get(0);
            }
            // With what a script may have left: it would be held in the pool for ever.
            session.execute("SELECT pg_catalog.pg_advisory_unlock_all()");
            return true;
        }
    }

    /** Held by an open transaction of a connection outside of any pool, which is closed with the lock. */
    final class OfTransaction implements AdvisoryLock {
        private final Session session;
        private final long key;
        private int holderPid;

        private OfTransaction(Session session, long key) {
            this.session = session;
            this.key = key;
        }

        @Override
        public boolean tryAcquire() throws SQLException {
            session.beginTransaction();
            if (session.serverMajor() >= 17) {
                // A time limit for transactions is not meant for one that has to last as long as the run.
                session.execute("SET LOCAL transaction_timeout = 0");
            }
            boolean[] taken = new boolean[1];
            // The settings come last, because they drop the snapshot that the SELECT's portal keeps, and in the same
            // message:
            // a statement with CONCURRENTLY that looks for old snapshots in between would wait for this transaction's
            // end.
            session.query(
                    "SELECT CASE WHEN pg_catalog.pg_try_advisory_xact_lock(?) THEN NOT " + WRITTEN_UNDER
                            + " ELSE false END, pg_catalog.pg_backend_pid(); " + SessionSettings.NOTICE_VANISHED_CLIENT
                            + "SET LOCAL idle_in_transaction_session_timeout = 0",
                    rs -> {
                        taken[0] = rs.getBoolean(1);
                        holderPid = rs.getInt(2);
                        return holderPid;
                    },
                    key,
                    key >>> 32,
                    key & 0xFFFFFFFFL);
            if (!taken[0]) {
                session.rollback();
            }
            return taken[0];
        }

        @Override
        public int holderPid() {
            return holderPid;
        }

        @Override
        public long key() {
            return key;
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
