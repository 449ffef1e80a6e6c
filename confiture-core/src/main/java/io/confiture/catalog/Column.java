package io.confiture.catalog;

import io.confiture.catalog.FactTree.Node;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table or view.
 *
 * @param id the fact about it
 * @param type with its length or precision, as SQL, such as {@code character varying(100)} or {@code text[]}
 * @param notNull whether it takes no null
 * @param defaultExpression as SQL, or null
 * @param identity {@code always}, {@code by default}, or null
 * @param generated {@code stored} or {@code virtual} and the expression, or null
 * @param collation if it is another than that of the type, or null
 * @param comment or null
 * @since 0.1.0
 */
public record Column(
        FactId id,
        String type,
        boolean notNull,
        @Nullable String defaultExpression,
        @Nullable String identity,
        @Nullable String generated,
        @Nullable String collation,
        @Nullable String comment) {

    static Column of(Node node) {
        Fact fact = node.fact();
        return new Column(
                fact.id(),
                fact.required("type"),
                fact.property("not null") != null,
                fact.property("default"),
                fact.property("identity"),
                fact.property("generated"),
                fact.property("collation"),
                fact.property("comment"));
    }
}
