package io.confiture.build;

/**
 * What goes into a built schema.
 *
 * @param seeds whether seed files come behind the schema
 * @since 0.1.0
 */
public record BuildOptions(boolean seeds) {

    /** With seeds. */
    public static BuildOptions defaults() {
        return new BuildOptions(true);
    }

    /** The schema alone. */
    public static BuildOptions schemaOnly() {
        return new BuildOptions(false);
    }
}
