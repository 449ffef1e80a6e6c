package io.confiture.sql;

import org.jspecify.annotations.Nullable;

/**
 * A possibly qualified name as the server stores it: unquoted parts folded to lower case, quotes and Unicode escapes
 * resolved, cut to the 63 bytes PostgreSQL keeps.
 *
 * @param schema the schema, or null where the text names none
 * @param name the object
 * @since 0.1.0
 */
public record ObjectName(@Nullable String schema, String name) {}
