package io.confiture.catalog;

/** What makes a table do something by itself: triggers, rules, policies; and event triggers. */
final class TriggerFacts {
    private static final String STATE = """
            CASE %s WHEN 'D' THEN 'disabled' WHEN 'A' THEN 'always' WHEN 'R' THEN 'on replicas' END AS "enabled\"""";

    private TriggerFacts() {}

    /** Also those that a partition has from its parent, since each is enabled by itself. */
    static String triggers(Queries q) {
        return "SELECT " + Queries.head("pg_trigger", "t.oid", "pg_class", "t.tgrelid", "trigger", "t.tgname")
                + ", pg_get_triggerdef(t.oid) AS \"definition!\", " + STATE.formatted("t.tgenabled")
                + ", p.tgrelid::regclass::text AS \"inherited from\"" + """

                FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                LEFT JOIN pg_trigger p ON p.oid = t.tgparentid
                WHERE (NOT t.tgisinternal OR (t.tgparentid <> 0 AND t.tgconstraint = 0)) AND c.relnamespace = ANY (\
                """ + q.schemas() + ")";
    }

    /** But the one that makes a view a view. */
    static String rules(Queries q) {
        return "SELECT " + Queries.head("pg_rewrite", "r.oid", "pg_class", "r.ev_class", "rule", "r.rulename")
                + ", pg_get_ruledef(r.oid) AS \"definition!\", " + STATE.formatted("r.ev_enabled") + """

                FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
                WHERE r.rulename <> '_RETURN' AND c.relnamespace = ANY (\
                """ + q.schemas()
                + ")";
    }

    static String policies(Queries q) {
        return "SELECT " + Queries.head("pg_policy", "p.oid", "pg_class", "p.polrelid", "policy", "p.polname") + """
                , CASE p.polcmd WHEN '*' THEN 'all' WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update'
                    ELSE 'delete' END AS "command!",
                  CASE WHEN NOT p.polpermissive THEN 'true' END AS "restrictive",
                  (SELECT string_agg(CASE r WHEN 0 THEN 'public' ELSE quote_ident(pg_get_userbyid(r)) END, ', '
                      ORDER BY r <> 0, pg_get_userbyid(r)::text COLLATE "C") FROM unnest(p.polroles) r) AS "roles",
                  CASE WHEN p.polqual IS NOT NULL THEN\s"""
                + Queries.orGone("pg_get_expr(p.polqual, p.polrelid)") + """
                   END AS "using", CASE WHEN p.polwithcheck IS NOT NULL THEN\s"""
                + Queries.orGone("pg_get_expr(p.polwithcheck, p.polrelid)") + """
                   END AS "check"
                FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
                WHERE c.relnamespace = ANY (\
                """
                + q.schemas() + ")";
    }

    static String eventTriggers() {
        return "SELECT " + Queries.head("pg_event_trigger", "e.oid", "", "", "event trigger", "e.evtname")
                + ", pg_get_userbyid(e.evtowner) AS \"owner\", e.evtevent AS \"event!\","
                + " e.evtfoid::regproc::text AS \"function!\", " + Queries.sorted("e.evttags") + " AS \"tags\", "
                + STATE.formatted("e.evtenabled") + " FROM pg_event_trigger e WHERE true"
                + Queries.notOfAnExtension("pg_event_trigger", "e");
    }
}
