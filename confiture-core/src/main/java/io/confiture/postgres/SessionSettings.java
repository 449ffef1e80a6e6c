package io.confiture.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings a session came with (by a pool's init SQL, say), those Confiture works with, and the way back to them.
 *
 * <p>{@code RESET ALL} is not that way: it forgets custom settings such as {@code app.tenant}, which the server does not
 * list, so that a pool's init SQL would be lost. What a script has changed is reset name by name instead, and custom
 * settings by the names that the script spells. {@code DISCARD ALL} would drop the migration lock as well.
 *
 * <p>Behind a transaction pooler each transaction may get another server session, with what the pooler and its other
 * clients have set there. What it came with is read as it begins and is there again when it ends; ours is {@code LOCAL}.
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

    /**
     * So that the server finds out within a minute that a client is gone without a word, host or network, and frees what
     * it holds: by default most systems take two hours. Without effect for a local socket.
     */
    private static final Map<String, String> KEEPALIVES = new TreeMap<>(
            Map.of("tcp_keepalives_idle", "30", "tcp_keepalives_interval", "10", "tcp_keepalives_count", "3"));

    /** The same for a transaction, as statements. */
    static final String NOTICE_VANISHED_CLIENT = KEEPALIVES.entrySet().stream()
            .map(setting -> "SET LOCAL " + setting.getKey() + " = " + setting.getValue() + "; ")
            .collect(Collectors.joining());

    private static final String SETTABLE = "s.source = 'session' AND s.name NOT IN ('transaction_isolation',"
            + " 'transaction_read_only', 'transaction_deferrable', 'is_superuser', 'session_authorization', 'role')";

    /**
     * What a function or trigger of a plain statement can have changed, such that the scripts behind it mean something else.
     * Cheap enough to be asked for with every row in the ledger, as the view of all settings is not.
     */
    private static final String MEANING = "pg_catalog.concat_ws(' ', session_user, "
            + Stream.of(
                            "role",
                            "search_path",
                            "session_replication_role",
                            "row_security",
                            "check_function_bodies",
                            "default_tablespace",
                            "default_table_access_method",
                            "DateStyle",
                            "IntervalStyle",
                            "TimeZone",
                            "transform_null_equals",
                            "synchronous_commit")
                    .map(name -> "pg_catalog.current_setting('" + name + "')")
                    .collect(Collectors.joining(", "))
            + ")";

    private static final String MEANS = " meaning";
    private static final String TEMPORARY = " temporary objects";
    private static final String BLOCKS = " plpgsql";

    private static final String READ = "SELECT s.name, s.setting FROM pg_catalog.pg_settings s WHERE " + SETTABLE
            + " UNION ALL SELECT 'session_authorization', session_user::text"
            + " FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a"
            + " WHERE pg_catalog.pg_get_userbyid(a.usesysid) <> session_user"
            + " UNION ALL SELECT 'role', pg_catalog.current_setting('role')"
            + " WHERE pg_catalog.current_setting('role') <> 'none'"
            + " UNION ALL SELECT '" + TEMPORARY + "', '' WHERE EXISTS (SELECT FROM pg_catalog.pg_depend d"
            + " WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass"
            + " AND d.refobjid = pg_catalog.pg_my_temp_schema())"
            + " UNION ALL SELECT '" + BLOCKS + "', '' FROM pg_catalog.pg_language l WHERE l.lanname = 'plpgsql'"
            + " AND pg_catalog.has_language_privilege(l.oid, 'USAGE')"
            + " UNION ALL SELECT '" + MEANS + "', " + MEANING;

    private static final Pattern CUSTOM = Pattern.compile(
            "(?is)\\bset\\s+(?:session\\s+)?([a-z_][\\w$]*\\.[a-z_][\\w$.]*)|set_config\\s*\\(\\s*'([^']+\\.[^']+)'");

    private static final Pattern STATEMENT_TIMEOUT = Pattern.compile("(?i)statement_timeout");

    private final Map<String, String> session = new LinkedHashMap<>();
    private final Map<String, String> ours = new LinkedHashMap<>();
    private final Map<String, String> custom = new LinkedHashMap<>();
    private final boolean pooler;
    private String meaning = "";
    private boolean temporaryBefore;
    private boolean blocks;
    private boolean statementTimeout;

    private SessionSettings(boolean pooler) {
        this.pooler = pooler;
    }

    /** @param pooler whether this holds for one transaction only */
    static SessionSettings read(Session session, boolean pooler) throws SQLException {
        SessionSettings settings = new SessionSettings(pooler);
        session.query(READ, rs -> Map.entry(rs.getString(1), rs.getString(2))).forEach(row -> {
            switch (row.getKey()) {
                case TEMPORARY -> settings.temporaryBefore = true;
                case BLOCKS -> settings.blocks = true;
                case MEANS -> settings.meaning = row.getValue();
                default -> settings.session.put(row.getKey(), row.getValue());
            }
        });
        return settings;
    }

    boolean ofPooler() {
        return pooler;
    }

    void apply(Session connection, Ours wanted) throws SQLException {
        ours.put("lock_timeout", wanted.lockTimeout().toMillis() + "ms");
        // Scripts are taken apart as the standard says, so they have to run as it says.
        ours.put("standard_conforming_strings", "on");
        if (!pooler) {
            // A pooler notes the name as its client's, and would give it to another one.
            ours.put("application_name", wanted.applicationName());
            ours.putAll(KEEPALIVES);
            // Some of what we write is no transaction of ours, which says READ WRITE by itself.
            ours.put("default_transaction_read_only", "off");
        }
        connection.execute("SELECT " + String.join(", ", setConfigs(ours, pooler)));
        if (!pooler) {
            endBuildsOfKilledClients(connection);
        }
    }

    /** So that the next start need not wait for an index whose client is gone. Not every platform can tell. */
    private void endBuildsOfKilledClients(Session connection) throws SQLException {
        try {
            connection.execute("SET client_connection_check_interval = '2s'");
            ours.put("client_connection_check_interval", "2s");
        } catch (SQLException e) {
            if (!ServerError.of(e).is("22023")) {
                throw e;
            }
        }
    }

    /** Keeps the value of each custom setting that the statement names, which nobody could list afterwards. */
    void remember(Session connection, String statement) throws SQLException {
        statementTimeout |= STATEMENT_TIMEOUT.matcher(statement).find();
        Matcher matcher = CUSTOM.matcher(statement);
        while (matcher.find()) {
            String name = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            if (!custom.containsKey(name)) {
                String value = connection
                        .query("SELECT coalesce(pg_catalog.current_setting(?, true), '')", rs -> rs.getString(1), name)
                        .get(0);
                custom.put(name, value);
            }
        }
    }

    /** Within the transaction of a script: fires what is deferred while the script's settings hold, and undoes those. */
    void reset(Session connection) throws SQLException {
        if (statementTimeout) {
            // What a script allows its own statements is not meant for ours.
            connection.execute("SET LOCAL statement_timeout = 0");
        }
        List<String> steps = new ArrayList<>();
        steps.add("SET CONSTRAINTS ALL IMMEDIATE");
        steps.addAll(back());
        run(connection, steps);
    }

    /** As {@link #reset}, without firing what is deferred. */
    void resetSettings(Session connection) throws SQLException {
        run(connection, back());
    }

    /**
     * Writes rows, and sees with the same call whether what ran before them has left the session such that other scripts
     * would mean something else in it; if so, undoes that.
     *
     * @return how many rows were written
     */
    int updateAndReset(Session connection, String sql, @Nullable Object... parameters) throws SQLException {
        List<String> found = connection.query(sql + " RETURNING " + MEANING, rs -> rs.getString(1), parameters);
        if (!found.isEmpty() && !found.get(0).equals(meaning)) {
            resetSettings(connection);
        }
        return found.size();
    }

    /** Goes back to the role the session came with. */
    void resetRole(Session connection) throws SQLException {
        connection.execute("RESET SESSION AUTHORIZATION");
        connection.execute("RESET ROLE");
        Map<String, String> role = new LinkedHashMap<>();
        moveLast("session_authorization", role);
        moveLast("role", role);
        if (!role.isEmpty()) {
            connection.execute("SELECT " + String.join(", ", setConfigs(role, false)));
        }
    }

    /** Gives the session back as it came. */
    void restore(Session connection) throws SQLException {
        ours.clear();
        run(connection, back());
    }

    private List<String> back() {
        return List.of(
                "RESET SESSION AUTHORIZATION",
                "RESET ROLE",
                blocks
                        ? "FOR n IN SELECT s.name FROM pg_catalog.pg_settings s WHERE " + SETTABLE
                                + " LOOP EXECUTE 'RESET ' || pg_catalog.quote_ident(n); END LOOP"
                        : "RESET ALL");
    }

    private void run(Session connection, List<String> steps) throws SQLException {
        if (pooler && !connection.inTransaction()) {
            // The rollback has undone it, and the next statement may find the session of somebody else.
            return;
        }
        Map<String, String> values = new LinkedHashMap<>();
        values.putAll(custom);
        if (!pooler) {
            values.putAll(ours);
        }
        session.forEach(values::putIfAbsent);
        // In this order: setting the one needs the privileges of the login, which the other may not have.
        moveLast("session_authorization", values);
        moveLast("role", values);
        List<String> calls = setConfigs(values, false);
        if (pooler) {
            calls.addAll(setConfigs(ours, true));
        }
        if (!blocks) {
            for (String step : steps) {
                connection.execute(step);
            }
            if (!temporaryBefore) {
                connection.execute("DISCARD TEMP");
            }
            if (!calls.isEmpty()) {
                connection.execute("SELECT " + String.join(", ", calls));
            }
            return;
        }
        StringBuilder body = new StringBuilder("DECLARE n text; BEGIN ");
        steps.forEach(step -> body.append(step).append("; "));
        if (!temporaryBefore) {
            body.append("IF pg_catalog.pg_my_temp_schema() <> 0 THEN DISCARD TEMP; END IF; ");
        }
        calls.forEach(call -> body.append("PERFORM ").append(call).append("; "));
        connection.execute("DO " + Identifiers.literal(body.append("END").toString()));
    }

    private void moveLast(String name, Map<String, String> values) {
        values.remove(name);
        String value = session.get(name);
        if (value != null) {
            values.put(name, value);
        }
    }

    private static List<String> setConfigs(Map<String, String> values, boolean local) {
        List<String> calls = new ArrayList<>();
        values.forEach((name, value) -> calls.add("pg_catalog.set_config(" + Identifiers.literal(name) + ", "
                + Identifiers.literal(value) + ", " + local + ")"));
        return calls;
    }
}
