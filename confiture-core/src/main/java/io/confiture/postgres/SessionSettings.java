package io.confiture.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings a session came with (by a pool's init SQL, say) and those Confiture works with. A reset is one statement:
 * role, session authorization and all settings go back, then those of the session and ours are set again, because
 * {@code RESET ALL} forgets both (also settings of an extension's own name, such as {@code app.tenant}, which the server
 * lists nowhere and which are therefore not restored). {@code DISCARD ALL} would do less work for us and drop the migration lock.
 *
 * @since 0.1.0
 */
public final class SessionSettings {

    /**
     * What Confiture sets for a run.
     *
     * @param lockTimeout for every statement that asks for a lock
     * @param applicationName tells others who holds their locks
     */
    public record Ours(Duration lockTimeout, String applicationName) {}

    private static final String READ = """
            SELECT s.name, s.setting FROM pg_catalog.pg_settings s \
            WHERE s.source = 'session' AND s.name NOT IN ('transaction_isolation', 'transaction_read_only', \
            'transaction_deferrable', 'is_superuser', 'session_authorization', 'role')
            UNION ALL
            SELECT 'session_authorization', session_user::text \
            FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a \
            WHERE pg_catalog.pg_get_userbyid(a.usesysid) <> session_user
            UNION ALL
            SELECT 'role', pg_catalog.current_setting('role') WHERE pg_catalog.current_setting('role') <> 'none'""";

    private final Map<String, String> session;
    private final boolean pooler;
    private String reset;

    private SessionSettings(Map<String, String> session, boolean pooler) {
        this.session = session;
        this.pooler = pooler;
        this.reset = resetStatement(session);
    }

    static SessionSettings read(Session session) throws SQLException {
        Map<String, String> values = new LinkedHashMap<>();
        session.query(READ, rs -> Map.entry(rs.getString(1), rs.getString(2)))
                .forEach(row -> values.put(row.getKey(), row.getValue()));
        return new SessionSettings(values, false);
    }

    /** Behind a transaction pooler no setting of a session is ours to keep: each lives in a transaction. */
    static SessionSettings ofPooler() {
        return new SessionSettings(Map.of(), true);
    }

    void apply(Session connection, Ours ours) throws SQLException {
        Map<String, String> values = new LinkedHashMap<>(session);
        values.put("lock_timeout", ours.lockTimeout().toMillis() + "ms");
        values.put("application_name", ours.applicationName());
        // Some of what we write is no transaction of ours, which says READ WRITE by itself.
        values.put("default_transaction_read_only", "off");
        // Scripts are taken apart as the standard says, so they have to run as it says.
        values.put("standard_conforming_strings", "on");
        // Ends the build of an index whose client was killed, so that the next start need not wait for it.
        values.put("client_connection_check_interval", "2s");
        reset = resetStatement(values);
        connection.execute(reset);
    }

    void reset(Session connection) throws SQLException {
        connection.execute(reset);
    }

    void restore(Session connection) throws SQLException {
        if (!pooler) {
            connection.execute(resetStatement(session));
        }
    }

    private static String resetStatement(Map<String, String> values) {
        StringBuilder body = new StringBuilder("BEGIN RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;");
        values.forEach((name, value) -> body.append(" PERFORM pg_catalog.set_config(")
                .append(Identifiers.literal(name))
                .append(", ")
                .append(Identifiers.literal(value))
                .append(", false);"));
        return "DO " + Identifiers.literal(body.append(" END").toString());
    }
}
