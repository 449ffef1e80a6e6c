package io.confiture.migrate;

import java.util.Map;

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

    /**
     * What the migration says about itself, for people and hooks: the {@code meta.} directives of the head of its up part,
     * by key, in the order given. Read from the file each time.
     *
     * @throws io.confiture.error.ConfitureException if the head of the file cannot be read
     */
    default Map<String, String> metadata() {
        return Map.of();
    }
}
