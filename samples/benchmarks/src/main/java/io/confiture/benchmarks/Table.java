package io.confiture.benchmarks;

import java.util.List;

/** A table of Markdown; the first column names the row. */
final class Table {
    private final StringBuilder text = new StringBuilder();

    Table(String corner, List<String> columns) {
        line(corner, columns);
        text.append("|---|").append("---:|".repeat(columns.size())).append('\n');
    }

    /** A row in which nothing was measured is left out. */
    void row(String name, List<String> cells) {
        if (!cells.stream().allMatch(Sample.NONE::equals)) {
            line(name, cells);
        }
    }

    private void line(String first, List<String> cells) {
        text.append("| ")
                .append(first)
                .append(" | ")
                .append(String.join(" | ", cells))
                .append(" |\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
