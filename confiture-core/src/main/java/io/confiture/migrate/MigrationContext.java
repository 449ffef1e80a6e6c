package io.confiture.migrate;

import java.sql.Connection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a {@link JavaMigration} works with. Valid during the call only; not thread-safe.
 *
 * @param runId identifies the run; the same as hooks are told
 * @param environment the environment as configured, or null
 * @param jdbc a client on the migration's own connection, in its transaction
 * @param connection that connection, for what the client cannot do; commit, rollback and close are not the migration's to
 *     call
 * @param metadata shared with the hooks of the run
 * @since 0.1.0
 */
public record MigrationContext(
        UUID runId,
        @Nullable String environment,
        JdbcClient jdbc,
        Connection connection,
        Map<String, Object> metadata) {}
