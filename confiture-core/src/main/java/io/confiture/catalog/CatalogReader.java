package io.confiture.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Runs the queries of one read, all in one snapshot. */
final class CatalogReader {
    private CatalogReader() {}

    /** @param names null for all schemas of users */
    static Catalog read(Statement statement, int major, @Nullable SortedSet<String> names) throws SQLException {
        FactRows rows = new FactRows();
        add(rows, statement, Queries.ofSchemas(names));
        Queries queries = new Queries(major, Queries.ids(rows.oids()));
        for (String query : queries.all()) {
            add(rows, statement, query);
        }
        FactTree tree = rows.tree();
        SortedSet<String> schemas = names == null ? tree.schemas() : names;
        return new Catalog(major, schemas, tree, Completeness.notModelled(rows, statement, queries));
    }

    private static void add(FactRows rows, Statement statement, String query) throws SQLException {
        try (ResultSet rs = statement.executeQuery(query)) {
            rows.addAll(rs);
        }
    }
}
