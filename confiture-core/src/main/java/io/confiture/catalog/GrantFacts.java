package io.confiture.catalog;

/** What every kind of object can have, by one rule for all: grants, comments and security labels. */
final class GrantFacts {
    private GrantFacts() {}

    /**
     * Who may do what. The owner is not named, and is left out where it may do everything: that is all a relation or schema
     * without a list of its own says. A routine or type without one has the list of its kind, in which everybody is.
     */
    static String grants(Queries q) {
        return """
                WITH objects (class, oid, sub, type, owner, acl) AS (
                  SELECT 'pg_namespace'::regclass::oid, n.oid, 0, 'n', n.nspowner, n.nspacl FROM pg_namespace n
                    WHERE n.nspacl IS NOT NULL AND n.oid = ANY (%1$s)
                  UNION ALL SELECT 'pg_class'::regclass::oid, c.oid, 0, CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END, c.relowner,
                    c.relacl FROM pg_class c WHERE c.relacl IS NOT NULL AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relnamespace = ANY (%1$s)
                  UNION ALL SELECT 'pg_class'::regclass::oid, c.oid, a.attnum::int, 'c', c.relowner, a.attacl FROM pg_attribute a
                    JOIN pg_class c ON c.oid = a.attrelid
                    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relnamespace = ANY (%1$s)
                  UNION ALL SELECT 'pg_proc'::regclass::oid, p.oid, 0, 'f', p.proowner, p.proacl FROM pg_proc p
                    WHERE p.pronamespace = ANY (%1$s)
                  UNION ALL SELECT 'pg_type'::regclass::oid, t.oid, 0, 'T', t.typowner, t.typacl FROM pg_type t
                    WHERE t.typtype IN ('e', 'd', 'r', 'm', 'c') AND t.typnamespace = ANY (%1$s)
                  UNION ALL SELECT 'pg_default_acl'::regclass::oid, d.oid, 0, CASE d.defaclobjtype WHEN 'S' THEN 's'
                    ELSE d.defaclobjtype::text END, d.defaclrole, d.defaclacl FROM pg_default_acl d),
                kinds (type, everything) AS (
                  SELECT t, (SELECT string_agg(e.privilege_type, ', ' ORDER BY e.privilege_type)
                    FROM aclexplode(acldefault(t, 10)) e WHERE e.grantee = 10)
                  FROM unnest('{n,s,r,c,f,T,L}'::"char"[]) t),
                grants AS (
                  SELECT o.class, o.oid, o.sub, o.type, o.owner, e.grantee,
                    string_agg(DISTINCT e.privilege_type, ', ') FILTER (WHERE NOT e.is_grantable) AS plain,
                    string_agg(DISTINCT e.privilege_type, ', ') FILTER (WHERE e.is_grantable) AS passed_on,
                    string_agg(DISTINCT pg_get_userbyid(e.grantor)::text COLLATE "C", ', ')
                      FILTER (WHERE e.grantor <> o.owner) AS grantors
                  FROM objects o CROSS JOIN LATERAL aclexplode(coalesce(o.acl, acldefault(o.type::"char", o.owner))) e
                  GROUP BY o.class, o.oid, o.sub, o.type, o.owner, e.grantee)
                SELECT 0::oid, 0::oid, 0, g.class, g.oid, g.sub,
                  CASE WHEN g.grantee = g.owner THEN 'grant to its owner' ELSE 'grant to' END,
                  CASE WHEN g.grantee = g.owner THEN '' WHEN g.grantee = 0 THEN 'public' ELSE pg_get_userbyid(g.grantee)::text END,
                  g.plain AS "privileges", g.passed_on AS "with grant option",
                  g.grantors AS "granted by"
                FROM grants g JOIN kinds k ON k.type = g.type::"char"
                WHERE NOT (g.grantee = g.owner AND g.passed_on IS NULL AND g.plain = k.everything)
                """.formatted(q.schemas());
    }

    /** What a role grants on whatever it will create, in one schema or in all. */
    static String defaultPrivileges() {
        return "SELECT " + Queries.catalog("pg_default_acl") + ", d.oid, 0, CASE WHEN d.defaclnamespace <> 0 THEN "
                + Queries.catalog("pg_namespace") + " ELSE 0::oid END, d.defaclnamespace, 0, 'default privileges',"
                + """
                'of ' || quote_ident(pg_get_userbyid(d.defaclrole)) || ' on ' || CASE d.defaclobjtype WHEN 'r' THEN 'tables'
                  WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas'
                  WHEN 'L' THEN 'large objects' ELSE d.defaclobjtype::text END
                FROM pg_default_acl d""";
    }

    /** Comments and labels, of whatever has a fact. */
    static String comments() {
        return """
                SELECT d.classoid, d.objoid, d.objsubid, 0::oid, 0::oid, 0, NULL::text, NULL::text, d.description AS "comment"
                FROM pg_description d WHERE d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass""";
    }

    static String securityLabels() {
        return """
                SELECT 0::oid, 0::oid, 0, l.classoid, l.objoid, l.objsubid, 'security label', l.provider, l.label AS "label!"
                FROM pg_seclabel l""";
    }
}
