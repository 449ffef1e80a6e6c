package io.confiture.build;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What lives in some schemas, and the way to be rid of it without taking anything else along. */
final class ExistingObjects {
    private static final int NAMED_AT_MOST = 20;

    private static final String SCHEMAS = "SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY (?)";

    /** Objects that depend on their schema themselves: not indexes, row types and the like, which belong to one of them. */
    private static final String INSIDE = "SELECT d.classid, d.objid, 0 AS objsubid FROM pg_catalog.pg_depend d"
            + " WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.refobjid IN (" + SCHEMAS
            + ") AND d.deptype = 'n' AND d.classid::pg_catalog.regclass::text IN ('pg_class', 'pg_proc', 'pg_type',"
            + " 'pg_operator', 'pg_opclass', 'pg_opfamily', 'pg_collation', 'pg_conversion', 'pg_ts_config',"
            + " 'pg_ts_dict', 'pg_ts_parser', 'pg_ts_template', 'pg_statistic_ext') AND NOT EXISTS (SELECT"
            + " FROM pg_catalog.pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid AND e.objsubid = 0"
            + " AND e.deptype IN ('e', 'i'))";

    private static final String NAMESPACE = "CASE x.classid::pg_catalog.regclass::text"
            + namespaceOf("pg_class", "relnamespace")
            + namespaceOf("pg_proc", "pronamespace")
            + namespaceOf("pg_type", "typnamespace")
            + namespaceOf("pg_constraint", "connamespace")
            + namespaceOf("pg_operator", "oprnamespace")
            + namespaceOf("pg_opclass", "opcnamespace")
            + namespaceOf("pg_opfamily", "opfnamespace")
            + namespaceOf("pg_collation", "collnamespace")
            + namespaceOf("pg_conversion", "connamespace")
            + namespaceOf("pg_ts_config", "cfgnamespace")
            + namespaceOf("pg_ts_dict", "dictnamespace")
            + namespaceOf("pg_ts_parser", "prsnamespace")
            + namespaceOf("pg_ts_template", "tmplnamespace")
            + namespaceOf("pg_statistic_ext", "stxnamespace")
            + namespaceOfTable("pg_attrdef", "adrelid")
            + namespaceOfTable("pg_trigger", "tgrelid")
            + namespaceOfTable("pg_rewrite", "ev_class")
            + namespaceOfTable("pg_policy", "polrelid")
            + namespaceOfFamily("pg_amop", "amopfamily")
            + namespaceOfFamily("pg_amproc", "amprocfamily")
            + " ELSE 0 END";

    /** What a DROP … CASCADE of all that is inside would take along from elsewhere. A cast has no schema, and goes with its type. */
    private static final String OUTSIDE = "WITH RECURSIVE doomed AS (" + INSIDE
            + " UNION SELECT n.classid, n.objid, n.objsubid FROM doomed x CROSS JOIN LATERAL ("
            + "SELECT d.classid, d.objid, d.objsubid FROM pg_catalog.pg_depend d WHERE d.refclassid = x.classid"
            + " AND d.refobjid = x.objid AND (x.objsubid = 0 OR d.refobjsubid = x.objsubid)"
            + " AND d.deptype IN ('n', 'a', 'i', 'P', 'S') UNION ALL"
            + " SELECT d.refclassid, d.refobjid, d.refobjsubid FROM pg_catalog.pg_depend d"
            + " WHERE d.classid = x.classid AND d.objid = x.objid AND d.objsubid = x.objsubid AND d.deptype = 'i') n)"
            + " SELECT DISTINCT pg_catalog.pg_describe_object(x.classid, x.objid, x.objsubid) FROM (SELECT x.*, "
            + NAMESPACE + " AS namespace FROM doomed x) x WHERE x.classid::pg_catalog.regclass::text NOT IN ('pg_cast',"
            + " 'pg_transform')"
            + " AND x.namespace NOT IN (" + SCHEMAS + " UNION ALL SELECT n.oid FROM pg_catalog.pg_namespace n"
            + " WHERE n.nspname LIKE 'pg\\_toast%') ORDER BY 1";

    private static final String DROPS = "SELECT pg_catalog.format('DROP %s IF EXISTS %s CASCADE',"
            + " CASE o.type WHEN 'statistics object' THEN 'STATISTICS' ELSE pg_catalog.upper(o.type) END, o.identity)"
            + " FROM (" + INSIDE
            + ") x, LATERAL pg_catalog.pg_identify_object(x.classid, x.objid, 0) o ORDER BY 1 DESC";

    private ExistingObjects() {}

    private static String namespaceOf(String catalog, String column) {
        return " WHEN '" + catalog + "' THEN (SELECT c." + column + " FROM pg_catalog." + catalog
                + " c WHERE c.oid = x.objid)";
    }

    private static String namespaceOfTable(String catalog, String column) {
        return " WHEN '" + catalog + "' THEN (SELECT r.relnamespace FROM pg_catalog." + catalog
                + " c JOIN pg_catalog.pg_class r ON r.oid = c." + column + " WHERE c.oid = x.objid)";
    }

    private static String namespaceOfFamily(String catalog, String column) {
        return " WHEN '" + catalog + "' THEN (SELECT f.opfnamespace FROM pg_catalog." + catalog
                + " c JOIN pg_catalog.pg_opfamily f ON f.oid = c." + column + " WHERE c.oid = x.objid)";
    }

    /** What is to be said of those that do not exist: they may be made by the sources, or misspelt; null if all exist. */
    static @Nullable String absent(List<String> schemas, Session session) throws SQLException {
        if (schemas.isEmpty()) {
            return null;
        }
        List<String> there = session.query(
                "SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_'"
                        + " AND n.nspname <> 'information_schema' ORDER BY 1",
                rs -> rs.getString(1));
        List<String> absent =
                schemas.stream().filter(name -> !there.contains(name)).toList();
        if (absent.isEmpty()) {
            return null;
        }
        return "there was nothing to drop in " + String.join(", ", absent) + ", since there is no such schema, only "
                + String.join(", ", there);
    }

    /** How many relations there are to drop, each of which is locked. */
    static long relations(List<String> schemas, Session session) throws SQLException {
        if (schemas.isEmpty()) {
            return 0;
        }
        return session.query(
                        "SELECT pg_catalog.count(*) FROM pg_catalog.pg_class c WHERE c.relnamespace IN (" + SCHEMAS
                                + ")",
                        rs -> rs.getLong(1),
                        (Object) schemas.toArray(new String[0]))
                .get(0);
    }

    /**
     * Drops what lives in the schemas; the schemas themselves with their owners and grants, and extensions, stay.
     *
     * @throws SchemaException if something outside of them depends on it; nothing is dropped then
     */
    static void drop(List<String> schemas, Session session) throws SQLException {
        if (schemas.isEmpty()) {
            return;
        }
        for (String schema : schemas) {
            if (schema.startsWith("pg_") || schema.equals("information_schema")) {
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "The schema " + schema + " is the server's own. Nothing was dropped",
                        "Name the schemas that the sources fill.");
            }
        }
        String[] names = schemas.toArray(new String[0]);
        List<String> outside = session.query(OUTSIDE, rs -> rs.getString(1), names, names);
        if (!outside.isEmpty()) {
            throw new SchemaException(
                    ErrorCode.SCHEMA_STILL_USED,
                    "What is in " + String.join(", ", schemas) + " cannot be dropped alone, since it is used by "
                            + outside.stream().limit(NAMED_AT_MOST).collect(Collectors.joining(", "))
                            + (outside.size() > NAMED_AT_MOST
                                    ? " and " + (outside.size() - NAMED_AT_MOST) + " more"
                                    : "")
                            + ". Nothing was dropped",
                    "Drop these first, or name their schemas as well.");
        }
        List<String> drops = session.query(DROPS, rs -> rs.getString(1), (Object) names);
        if (!drops.isEmpty()) {
            String level = session.query(
                            "SELECT pg_catalog.current_setting('client_min_messages')", rs -> rs.getString(1))
                    .get(0);
            session.execute("SET LOCAL client_min_messages = warning");
            session.execute(String.join("; ", drops));
            session.execute("SET LOCAL client_min_messages = " + level);
        }
    }
}
