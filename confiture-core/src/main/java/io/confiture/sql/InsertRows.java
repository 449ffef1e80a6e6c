package io.confiture.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an {@code INSERT INTO … VALUES (…), (…)}, read from its text as they are asked for. Immutable.
 *
 * @since 0.1.0
 */
public final class InsertRows {
    private final SqlStatement statement;
    private final String table;
    private final @Nullable List<String> columns;
    private final boolean plain;
    /** Begin and end of each row in the text. */
    private final int[] rows;

    private InsertRows(
            SqlStatement statement, String table, @Nullable List<String> columns, boolean plain, int[] rows) {
        this.statement = statement;
        this.table = table;
        this.columns = columns;
        this.plain = plain;
        this.rows = rows;
    }

    /** The rows of a statement; null if it is anything else, or has names written in Unicode escapes. */
    public static @Nullable InsertRows of(SqlStatement statement) {
        String text = statement.text();
        TextCursor cursor = new TextCursor(text, 0);
        if (!cursor.accept("insert", "into")) {
            return null;
        }
        String table = table(cursor);
        if (table == null) {
            return null;
        }
        List<String> columns = null;
        if (cursor.accept('(')) {
            columns = columns(cursor);
            if (columns == null) {
                return null;
            }
        }
        boolean overriding =
                cursor.accept("overriding", "system", "value") || cursor.accept("overriding", "user", "value");
        if (!cursor.accept("values")) {
            return null;
        }
        int[] rows = new int[16];
        int count = 0;
        do {
            if (cursor.peek() != '(') {
                return null;
            }
            if (2 * count == rows.length) {
                rows = Arrays.copyOf(rows, rows.length + rows.length / 2 * 2);
            }
            rows[2 * count] = cursor.at();
            rows[2 * count + 1] = cursor.parentheses();
            count++;
        } while (cursor.accept(','));
        return new InsertRows(statement, table, columns, !overriding && cursor.atEnd(), Arrays.copyOf(rows, 2 * count));
    }

    private static @Nullable String table(TextCursor cursor) {
        StringBuilder name = new StringBuilder();
        do {
            String part = cursor.next();
            if (!new Token(part).isName() || new Token(part).isUnicodeName()) {
                return null;
            }
            name.append(name.isEmpty() ? "" : ".").append(part);
        } while (cursor.accept('.'));
        return name.toString();
    }

    private static @Nullable List<String> columns(TextCursor cursor) {
        List<String> columns = new ArrayList<>();
        do {
            Token token = new Token(cursor.next());
            if (!token.isName() || token.isUnicodeName()) {
                return null;
            }
            columns.add(token.name("\\"));
        } while (cursor.accept(','));
        return cursor.accept(')') ? List.copyOf(columns) : null;
    }

    public SqlStatement statement() {
        return statement;
    }

    /** The table as the statement writes it, without blanks. */
    public String table() {
        return table;
    }

    /** The columns as the server stores their names; null if the statement has no list of them. */
    public @Nullable List<String> columns() {
        return columns;
    }

    /** Whether it is nothing but rows: no {@code ON CONFLICT}, {@code RETURNING} or {@code OVERRIDING}. */
    public boolean plain() {
        return plain;
    }

    /** How many rows it has, at least 1. */
    public int count() {
        return rows.length / 2;
    }

    /** The values of a row. */
    public List<InsertValue> row(int index) {
        TextCursor cursor = new TextCursor(statement.text(), rows[2 * index] + 1);
        List<InsertValue> values = new ArrayList<>();
        do {
            values.add(InsertValue.read(cursor, statement.text()));
        } while (cursor.accept(','));
        return values;
    }

    /** Where in the file a row begins. */
    public SourcePosition position(int index) {
        return statement.locate(statement.text().codePointCount(0, rows[2 * index]) + 1);
    }

    /**
     * The row in which something stands.
     *
     * @param position 1-based, in characters (code points) of the statement, as the server counts
     * @return the index of the row, -1 if it stands outside of the rows
     */
    public int rowAt(int position) {
        String text = statement.text();
        int at = position > text.length() ? text.length() : text.offsetByCodePoints(0, Math.max(0, position - 1));
        int low = 0;
        int high = count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (at < rows[2 * middle]) {
                high = middle - 1;
            } else if (at >= rows[2 * middle + 1]) {
                low = middle + 1;
            } else {
                return middle;
            }
        }
        return -1;
    }

    /** The statement with the rows from an index up to another, exclusively, and no others. */
    public String text(int from, int to) {
        String text = statement.text();
        return text.substring(0, rows[0])
                + text.substring(rows[2 * from], rows[2 * to - 1])
                + text.substring(rows[rows.length - 1]);
    }
}
