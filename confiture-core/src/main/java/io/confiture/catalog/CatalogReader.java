package io.confiture.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SortedSet;

/** Runs the queries of one read, all in one snapshot. */
final class CatalogReader {
    private CatalogReader() {}

    static Catalog read(Statement statement, int major, SortedSet<String> schemas) throws SQLException {
        FactRows rows = new FactRows();
        add(rows, statement, Queries.ofSchemas(schemas));
        Queries queries = new Queries(major, Queries.ids(rows.oids()));
        for (String query : queries.all()) {
            add(rows, statement, query);
        }
        return new Catalog(major, schemas, rows.tree(), Completeness.notModelled(rows, statement, queries));
    }

    private static void add(FactRows rows, Statement statement, String query) throws SQLException {
        try (ResultSet rs = statement.executeQuery(query)) {
            rows.addAll(rs);
        }
    }
}
