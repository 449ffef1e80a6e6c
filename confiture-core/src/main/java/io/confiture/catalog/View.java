package io.confiture.catalog;

import io.confiture.catalog.FactTree.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A view or materialized view.
 *
 * @param id the fact about it
 * @param owner the role, or null in a catalog without owners
 * @param definition the query, as the server writes it
 * @param options such as {@code security_barrier=true}, or null
 * @param columns by name
 * @param indexes by name; empty for a view that is not materialized
 * @param comment or null
 * @since 0.1.0
 */
public record View(
        FactId id,
        @Nullable String owner,
        String definition,
        @Nullable String options,
        List<Column> columns,
        List<Index> indexes,
        @Nullable String comment) {

    public View {
        columns = List.copyOf(columns);
        indexes = List.copyOf(indexes);
    }

    /** Whether it keeps its rows. */
    public boolean materialized() {
        return id.kind() == FactKind.MATERIALIZED_VIEW;
    }

    static View of(Node node) {
        Fact fact = node.fact();
        return new View(
                fact.id(),
                fact.property("owner"),
                fact.required("definition"),
                fact.property("options"),
                node.parts(FactKind.COLUMN).map(Column::of).toList(),
                Index.within(node),
                fact.property("comment"));
    }
}
