package io.confiture.boot.autoconfigure;

import io.confiture.migrate.MigratorBuilder;

/**
 * Changes the auto-configured migrators after the properties were applied and before they are built. Beans of this type
 * are called in order, once for each database.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ConfitureMigratorCustomizer {

    void customize(MigratorBuilder builder);

    /**
     * To be overridden by who treats the databases differently.
     *
     * @param database {@code default}, or the name below {@code confiture.databases}
     */
    default void customize(MigratorBuilder builder, String database) {
        customize(builder);
    }
}
