package io.confiture.migrate;

import io.confiture.hook.TableChange;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.UncategorizedSQLException;

/**
 * What the open transaction has done to tables, as the catalog and the transaction's own statistics show it: rows of
 * {@code pg_class} and {@code pg_attribute} that this transaction wrote, and the tuples it inserted and deleted.
 */
final class TableChanges {
    // Rows that are visible and whose transaction is still in progress are ours, whatever savepoint wrote them. The
    // composite type of a table is written when the table is created and not when it is altered.
    private static final String QUERY = """
            WITH me AS (SELECT f.full_id % 4294967296 AS low, f.full_id - f.full_id % 4294967296 AS high
            FROM (SELECT pg_catalog.pg_current_xact_id()::text::bigint AS full_id) f), t AS (
            SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name,
            EXISTS (SELECT 1 FROM pg_catalog.pg_type y WHERE y.oid = c.reltype
            AND y.xmin::text::bigint >= me.low AND pg_catalog.pg_xact_status(
            (me.high + y.xmin::text::bigint)::text::xid8) = 'in progress') AS created,
            EXISTS (SELECT 1 FROM (SELECT c.xmin AS id UNION ALL SELECT a.xmin FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = c.oid) w WHERE w.id::text::bigint >= me.low AND pg_catalog.pg_xact_status(
            (me.high + w.id::text::bigint)::text::xid8) = 'in progress') AS altered,
            pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) AS inserted,
            pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) AS updated,
            pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) AS deleted
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace CROSS JOIN me
            WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema')
            SELECT t.name, t.created, t.altered, t.inserted - t.deleted,
            ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.oid AND a.attnum > 0
            AND NOT a.attisdropped ORDER BY a.attnum)
            FROM t WHERE t.created OR t.altered OR t.inserted > 0 OR t.updated > 0 OR t.deleted > 0 ORDER BY t.name""";

    private TableChanges() {}

    static List<TableChange> observe(Session session) {
        try {
            return session.query(QUERY, rs -> {
                boolean created = rs.getBoolean(2);
                TableChange.Action action = created
                        ? TableChange.Action.CREATE
                        : rs.getBoolean(3) ? TableChange.Action.ALTER : TableChange.Action.WRITE;
                return new TableChange(
                        rs.getString(1),
                        action,
                        List.of((String[]) rs.getArray(5).getArray()),
                        created ? 0L : null,
                        created ? rs.getLong(4) : null);
            });
        } catch (SQLException e) {
            throw new UncategorizedSQLException("read the tables that a migration changed", QUERY, e);
        }
    }
}
