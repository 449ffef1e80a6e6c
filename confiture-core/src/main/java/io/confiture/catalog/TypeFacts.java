package io.confiture.catalog;

/** Types, and what is made for them: collations, operators and casts. */
final class TypeFacts {
    private TypeFacts() {}

    /** Enums, domains, composite types and ranges; not the types that a table or another type brings with it. */
    static String types(Queries q) {
        return "SELECT "
                + Queries.catalog("pg_type") + ", t.oid, 0, CASE t.typtype WHEN 'm' THEN " + Queries.catalog("pg_type")
                + " ELSE " + Queries.catalog("pg_namespace") + " END, coalesce(m.rngtypid, t.typnamespace), 0," + """
                  CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type'
                    WHEN 'm' THEN 'multirange type' ELSE 'composite type' END, t.typname"""
                + """
                , pg_get_userbyid(t.typowner) AS "owner", e.labels AS "labels",
                  CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS "type",
                  CASE t.typtype WHEN 'd' THEN coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault) END AS "default",
                  CASE WHEN t.typtype = 'd' AND t.typnotnull THEN 'true' END AS "not null",
                  CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END
                    AS "collation",
                  CASE WHEN r.rngsubtype IS NOT NULL THEN format_type(r.rngsubtype, NULL) END AS "subtype",
                  CASE WHEN r.rngcollation <> s.typcollation THEN r.rngcollation::regcollation::text END AS "subtype collation",
                  CASE WHEN NOT o.opcdefault THEN quote_ident(n.nspname) || '.' || quote_ident(o.opcname) END
                    AS "subtype operator class",
                  nullif(r.rngcanonical::oid, 0)::regproc::text AS "canonical function",
                  nullif(r.rngsubdiff::oid, 0)::regproc::text AS "difference function"
                FROM pg_type t
                LEFT JOIN pg_class c ON c.oid = t.typrelid
                LEFT JOIN pg_type b ON b.oid = t.typbasetype
                LEFT JOIN pg_range r ON r.rngtypid = t.oid
                LEFT JOIN pg_range m ON m.rngmultitypid = t.oid
                LEFT JOIN pg_type s ON s.oid = r.rngsubtype
                LEFT JOIN pg_opclass o ON o.oid = r.rngsubopc
                LEFT JOIN pg_namespace n ON n.oid = o.opcnamespace
                LEFT JOIN (SELECT enumtypid, string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) AS labels
                    FROM pg_enum GROUP BY enumtypid) e ON e.enumtypid = t.oid
                WHERE (t.typtype IN ('e', 'd', 'r', 'm') OR c.relkind = 'c') AND\s""" + q.lives("pg_type", "t", "typnamespace");
    }

    /** Not the version that the operating system's library had. */
    static String collations(Queries q) {
        return "SELECT "
                + Queries.head("pg_collation", "c.oid", "pg_namespace", "c.collnamespace", "collation", "c.collname")
                + """
                , pg_get_userbyid(c.collowner) AS "owner",
                  CASE c.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' END AS "provider!",
                  CASE WHEN NOT c.collisdeterministic THEN 'false' END AS "deterministic",
                  coalesce(j.c ->> 'colllocale', j.c ->> 'colliculocale', CASE WHEN c.collcollate = c.collctype
                    THEN c.collcollate END) AS "locale",
                  CASE WHEN c.collcollate <> c.collctype THEN c.collcollate END AS "order",
                  CASE WHEN c.collcollate <> c.collctype THEN c.collctype END AS "characters",
                  j.c ->> 'collicurules' AS "rules"
                FROM pg_collation c CROSS JOIN LATERAL (SELECT to_jsonb(c) AS c) j
                WHERE\s""" + q.lives("pg_collation", "c", "collnamespace");
    }

    static String operators(Queries q) {
        return "SELECT " + Queries.head("pg_operator", "o.oid", "pg_namespace", "o.oprnamespace", "operator", """
                        o.oprname || ' (' || CASE WHEN o.oprleft = 0 THEN 'none' ELSE format_type(o.oprleft, NULL) END || ', ' \
                        || CASE WHEN o.oprright = 0 THEN 'none' ELSE format_type(o.oprright, NULL) END || ')'""") + """
                , pg_get_userbyid(o.oprowner) AS "owner", nullif(o.oprcode::oid, 0)::regprocedure::text AS "function",
                  nullif(o.oprcom, 0)::regoperator::text AS "commutator", nullif(o.oprnegate, 0)::regoperator::text AS "negator",
                  nullif(o.oprrest::oid, 0)::regproc::text AS "restriction estimator",
                  nullif(o.oprjoin::oid, 0)::regproc::text AS "join estimator",
                  CASE WHEN o.oprcanhash THEN 'true' END AS "hashes", CASE WHEN o.oprcanmerge THEN 'true' END AS "merges"
                FROM pg_operator o
                WHERE\s"""
                + q.lives("pg_operator", "o", "oprnamespace");
    }

    /** That from a range to its multirange is part of the type. */
    static String casts() {
        return "SELECT " + Queries.catalog("pg_cast") + ", c.oid, 0, CASE WHEN i.objid IS NULL THEN 0::oid ELSE "
                + Queries.catalog("pg_type") + " END, c.castsource, 0, 'cast'," + """
                  format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL), CASE c.castmethod WHEN 'i' THEN 'through text' WHEN 'b' THEN 'binary coercible' ELSE 'function' END AS "method",
                  nullif(c.castfunc, 0)::regprocedure::text AS "function",
                  CASE c.castcontext WHEN 'a' THEN 'in assignment' WHEN 'i' THEN 'implicit' END AS "used"
                FROM pg_cast c
                LEFT JOIN (SELECT objid FROM pg_depend WHERE classid = 'pg_cast'::regclass AND deptype = 'i' GROUP BY objid) i
                  ON i.objid = c.oid
                WHERE c.oid >= 16384"""
                + Queries.notOfAnExtension("pg_cast", "c");
    }
}
