package io.confiture.boot.autoconfigure;

import io.confiture.migrate.MigratorBuilder;

/**
 * Changes the auto-configured migrator after the properties were applied and before it is built. Beans of this type are
 * called in order.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ConfitureMigratorCustomizer {

    void customize(MigratorBuilder builder);
}
