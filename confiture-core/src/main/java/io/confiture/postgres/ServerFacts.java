package io.confiture.postgres;

import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one query tells of the server, the session and the tables of interest.
 *
 * @param backendPid the server process that answered
 * @param readOnly whether the server is a standby in recovery
 * @param user the current role
 * @param currentSchema the schema in which unqualified objects are created, or null when the search path names none
 * @param database the current database
 * @param versionNum {@code server_version_num}, such as 170004
 * @param databaseId the same for every connection to this database while the server runs, whatever the way to it, and
 *     another for every other database, also for a standby of this one
 * @param tables the tables of interest that exist, those visible on the search path first
 * @since 0.1.0
 */
public record ServerFacts(
        int backendPid,
        boolean readOnly,
        String user,
        @Nullable String currentSchema,
        String database,
        int versionNum,
        String databaseId,
        List<Table> tables) {

    /**
     * A table that exists.
     *
     * @param visible whether its bare name means it on the current search path
     */
    public record Table(String schema, String name, boolean visible) {}

    private static final String QUERY = """
            SELECT pg_catalog.pg_backend_pid(), pg_catalog.pg_is_in_recovery(), current_user, \
            pg_catalog.current_schema(), pg_catalog.current_database(), \
            pg_catalog.current_setting('server_version_num')::int, \
            (SELECT d.oid::text FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()) \
            || ' since ' || pg_catalog.date_part('epoch', pg_catalog.pg_postmaster_start_time())::text, \
            t.schemas, t.names, t.visible \
            FROM (SELECT pg_catalog.array_agg(n.nspname::text ORDER BY v.visible DESC, n.nspname) AS schemas, \
            pg_catalog.array_agg(c.relname::text ORDER BY v.visible DESC, n.nspname) AS names, \
            pg_catalog.array_agg(v.visible ORDER BY v.visible DESC, n.nspname) AS visible \
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
            CROSS JOIN LATERAL (SELECT pg_catalog.pg_table_is_visible(c.oid) AS visible) v \
            WHERE c.relname = ANY (?) AND c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_temp%') t""";

    /** Reads the facts in one round trip. */
    public static ServerFacts read(Session session, String... tablesOfInterest) throws SQLException {
        return session.query(
                        QUERY,
                        rs -> new ServerFacts(
                                rs.getInt(1),
                                rs.getBoolean(2),
                                rs.getString(3),
                                rs.getString(4),
                                rs.getString(5),
                                rs.getInt(6),
                                rs.getString(7),
                                tables(rs.getArray(8), rs.getArray(9), rs.getArray(10))),
                        (Object) tablesOfInterest)
                .get(0);
    }

    private static List<Table> tables(@Nullable Array schemas, @Nullable Array names, @Nullable Array visible)
            throws SQLException {
        List<Table> tables = new ArrayList<>();
        if (schemas != null && names != null && visible != null) {
            String[] schema = (String[]) schemas.getArray();
            String[] name = (String[]) names.getArray();
            Boolean[] seen = (Boolean[]) visible.getArray();
            for (int i = 0; i < schema.length; i++) {
                tables.add(new Table(schema[i], name[i], seen[i]));
            }
        }
        return List.copyOf(tables);
    }
}
