package io.confiture.boot.event;

import io.confiture.hook.HookContext;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a hook was told, kept beyond the call: a {@link HookContext} is valid during the call only. */
record Moment(
        String database,
        Instant at,
        UUID runId,
        @Nullable String environment,
        @Nullable String schema,
        @Nullable String version,
        @Nullable String name,
        HookContext.Direction direction,
        List<String> migrations,
        Duration duration,
        long rowsAffected,
        @Nullable Throwable error)
        implements Serializable {

    static Moment of(String database, HookContext context) {
        return new Moment(
                database,
                Instant.now(),
                context.runId(),
                context.environment(),
                context.schema(),
                context.migrationVersion(),
                context.migrationName(),
                context.direction(),
                context.migrations(),
                context.duration(),
                context.rowsAffected(),
                context.error());
    }

    /** What failed; only asked for at points that have it. */
    Throwable failure() {
        return error == null ? new IllegalStateException("Failed without telling why") : error;
    }
}
