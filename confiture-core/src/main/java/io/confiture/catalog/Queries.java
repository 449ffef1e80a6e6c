package io.confiture.catalog;

import io.confiture.postgres.Identifiers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The queries of one read. Each is set-based: what a row needs of other catalogs is joined, never looked up row by row. Their
 * number does not depend on what is in the database.
 *
 * @param major the version of the server, such as 17
 * @param schemas the oids of the schemas to read, as text of an {@code oid[]}
 */
record Queries(int major, String schemas) {

    /** What is read first: the schemas there are of these; null for all that are neither the server's nor an extension's. */
    static String ofSchemas(@Nullable Collection<String> names) {
        String chosen = names == null
                ? "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'" + notOfAnExtension("pg_namespace", "n")
                : "n.nspname = ANY (ARRAY["
                        + names.stream().map(Identifiers::literal).collect(Collectors.joining(", ")) + "]::name[])";
        return "SELECT " + head("pg_namespace", "n.oid", "", "", "schema", "n.nspname")
                + ", pg_get_userbyid(n.nspowner) AS \"owner\" FROM pg_namespace n WHERE " + chosen;
    }

    static String ids(Collection<Long> schemas) {
        return schemas.stream().map(String::valueOf).collect(Collectors.joining(",", "'{", "}'::oid[]"));
    }

    /** What has more to say of an object comes after those that list objects. */
    List<String> all() {
        List<String> all = new ArrayList<>(List.of(
                RelationFacts.relations(this),
                RelationFacts.columns(this),
                RelationFacts.sequences(this),
                RelationFacts.constraints(this),
                RelationFacts.indexes(this),
                TriggerFacts.triggers(this),
                TriggerFacts.rules(this),
                TriggerFacts.policies(this),
                RoutineFacts.routines(this),
                TypeFacts.types(this),
                TypeFacts.collations(this),
                TypeFacts.operators(this),
                TypeFacts.casts(),
                DatabaseFacts.statistics(this),
                DatabaseFacts.extensions(),
                DatabaseFacts.publications(),
                DatabaseFacts.publishedTables(this),
                TriggerFacts.eventTriggers(),
                GrantFacts.defaultPrivileges(),
                GrantFacts.grants(this),
                GrantFacts.comments(),
                GrantFacts.securityLabels()));
        if (major >= 15) {
            all.add(DatabaseFacts.publishedSchemas());
        }
        return all;
    }

    /** As {@link #head(String, String, String, String, String, String, String, String)}, of a whole object within one. */
    static String head(String catalog, String oid, String parentCatalog, String parentOid, String kind, String name) {
        return head(catalog, oid, "0", parentCatalog, parentOid, "0", "'" + kind + "'", name);
    }

    /**
     * The columns that every query has in front.
     *
     * @param parentCatalog empty for what is part of nothing
     */
    static String head(
            String catalog,
            String oid,
            String sub,
            String parentCatalog,
            String parentOid,
            String parentSub,
            String kind,
            String name) {
        String parent = parentCatalog.isEmpty()
                ? "0::oid, 0::oid, 0"
                : catalog(parentCatalog) + ", " + parentOid + ", " + parentSub;
        return catalog(catalog) + ", " + oid + ", " + sub + ", " + parent + ", " + kind + ", " + name;
    }

    static String catalog(String name) {
        return "'" + name + "'::regclass::oid";
    }

    /** Whether the object lives in one of the schemas and no extension has brought it. */
    String lives(String catalog, String alias, String namespaceColumn) {
        return alias + "." + namespaceColumn + " = ANY (" + schemas + ")" + notOfAnExtension(catalog, alias);
    }

    static String notOfAnExtension(String catalog, String alias) {
        return " AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = " + catalog(catalog) + " AND x.objid = "
                + alias + ".oid AND x.deptype = 'e')";
    }

    /** Elements as one text, in an order that no collation has a say in; null when there are none. */
    static String sorted(String array) {
        return "CASE WHEN " + array
                + " IS NOT NULL THEN (SELECT string_agg(e, ', ' ORDER BY e COLLATE \"C\") FROM unnest(" + array
                + ") e) END";
    }

    /** What the server makes of an object that was there when it was listed, and may be gone now. */
    static String orGone(String definition) {
        return "coalesce(" + definition + ", '" + FactRows.GONE + "')";
    }

    /** A property that is there when this holds. */
    static String when(String condition, String value) {
        return "CASE WHEN " + condition + " THEN '" + value + "' END";
    }
}
