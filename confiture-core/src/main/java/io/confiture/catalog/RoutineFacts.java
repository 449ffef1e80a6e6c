package io.confiture.catalog;

/** Functions, procedures and aggregates. */
final class RoutineFacts {
    private RoutineFacts() {}

    /**
     * Each named with the types of its arguments, as two of one name differ in them. Those that come with a range type are
     * part of it.
     */
    static String routines(Queries q) {
        return "SELECT " + Queries.catalog("pg_proc") + ", p.oid, 0, CASE WHEN i.refobjid IS NULL THEN "
                + Queries.catalog("pg_namespace") + " ELSE " + Queries.catalog("pg_type")
                + " END, coalesce(i.refobjid, p.pronamespace), 0,"
                + " CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END,"
                + " quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')'"
                + """
                , pg_get_userbyid(p.proowner) AS "owner",
                  pg_get_function_arguments(p.oid) AS "arguments!", pg_get_function_result(p.oid) AS "returns",
                  CASE WHEN p.prokind <> 'a' THEN l.lanname END AS "language",
                  CASE WHEN p.prokind <> 'a' THEN coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) END AS "body",
                  p.probin AS "library",
                  CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' END AS "volatility",
                  CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END AS "parallel",
                  """ + Queries.when("p.proisstrict", "true") + " AS \"strict\", "
                + Queries.when("p.prosecdef", "definer") + " AS \"security\", "
                + Queries.when("p.proleakproof", "true") + " AS \"leakproof\", "
                + Queries.when("p.prokind = 'w'", "true") + " AS \"window\"," + """

                  CASE WHEN p.prokind IN ('f', 'w') AND p.procost <> CASE WHEN l.lanname IN ('c', 'internal') THEN 1
                    ELSE 100 END THEN p.procost END AS "cost",
                  CASE WHEN p.proretset AND p.prorows <> 1000 THEN p.prorows END AS "rows",
                  CASE WHEN p.prosupport <> 0 THEN p.prosupport::regproc::text END AS "support",
                  """ + Queries.sorted("p.proconfig")
                + " AS \"settings\"," + """

                  (SELECT string_agg(t::regtype::text, ', ' ORDER BY t::regtype::text COLLATE "C")
                    FROM unnest(p.protrftypes) t) AS "transforms",
                  CASE g.aggkind WHEN 'o' THEN 'ordered set' WHEN 'h' THEN 'hypothetical set' END AS "aggregate kind",
                  CASE WHEN g.aggkind <> 'n' THEN g.aggnumdirectargs END AS "direct arguments",
                  g.aggtransfn::regprocedure::text AS "transition function",
                  CASE WHEN g.aggtranstype IS NOT NULL THEN format_type(g.aggtranstype, NULL) END AS "transition type",
                  g.agginitval AS "initial value",
                  nullif(g.aggtransspace, 0) AS "transition space",
                  nullif(g.aggfinalfn, 0)::regprocedure::text AS "final function",
                  CASE WHEN g.aggfinalextra THEN 'true' END AS "final function takes arguments",
                  CASE WHEN g.aggfinalfn <> 0 THEN CASE g.aggfinalmodify WHEN 'r' THEN 'read only' WHEN 's' THEN 'shareable'
                    ELSE 'read write' END END AS "final function modifies",
                  nullif(g.aggcombinefn, 0)::regprocedure::text AS "combine function",
                  nullif(g.aggserialfn, 0)::regprocedure::text AS "serial function",
                  nullif(g.aggdeserialfn, 0)::regprocedure::text AS "deserial function",
                  nullif(g.aggmtransfn, 0)::regprocedure::text AS "moving transition function",
                  nullif(g.aggminvtransfn, 0)::regprocedure::text AS "moving inverse function",
                  CASE WHEN g.aggmtranstype <> 0 THEN format_type(g.aggmtranstype, NULL) END AS "moving transition type",
                  nullif(g.aggmtransspace, 0) AS "moving transition space",
                  g.aggminitval AS "moving initial value",
                  nullif(g.aggmfinalfn, 0)::regprocedure::text AS "moving final function",
                  CASE WHEN g.aggmfinalextra THEN 'true' END AS "moving final function takes arguments",
                  CASE WHEN g.aggmfinalfn <> 0 THEN CASE g.aggmfinalmodify WHEN 'r' THEN 'read only' WHEN 's' THEN 'shareable'
                    ELSE 'read write' END END AS "moving final function modifies",
                  nullif(g.aggsortop, 0)::regoperator::text AS "sort operator"
                FROM pg_proc p
                JOIN pg_language l ON l.oid = p.prolang
                LEFT JOIN pg_aggregate g ON g.aggfnoid = p.oid
                LEFT JOIN pg_depend i ON i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i'
                  AND i.refclassid = 'pg_type'::regclass
                WHERE\s""" + q.lives("pg_proc", "p", "pronamespace");
    }
}
