package io.confiture.migrate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who holds the migration lock, as far as the connected role may see it.
 *
 * @param pid the server's process
 * @param user the role, or null if hidden
 * @param applicationName carries the run's id when the holder is a Confiture run; null if hidden
 * @param clientAddress null for a local socket or if hidden
 * @param connectedSince when the holder's connection began, or null if hidden
 * @since 0.1.0
 */
public record LockHolder(
        int pid,
        @Nullable String user,
        @Nullable String applicationName,
        @Nullable String clientAddress,
        @Nullable Instant connectedSince) {}
