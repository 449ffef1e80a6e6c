package io.confiture.catalog;

/** Tables, views and what they consist of. */
final class RelationFacts {
    private RelationFacts() {}

    /** Tables, foreign tables, views and materialized views. */
    static String relations(Queries q) {
        return "SELECT "
                + Queries.head("pg_class", "c.oid", "0", "pg_namespace", "c.relnamespace", "0", """
                        CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' \
                        WHEN 'f' THEN 'foreign table' ELSE 'table' END""", "c.relname")
                + """
                , pg_get_userbyid(c.relowner) AS "owner",
                  CASE c.relpersistence WHEN 'u' THEN 'unlogged' WHEN 't' THEN 'temporary' END AS "persistence",
                  CASE WHEN c.relkind IN ('v', 'm') THEN\s""" + Queries.orGone("pg_get_viewdef(c.oid)") + """
                   END AS "definition", CASE WHEN c.relkind = 'p' THEN\s""" + Queries.orGone("pg_get_partkeydef(c.oid)") + """
                   END AS "partition key", CASE WHEN c.relispartition THEN i.parents END AS "partition of",
                  CASE WHEN c.relpartbound IS NOT NULL THEN\s"""
                + Queries.orGone("pg_get_expr(c.relpartbound, c.oid)") + """
                   END AS "partition bound",
                  CASE WHEN NOT c.relispartition THEN i.parents END AS "inherits",
                  CASE WHEN i.detaching THEN 'pending' END AS "detach",
                  CASE WHEN c.reloftype <> 0 THEN c.reloftype::regtype::text END AS "of type",
                  CASE WHEN a.amname <> 'heap' THEN a.amname END AS "access method",
                  s.spcname AS "tablespace",
                  """ + Queries.sorted("c.reloptions")
                + " AS \"options\", "
                + Queries.sorted("t.reloptions") + " AS \"toast options\", "
                + Queries.when("c.relrowsecurity", "enabled") + " AS \"row security\", "
                + Queries.when("c.relforcerowsecurity", "also for the owner") + " AS \"forced row security\", "
                + """
                  CASE WHEN c.relkind IN ('r', 'p', 'm') THEN CASE c.relreplident
                    WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' END END AS "replica identity",
                  f.srvname AS "server",
                  """ + Queries.sorted("ft.ftoptions") + " AS \"foreign options\"" + """

                FROM pg_class c
                LEFT JOIN (SELECT inhrelid, bool_or(inhdetachpending) AS detaching, string_agg(inhparent::regclass::text,
                    ', ' ORDER BY inhparent::regclass::text COLLATE "C") AS parents FROM pg_inherits GROUP BY inhrelid) i
                  ON i.inhrelid = c.oid
                LEFT JOIN pg_am a ON a.oid = c.relam
                LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
                LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
                LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid
                LEFT JOIN pg_foreign_server f ON f.oid = ft.ftserver
                WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND\s"""
                + q.lives("pg_class", "c", "relnamespace");
    }

    /** Columns of relations and composite types. Only in a composite type does their order have a meaning. */
    static String columns(Queries q) {
        return "SELECT " + Queries.catalog("pg_class") + ", a.attrelid, a.attnum::int, CASE c.relkind WHEN 'c' THEN "
                + Queries.catalog("pg_type") + " ELSE " + Queries.catalog("pg_class")
                + " END, CASE c.relkind WHEN 'c' THEN c.reltype ELSE c.oid END, 0, 'column', a.attname" + """
                , format_type(a.atttypid, a.atttypmod) AS "type!",
                  CASE c.relkind WHEN 'c' THEN (SELECT count(*) FROM pg_attribute b WHERE b.attrelid = a.attrelid
                    AND b.attnum BETWEEN 1 AND a.attnum AND NOT b.attisdropped) END AS "position",
                  """
                + Queries.when("a.attnotnull", "true") + " AS \"not null\"," + """

                  CASE WHEN a.attgenerated = '' AND d.oid IS NOT NULL THEN\s"""
                + Queries.orGone("pg_get_expr(d.adbin, d.adrelid)") + """
                   END AS "default", CASE a.attgenerated WHEN 's' THEN\s"""
                + Queries.orGone("'stored ' || pg_get_expr(d.adbin, d.adrelid)") + " WHEN 'v' THEN "
                + Queries.orGone("'virtual ' || pg_get_expr(d.adbin, d.adrelid)") + """
                   END AS "generated",
                  CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS "identity",
                  CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END AS "collation",
                  CASE WHEN a.attstorage <> t.typstorage AND c.relkind IN ('r', 'p', 'm') THEN CASE a.attstorage
                    WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END END AS "storage",
                  CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS "compression",
                  CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS "statistics target",
                  """ + Queries.sorted("a.attoptions")
                + " AS \"options\", "
                + Queries.sorted("a.attfdwoptions") + " AS \"foreign options\"," + """

                  CASE WHEN a.attinhcount > 0 THEN CASE WHEN a.attislocal THEN 'and its own' ELSE 'only' END END AS "inherited"
                FROM pg_attribute a
                JOIN pg_class c ON c.oid = a.attrelid
                JOIN pg_type t ON t.oid = a.atttypid
                LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND\s"""
                + q.lives("pg_class", "c", "relnamespace");
    }

    /** Sequences; one that an identity column has of its own is part of the column. Not where they have got to. */
    static String sequences(Queries q) {
        return "SELECT " + Queries.catalog("pg_class") + ", c.oid, 0, CASE o.deptype WHEN 'i' THEN "
                + Queries.catalog("pg_class") + " ELSE " + Queries.catalog("pg_namespace")
                + " END, CASE o.deptype WHEN 'i' THEN o.refobjid ELSE c.relnamespace END,"
                + " CASE o.deptype WHEN 'i' THEN o.refobjsubid ELSE 0 END, 'sequence', c.relname" + """
                , pg_get_userbyid(c.relowner) AS "owner",
                  CASE c.relpersistence WHEN 'u' THEN 'unlogged' END AS "persistence",
                  format_type(s.seqtypid, NULL) AS "type!", s.seqstart AS "start!", s.seqincrement AS "increment!",
                  s.seqmin AS "minimum!", s.seqmax AS "maximum!", s.seqcache AS "cache!",
                  """
                + Queries.when("s.seqcycle", "true") + " AS \"cycle\"," + """

                  CASE WHEN o.deptype = 'a' THEN o.refobjid::regclass::text || '.' || quote_ident(a.attname) END AS "owned by"
                FROM pg_class c
                JOIN pg_sequence s ON s.seqrelid = c.oid
                LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.objsubid = 0
                  AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
                LEFT JOIN pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
                WHERE\s"""
                + q.lives("pg_class", "c", "relnamespace");
    }

    /**
     * Constraints of tables and domains. A foreign key that a partition has from its parent, or that the server keeps for
     * each partition referred to, says nothing of its own; the server names it, and not always in the same way.
     */
    static String constraints(Queries q) {
        return "SELECT " + Queries.catalog("pg_constraint") + ", k.oid, 0, CASE WHEN k.contypid <> 0 THEN "
                + Queries.catalog("pg_type") + " ELSE " + Queries.catalog("pg_class")
                + " END, CASE WHEN k.contypid <> 0 THEN k.contypid ELSE k.conrelid END, 0, 'constraint', k.conname"
                + """
                , CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key'
                    WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclusion' WHEN 'n' THEN 'not null' WHEN 't' THEN 'trigger'
                    ELSE k.contype::text END AS "type!",
                  regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') AS "definition!",
                  """ + Queries.when("NOT k.convalidated", "false") + " AS \"validated\"," + """

                  CASE WHEN k.condeferred THEN 'initially deferred' WHEN k.condeferrable THEN 'true' END AS "deferrable",
                  CASE WHEN k.coninhcount > 0 THEN CASE WHEN k.conislocal THEN 'and its own' ELSE 'only' END END AS "inherited",
                  g.states AS "enforced by triggers"
                FROM pg_constraint k
                LEFT JOIN (SELECT tgconstraint, string_agg(DISTINCT CASE tgenabled WHEN 'D' THEN 'disabled'
                      WHEN 'A' THEN 'always' ELSE 'on replicas' END, ', ') AS states
                    FROM pg_trigger WHERE tgconstraint <> 0 AND tgisinternal AND tgenabled <> 'O' GROUP BY tgconstraint) g
                  ON g.tgconstraint = k.oid
                WHERE k.contype <> 't' AND NOT (k.contype = 'f' AND k.conparentid <> 0) AND k.connamespace = ANY (\
                """ + q.schemas() + ")";
    }

    /** Indexes; that of a constraint is part of it. */
    static String indexes(Queries q) {
        return "SELECT " + Queries.catalog("pg_class") + ", c.oid, 0, CASE WHEN k.oid IS NULL THEN "
                + Queries.catalog("pg_class") + " ELSE " + Queries.catalog("pg_constraint")
                + " END, coalesce(k.oid, x.indrelid), 0, 'index', c.relname" + """
                , pg_get_indexdef(c.oid) AS "definition!",
                  """
                + Queries.when("x.indisunique", "true") + " AS \"unique\", "
                + Queries.when("NOT x.indisvalid", "false") + " AS \"valid\", "
                + Queries.when("NOT x.indisready", "false") + " AS \"ready\", "
                + Queries.when("x.indisclustered", "true") + " AS \"clustered\", "
                + Queries.when("x.indisreplident", "true") + " AS \"replica identity\"," + """

                  s.spcname AS "tablespace", i.inhparent::regclass::text AS "partition of", t.targets AS "statistics targets"
                FROM pg_index x
                JOIN pg_class c ON c.oid = x.indexrelid
                LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.conrelid = x.indrelid AND k.contype IN ('p', 'u', 'x')
                LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
                LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
                LEFT JOIN (SELECT attrelid, string_agg(attnum || ': ' || attstattarget, ', ' ORDER BY attnum) AS targets
                    FROM pg_attribute WHERE attstattarget >= 0 AND attnum > 0 GROUP BY attrelid) t ON t.attrelid = c.oid
                WHERE c.relnamespace = ANY (\
                """ + q.schemas() + ")";
    }
}
