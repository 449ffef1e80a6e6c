package io.confiture.verification;

import io.confiture.catalog.Catalog;
import io.confiture.catalog.CatalogAspect;
import io.confiture.catalog.CatalogComparison;
import io.confiture.catalog.FactId;
import io.confiture.catalog.FactKind;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.Session;
import io.confiture.sql.ObjectName;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One of two databases that are compared.
 *
 * @param catalog of all its schemas, without the migrator's own tables
 * @param ledgerOnly a schema that holds nothing but these tables; null if there is none
 */
record Side(Catalog catalog, @Nullable String ledgerOnly) {
    private static final Set<FactKind> OF_SCHEMA_ITSELF = Set.of(
            FactKind.SCHEMA,
            FactKind.GRANT,
            FactKind.OWNER_GRANT,
            FactKind.DEFAULT_PRIVILEGES,
            FactKind.SECURITY_LABEL);

    private static final String SCHEMAS = "SELECT n.nspname FROM pg_catalog.pg_namespace n"
            + " WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
            + " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.deptype = 'e'"
            + " AND d.classid = n.tableoid AND d.objid = n.oid)";

    /**
     * Reads a database.
     *
     * @param schemas empty for all of them
     * @param own the migrator's tables
     */
    static Side read(ConnectionSource source, Collection<String> schemas, List<ObjectName> own) {
        return Databases.on(source, session -> read(session, schemas, own));
    }

    private static Side read(Session session, Collection<String> schemas, List<ObjectName> own) throws SQLException {
        Collection<String> names = schemas.isEmpty() ? session.query(SCHEMAS, rs -> rs.getString(1)) : schemas;
        Set<FactId> left = new TreeSet<>();
        own.forEach(table -> left.add(FactId.table(String.valueOf(table.schema()), table.name())));
        // A database without any schema is one without facts of this one.
        Catalog catalog = Catalog.read(session.sharedConnection(), names.isEmpty() ? List.of("public") : names)
                .without(left::contains);
        return new Side(
                catalog,
                own.isEmpty()
                        ? null
                        : ledgerOnly(catalog, String.valueOf(own.get(0).schema())));
    }

    private static @Nullable String ledgerOnly(Catalog catalog, String schema) {
        FactId id = FactId.schema(schema);
        boolean other = catalog.facts().stream()
                .anyMatch(fact -> fact.id().isWithin(id)
                        && !OF_SCHEMA_ITSELF.contains(fact.id().kind()));
        return other || schema.equals("public") ? null : schema;
    }

    /** What distinguishes this side from the expected one. A schema made for the ledger alone is no difference. */
    CatalogComparison compareTo(Side expected, CatalogAspect... ignored) {
        Set<String> schemas = compared(expected);
        return catalog.ofSchemas(schemas).compareTo(expected.catalog.ofSchemas(schemas), ignored);
    }

    /** The same for two sides that are not distinguished from each other, and so for all that are not from the same one. */
    String fingerprint(Side expected, CatalogAspect... ignored) {
        return catalog.ofSchemas(compared(expected)).without(ignored).fingerprint();
    }

    private Set<String> compared(Side expected) {
        Set<String> schemas = new TreeSet<>(catalog.schemas());
        schemas.addAll(expected.catalog.schemas());
        if (ledgerOnly != null && !expected.has(ledgerOnly)) {
            schemas.remove(ledgerOnly);
        }
        if (expected.ledgerOnly != null && !has(expected.ledgerOnly)) {
            schemas.remove(expected.ledgerOnly);
        }
        return schemas;
    }

    private boolean has(String schema) {
        return catalog.fact(FactId.schema(schema)).isPresent();
    }
}
