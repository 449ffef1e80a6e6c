package io.confiture.migrate;

import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.util.List;

/** What keeps a database from being empty. */
final class DatabaseContent {
    private static final int SHOWN = 20;

    private static final String OF_USERS = " n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
            + " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.deptype = 'e'"
            + " AND d.classid = o.tableoid AND d.objid = o.oid)";

    // A sequence of a column and the row type of a table go with their table, an array type with its element.
    private static final String QUERY = "SELECT what FROM ("
            + "SELECT CASE o.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' WHEN 'S' THEN 'sequence '"
            + " WHEN 'f' THEN 'foreign table ' ELSE 'table ' END || n.nspname || '.' || o.relname AS what"
            + " FROM pg_catalog.pg_class o JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace"
            + " WHERE o.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND" + OF_USERS
            + " AND NOT (n.nspname = ? AND o.relname IN (?, ?))"
            + " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE o.relkind = 'S' AND d.deptype IN ('a', 'i')"
            + " AND d.classid = o.tableoid AND d.objid = o.oid)"
            + " UNION ALL "
            + "SELECT 'type ' || n.nspname || '.' || o.typname"
            + " FROM pg_catalog.pg_type o JOIN pg_catalog.pg_namespace n ON n.oid = o.typnamespace"
            + " LEFT JOIN pg_catalog.pg_class c ON c.oid = o.typrelid"
            + " WHERE coalesce(c.relkind = 'c', o.typtype IN ('b', 'd', 'e', 'r')) AND" + OF_USERS
            + " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typarray = o.oid)"
            + " UNION ALL "
            + "SELECT CASE o.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END"
            + " || n.nspname || '.' || o.proname"
            + " FROM pg_catalog.pg_proc o JOIN pg_catalog.pg_namespace n ON n.oid = o.pronamespace"
            + " WHERE" + OF_USERS
            + ") found ORDER BY what LIMIT " + SHOWN;

    private DatabaseContent() {}

    /** What is there, in words, at most twenty of it; empty if the database is. Asks the server only where no row says so. */
    static List<String> find(Session session, History history) throws SQLException {
        Ledger ledger = history.ledger();
        boolean ran = history.marks().stream()
                .anyMatch(mark -> mark.kind() == RunMark.Kind.REPEATABLE || mark.kind() == RunMark.Kind.ADOPTED);
        if (ran
                || history.builtWithoutMigrations()
                || !history.applied().isEmpty()
                || !history.progress().isEmpty()) {
            return List.of("a history in " + ledger.displayName());
        }
        return session.query(
                QUERY, rs -> rs.getString(1), ledger.schema(), ledger.table(), Progress.tableOf(ledger.table()));
    }
}
