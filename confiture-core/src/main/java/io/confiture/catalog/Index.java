package io.confiture.catalog;

import io.confiture.catalog.FactTree.Node;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * An index.
 *
 * @param id the fact about it; its parent is the constraint that it serves, else the table
 * @param definition the statement that makes it
 * @param unique whether it keeps values from occurring twice
 * @param valid whether queries may use it; not after a {@code CREATE INDEX CONCURRENTLY} that failed
 * @since 0.1.0
 */
public record Index(FactId id, String definition, boolean unique, boolean valid) {

    static Index of(Node node) {
        Fact fact = node.fact();
        return new Index(
                fact.id(),
                fact.required("definition"),
                fact.property("unique") != null,
                fact.property("valid") == null);
    }

    /** Those of a relation and of its constraints, by name. */
    static List<Index> within(Node relation) {
        return Stream.concat(
                        relation.parts(FactKind.INDEX),
                        relation.parts(FactKind.CONSTRAINT).flatMap(constraint -> constraint.parts(FactKind.INDEX)))
                .map(Index::of)
                .sorted(Comparator.comparing(index -> index.id().name()))
                .toList();
    }
}
