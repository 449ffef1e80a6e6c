package io.confiture.catalog;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

    /** What there is to say of this property, or null. */
    @Nullable
    String property(String name) {
        return properties.get(name);
    }

    /** What every such object has; a catalog that was written down by hand may lack it. */
    String required(String name) {
        return properties.getOrDefault(name, "");
    }
}
