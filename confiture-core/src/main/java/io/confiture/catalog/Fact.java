package io.confiture.catalog;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One piece of a schema, such as a table, one of its columns or a grant on it. Immutable.
 *
 * @param id what it is about
 * @param properties what there is to say, by name; what is absent is as usual, such as a column without default
 * @param hash of the properties and of everything within it, down to the last grant; not of its own name, so that a part
 *     that was renamed keeps it. 64 hexadecimal digits
 * @since 0.1.0
 */
public record Fact(FactId id, SortedMap<String, String> properties, String hash) {
    public Fact {
        properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
    }
}
