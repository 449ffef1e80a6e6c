package io.confiture.catalog;

import io.confiture.catalog.FactTree.Node;

/**
 * A constraint of a table or domain.
 *
 * @param id the fact about it
 * @param type {@code primary key}, {@code unique}, {@code foreign key}, {@code check}, {@code exclusion} or {@code not null}
 * @param definition as SQL, without {@code NOT VALID}
 * @param validated whether all rows are known to fulfil it
 * @since 0.1.0
 */
public record Constraint(FactId id, String type, String definition, boolean validated) {

    static Constraint of(Node node) {
        Fact fact = node.fact();
        return new Constraint(
                fact.id(), fact.required("type"), fact.required("definition"), fact.property("validated") == null);
    }
}
