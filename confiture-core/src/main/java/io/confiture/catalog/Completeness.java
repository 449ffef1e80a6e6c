package io.confiture.catalog;

import io.confiture.catalog.FactRows.Address;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which objects of users have no fact, but for those of extensions and what comes with another object. What lives in a schema is found by its dependency on it, so that a kind of object
 * that only a later server knows is found as well.
 */
final class Completeness {
    private static final int FIRST_OF_USERS = 16384;

    private Completeness() {}

    private static String everything(Queries q) {
        StringBuilder all = new StringBuilder("SELECT o.class, o.oid FROM (SELECT d.classid, d.objid FROM pg_depend d"
                + " WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ANY (" + q.schemas() + ")");
        for (String catalog : List.of(
                "pg_cast",
                "pg_language",
                "pg_foreign_data_wrapper",
                "pg_foreign_server",
                "pg_am",
                "pg_transform",
                "pg_publication",
                "pg_event_trigger",
                "pg_default_acl")) {
            all.append(" UNION SELECT ")
                    .append(Queries.catalog(catalog))
                    .append(", oid FROM ")
                    .append(catalog);
        }
        return all + " UNION SELECT 'pg_user_mapping'::regclass::oid, umid FROM pg_user_mappings"
                + " UNION SELECT 'pg_subscription'::regclass::oid, oid FROM pg_subscription"
                + " WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())) o (class, oid)"
                + " WHERE o.oid >= " + FIRST_OF_USERS
                + " AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = o.class AND x.objid = o.oid AND x.deptype IN ('e', 'i'))";
    }

    /** What there is and has no fact, as the server names it. */
    static List<String> notModelled(FactRows facts, Statement statement, Queries queries) throws SQLException {
        List<Address> unknown = new ArrayList<>();
        try (ResultSet rs = statement.executeQuery(everything(queries))) {
            while (rs.next()) {
                Address address = new Address(rs.getLong(1), rs.getLong(2), 0);
                if (!facts.knows(address)) {
                    unknown.add(address);
                }
            }
        }
        return unknown.isEmpty() ? List.of() : names(unknown, statement);
    }

    private static List<String> names(List<Address> unknown, Statement statement) throws SQLException {
        String addresses = unknown.stream()
                .map(address -> "(" + address.catalog() + "::oid, " + address.oid() + "::oid)")
                .collect(Collectors.joining(", "));
        List<String> names = new ArrayList<>();
        try (ResultSet rs = statement.executeQuery("SELECT i.type || ' ' || i.identity FROM (VALUES " + addresses
                + ") o (class, oid) CROSS JOIN LATERAL pg_identify_object(o.class, o.oid, 0) i")) {
            while (rs.next()) {
                String name = rs.getString(1);
                if (name == null) {
                    throw Snapshot.vanished("an object");
                }
                names.add(name);
            }
        }
        return names;
    }
}
