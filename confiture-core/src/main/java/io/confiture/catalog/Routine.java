package io.confiture.catalog;

import io.confiture.catalog.FactTree.Node;
import org.jspecify.annotations.Nullable;

/**
 * A function, procedure or aggregate.
 *
 * @param id the fact about it; its name holds the types of its arguments, such as {@code total(numeric)}
 * @param owner the role, or null in a catalog without owners
 * @param arguments names, types and defaults, as SQL
 * @param returns the type, or null for a procedure
 * @param language or null for an aggregate
 * @param body its text, or null for an aggregate
 * @param comment or null
 * @since 0.1.0
 */
public record Routine(
        FactId id,
        @Nullable String owner,
        String arguments,
        @Nullable String returns,
        @Nullable String language,
        @Nullable String body,
        @Nullable String comment) {

    static Routine of(Node node) {
        Fact fact = node.fact();
        return new Routine(
                fact.id(),
                fact.property("owner"),
                fact.required("arguments"),
                fact.property("returns"),
                fact.property("language"),
                fact.property("body"),
                fact.property("comment"));
    }
}
