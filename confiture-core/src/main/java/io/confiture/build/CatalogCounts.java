package io.confiture.build;

import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many objects of each kind a database has, without the server's own and those of extensions. */
final class CatalogCounts {
    private static final String OURS = " AND %1$s.%2$snamespace IN (SELECT n.oid FROM pg_catalog.pg_namespace n"
            + " WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%%') AND NOT EXISTS (SELECT"
            + " FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.%3$s'::pg_catalog.regclass"
            + " AND d.objid = %1$s.oid AND d.deptype = 'e')";

    private static final String QUERY = "SELECT CASE WHEN c.relkind IN ('r', 'p') THEN 'tables'"
            + " WHEN c.relkind IN ('i', 'I') THEN 'indexes' WHEN c.relkind = 'v' THEN 'views'"
            + " WHEN c.relkind = 'm' THEN 'materialized views' WHEN c.relkind = 'S' THEN 'sequences'"
            + " ELSE 'foreign tables' END, pg_catalog.count(*) FROM pg_catalog.pg_class c"
            + " WHERE c.relkind IN ('r', 'p', 'i', 'I', 'v', 'm', 'S', 'f')" + OURS.formatted("c", "rel", "pg_class")
            + " GROUP BY 1 UNION ALL SELECT CASE p.prokind WHEN 'p' THEN 'procedures' ELSE 'functions' END,"
            + " pg_catalog.count(*) FROM pg_catalog.pg_proc p WHERE true" + OURS.formatted("p", "pro", "pg_proc")
            + " GROUP BY 1 UNION ALL SELECT 'types', pg_catalog.count(*) FROM pg_catalog.pg_type t"
            + " WHERE (t.typtype IN ('d', 'e', 'r') OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_class r"
            + " WHERE r.oid = t.typrelid AND r.relkind = 'c'))" + OURS.formatted("t", "typ", "pg_type")
            + " UNION ALL SELECT 'triggers', pg_catalog.count(*) FROM pg_catalog.pg_trigger g WHERE NOT g.tgisinternal"
            + " UNION ALL SELECT 'extensions', pg_catalog.count(*) FROM pg_catalog.pg_extension"
            + " UNION ALL SELECT 'schemas', pg_catalog.count(*) FROM pg_catalog.pg_namespace n"
            + " WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'";

    private CatalogCounts() {}

    static Map<String, Long> read(Session session) throws SQLException {
        Map<String, Long> counts = new LinkedHashMap<>();
        session.query(QUERY, rs -> Map.entry(rs.getString(1), rs.getLong(2)))
                .forEach(row -> counts.put(row.getKey(), row.getValue()));
        return counts;
    }

    /** What has come, by kind; kinds of which as many are there as before are left out. */
    static Map<String, Long> added(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> added = new LinkedHashMap<>(after);
        before.forEach((kind, count) -> added.merge(kind, -count, Long::sum));
        added.values().removeIf(count -> count == 0);
        return added;
    }
}
