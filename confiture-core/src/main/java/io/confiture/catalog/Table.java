package io.confiture.catalog;

import io.confiture.catalog.FactTree.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table, ordinary, partitioned or foreign, with what belongs to it. Triggers, rules, policies, grants and the rarer
 * properties are among the {@linkplain Catalog#facts() facts}.
 *
 * @param id the fact about it
 * @param owner the role, or null in a catalog without owners
 * @param partitionKey such as {@code RANGE (taken)}, or null if it is not partitioned
 * @param partitionOf the partitioned table it is a partition of, qualified and quoted as SQL; or null
 * @param partitionBound such as {@code FOR VALUES FROM (1) TO (10)}, or null if it is no partition
 * @param columns by name
 * @param constraints by name
 * @param indexes by name, those of constraints included
 * @param comment or null
 * @since 0.1.0
 */
public record Table(
        FactId id,
        @Nullable String owner,
        @Nullable String partitionKey,
        @Nullable String partitionOf,
        @Nullable String partitionBound,
        List<Column> columns,
        List<Constraint> constraints,
        List<Index> indexes,
        @Nullable String comment) {

    public Table {
        columns = List.copyOf(columns);
        constraints = List.copyOf(constraints);
        indexes = List.copyOf(indexes);
    }

    static Table of(Node node) {
        Fact fact = node.fact();
        return new Table(
                fact.id(),
                fact.property("owner"),
                fact.property("partition key"),
                fact.property("partition of"),
                fact.property("partition bound"),
                node.parts(FactKind.COLUMN).map(Column::of).toList(),
                node.parts(FactKind.CONSTRAINT).map(Constraint::of).toList(),
                Index.within(node),
                fact.property("comment"));
    }
}
