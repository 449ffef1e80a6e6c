package io.confiture.build;

/**
 * Something that is checked about a schema.
 *
 * @since 0.1.0
 */
public enum SchemaCheck {
    /** Every file can be read as statements, and ends where its last statement does. */
    TEXT,
    /** No object is defined twice, as far as names in the text tell. */
    DEFINITIONS,
    /** No table is used above the place that creates it, as far as names in the text tell. */
    ORDER,
    /** The server can parse every statement. */
    SYNTAX,
    /** The schema was built in a database of its own. */
    BUILD
}
