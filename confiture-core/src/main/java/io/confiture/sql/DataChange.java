package io.confiture.sql;

import java.util.List;

/**
 * What a statement does to the rows of tables that stay, told by its tokens. What triggers do, and functions that a
 * statement calls beside its own work, is not seen.
 *
 * @since 0.1.0
 */
public sealed interface DataChange {

    /** The leading word in capitals. */
    String verb();

    /** {@code INSERT}, {@code COPY … FROM}, {@code MERGE}, {@code CREATE TABLE … AS}. */
    record AddsRows(String verb, ObjectName table) implements DataChange {}

    /** {@code UPDATE}, {@code DELETE}, {@code TRUNCATE}: nothing happens to a table without rows. */
    record ChangesRows(String verb, ObjectName table) implements DataChange {}

    /** Its text does not tell: {@code DO}, {@code CALL}, a query, which may call functions, and whatever is not known. */
    record Unknown(String verb) implements DataChange {}

    /** What the statement does; empty for one that touches no rows. */
    static List<DataChange> of(SqlStatement statement) {
        return new RowWrites(statement).changes();
    }
}
