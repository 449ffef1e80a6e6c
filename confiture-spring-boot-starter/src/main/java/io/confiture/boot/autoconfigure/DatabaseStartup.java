package io.confiture.boot.autoconfigure;

import io.confiture.migrate.Migrator;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the start of the application does to one database.
 *
 * @param database its name
 * @param target the last migration to apply or to ask for, or null for all
 * @param waitTimeout how long mode {@code wait} waits
 * @since 0.1.0
 */
public record DatabaseStartup(
        String database,
        Migrator migrator,
        MigrateMode mode,
        @Nullable String target,
        Duration waitTimeout) {}
