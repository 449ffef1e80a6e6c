package io.confiture.catalog;

/** Extensions, publications and statistics objects. */
final class DatabaseFacts {
    private DatabaseFacts() {}

    static String extensions() {
        return "SELECT " + Queries.head("pg_extension", "e.oid", "", "", "extension", "e.extname") + """
                , e.extversion AS "version!", e.extnamespace::regnamespace::text AS "schema!"
                FROM pg_extension e""";
    }

    static String publications() {
        return "SELECT " + Queries.head("pg_publication", "p.oid", "", "", "publication", "p.pubname") + """
                , pg_get_userbyid(p.pubowner) AS "owner", CASE WHEN p.puballtables THEN 'true' END AS "all tables",
                  concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                    CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END) AS "publishes!",
                  CASE WHEN p.pubviaroot THEN 'true' END AS "through the root",
                  CASE to_jsonb(p) ->> 'pubgencols' WHEN 's' THEN 'stored' END AS "generated columns"
                FROM pg_publication p WHERE true"""
                + Queries.notOfAnExtension("pg_publication", "p");
    }

    static String publishedTables(Queries q) {
        // Before version 15 neither rows nor columns could be chosen.
        String chosen = q.major() < 15 ? "" : """
                , pg_get_expr(r.prqual, r.prrelid) AS "where",
                  (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname::text COLLATE "C")
                    FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) AS "columns\"""";
        return "SELECT "
                + Queries.head("pg_publication_rel", "r.oid", "pg_publication", "r.prpubid", "published table", """
                        (SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c \
                        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = r.prrelid)""")
                + chosen + " FROM pg_publication_rel r";
    }

    /** From version 15 on. */
    static String publishedSchemas() {
        return "SELECT "
                + Queries.head(
                        "pg_publication_namespace",
                        "r.oid",
                        "pg_publication",
                        "r.pnpubid",
                        "published schema",
                        "(SELECT n.nspname FROM pg_namespace n WHERE n.oid = r.pnnspid)")
                + " FROM pg_publication_namespace r";
    }

    /** By the names of the columns: the server writes them in the order of the table's columns. */
    static String statistics(Queries q) {
        return "SELECT "
                + Queries.head(
                        "pg_statistic_ext", "s.oid", "pg_namespace", "s.stxnamespace", "statistics object", "s.stxname")
                + """
                , pg_get_userbyid(s.stxowner) AS "owner", s.stxrelid::regclass::text AS "table!",
                  (SELECT string_agg(CASE k WHEN 'd' THEN 'ndistinct' WHEN 'f' THEN 'dependencies' WHEN 'm' THEN 'mcv'
                    WHEN 'e' THEN 'expressions' ELSE k::text END, ', ' ORDER BY k) FROM unnest(s.stxkind) k) AS "kinds",
                  (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname::text COLLATE "C")
                    FROM pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)) AS "columns",
                  """ + Queries.sorted("pg_get_statisticsobjdef_expressions(s.oid)") + " AS \"expressions\"," + """

                  CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END AS "statistics target"
                FROM pg_statistic_ext s
                WHERE\s"""
                + q.lives("pg_statistic_ext", "s", "stxnamespace");
    }
}
