package io.confiture.catalog;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the catalogs on their way to facts. Every row has in front where the object is kept, where that is which it is
 * part of, its kind and its name ({@link Queries#head}); then a column for each property, null when there is nothing to
 * say. The label of a property that every such object has ends in {@code !}. A row without kind has more properties of an
 * object that is known by then.
 */
final class FactRows {
    /** Instead of a definition that the server no longer has. */
    static final String GONE = "\u0001 gone";

    /** How the server writes a type that it no longer has. */
    private static final String UNKNOWN_TYPE = "???";

    private static final int FIRST_PROPERTY = 9;

    /** Where the server keeps an object: a catalog, the row of it, and a column or 0. */
    record Address(long catalog, long oid, int sub) {}

    private record Row(@Nullable Address parent, FactKind kind, String name, SortedMap<String, String> properties) {}

    private final List<Row> rows = new ArrayList<>();
    private final Map<Address, Row> byAddress = new HashMap<>();
    private final IdentityHashMap<Row, FactId> ids = new IdentityHashMap<>();

    void addAll(ResultSet rs) throws SQLException {
        String[] labels = labels(rs.getMetaData());
        while (rs.next()) {
            SortedMap<String, String> properties = properties(rs, labels);
            Address address = address(rs, 1);
            String kind = rs.getString(7);
            if (kind != null) {
                add(address, row(rs, kind, properties));
            } else if (address != null && byAddress.containsKey(address)) {
                byAddress.get(address).properties().putAll(properties);
            }
        }
    }

    private static String[] labels(ResultSetMetaData columns) throws SQLException {
        String[] labels = new String[columns.getColumnCount() + 1];
        for (int i = FIRST_PROPERTY; i < labels.length; i++) {
            labels[i] = columns.getColumnLabel(i);
        }
        return labels;
    }

    private static SortedMap<String, String> properties(ResultSet rs, String[] labels) throws SQLException {
        SortedMap<String, String> properties = new TreeMap<>();
        for (int i = FIRST_PROPERTY; i < labels.length; i++) {
            String value = rs.getString(i);
            boolean required = labels[i].endsWith("!");
            if (required ? value == null || value.equals(UNKNOWN_TYPE) : GONE.equals(value)) {
                throw Snapshot.vanished(rs.getString(7) + " " + rs.getString(8));
            }
            if (value != null) {
                properties.put(required ? labels[i].substring(0, labels[i].length() - 1) : labels[i], value);
            }
        }
        return properties;
    }

    private static Row row(ResultSet rs, String kind, SortedMap<String, String> properties) throws SQLException {
        String name = rs.getString(8);
        if (name == null) {
            throw Snapshot.vanished("a " + kind);
        }
        return new Row(
                address(rs, 4),
                FactKind.of(kind).orElseThrow(() -> new IllegalStateException("No kind of fact: " + kind)),
                name,
                properties);
    }

    /** Null when there is no catalog: a grant has no row of its own, a schema is part of nothing. */
    private static @Nullable Address address(ResultSet rs, int column) throws SQLException {
        long catalog = rs.getLong(column);
        return catalog == 0 ? null : new Address(catalog, rs.getLong(column + 1), rs.getInt(column + 2));
    }

    private void add(@Nullable Address address, Row row) {
        rows.add(row);
        if (address != null && byAddress.put(address, row) != null) {
            throw new IllegalStateException("Listed twice: " + row);
        }
    }

    /** Of all that is known so far. */
    List<Long> oids() {
        return byAddress.keySet().stream().map(Address::oid).sorted().toList();
    }

    boolean knows(Address address) {
        return byAddress.containsKey(address);
    }

    /** Parts of what is not known, such as columns of a table that belongs to an extension, are left out with it. */
    FactTree tree() {
        Map<FactId, SortedMap<String, String>> facts = new HashMap<>();
        for (Row row : rows) {
            FactId id = id(row);
            if (id != null && facts.put(id, row.properties()) != null) {
                throw new IllegalStateException("Two facts of one name: " + id);
            }
        }
        return FactTree.of(facts);
    }

    private @Nullable FactId id(Row row) {
        FactId known = ids.get(row);
        if (known == null) {
            known = newId(row);
            if (known != null) {
                ids.put(row, known);
            }
        }
        return known;
    }

    private @Nullable FactId newId(Row row) {
        if (row.parent() == null) {
            return new FactId(null, row.kind(), row.name());
        }
        Row parent = byAddress.get(row.parent());
        FactId above = parent == null ? null : id(parent);
        return above == null ? null : above.child(row.kind(), row.name());
    }
}
