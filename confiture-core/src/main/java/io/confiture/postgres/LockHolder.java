package io.confiture.postgres;

import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who holds an advisory lock, by {@code pg_locks} and as far as {@code pg_stat_activity} shows it to the connected role.
 *
 * @param pid the server's process
 * @param user the role, or null if hidden
 * @param applicationName carries the run's id when the holder is a Confiture run; null if hidden
 * @param clientAddress null for a local socket or if hidden
 * @param connectedSince when the holder's connection began, or null if hidden
 * @since 0.1.0
 */
public record LockHolder(
        int pid,
        @Nullable String user,
        @Nullable String applicationName,
        @Nullable String clientAddress,
        @Nullable Instant connectedSince) {

    private static final String QUERY = """
            SELECT l.pid, a.usename, a.application_name, pg_catalog.host(a.client_addr), a.backend_start \
            FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid IN (1, 2) \
            AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d \
            WHERE d.datname = pg_catalog.current_database()) \
            AND l.classid = ?::bigint::oid AND l.objid = ?::bigint::oid ORDER BY l.objsubid""";

    /**
     * The holder at this moment, or who has lost the lock and has a transaction open that was begun under it; empty if
     * nobody is in the way.
     */
    public static Optional<LockHolder> find(Session session, long key) throws SQLException {
        return session
                .query(
                        QUERY,
                        rs -> {
                            Timestamp since = rs.getTimestamp(5);
                            return new LockHolder(
                                    rs.getInt(1),
                                    rs.getString(2),
                                    rs.getString(3),
                                    rs.getString(4),
                                    since == null ? null : since.toInstant());
                        },
                        key >>> 32,
                        key & 0xFFFFFFFFL)
                .stream()
                .findFirst();
    }

    /** One line for a person who has to find that session. */
    public String describe() {
        return "backend pid " + pid
                + (applicationName == null || applicationName.isEmpty() ? "" : ", application " + applicationName)
                + (user == null ? "" : ", user " + user)
                + (clientAddress == null ? "" : ", client " + clientAddress)
                + (connectedSince == null ? "" : ", connected since " + connectedSince);
    }
}
