package io.confiture.migrate;

/**
 * A migration as the application ships it: written in SQL, or in Java.
 *
 * @since 0.1.0
 */
public sealed interface Migration permits SqlMigration, JavaMigration {

    /** The version as spelt, such as {@code 001}; {@code R} for every repeatable migration. */
    String version();

    /** The name without version and suffix, such as {@code create_users}. */
    String name();

    /** {@code version_name}, as accepted by every operation that takes a name; {@code R__name} for a repeatable one. */
    default String id() {
        return version() + "_" + name();
    }

    /** Whether it can be rolled back. An empty down part counts: it says that there is nothing to undo. */
    boolean reversible();
}
