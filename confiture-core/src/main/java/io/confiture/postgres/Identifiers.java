package io.confiture.postgres;

import org.jspecify.annotations.Nullable;

/**
 * Names and literals as SQL text.
 *
 * @since 0.1.0
 */
public final class Identifiers {
    private Identifiers() {}

    /** The name in double quotes, so that it means itself whatever characters or keywords it is made of. */
    public static String quote(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Not a PostgreSQL name: '" + name + "'");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** {@code "schema"."name"}, or only the name when there is no schema. */
    public static String qualified(@Nullable String schema, String name) {
        return schema == null ? quote(name) : quote(schema) + "." + quote(name);
    }

    /** The text as a literal that means itself under either setting of {@code standard_conforming_strings}. */
    public static String literal(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("A PostgreSQL text cannot hold NUL");
        }
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
    }
}
