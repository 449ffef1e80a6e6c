package io.confiture.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How migrations are recorded and kept apart.
 *
 * @param trackingTable the ledger, with its schema and a dot before it where it is to be in one
 * @param lockWait how long to wait while another instance migrates; null for the migrator's own default
 * @since 0.1.0
 */
public record MigrationConfig(
        String trackingTable, @Nullable Duration lockWait) {

    /** The name of the ledger without its schema. */
    public String table() {
        return trackingTable.substring(trackingTable.indexOf('.') + 1);
    }

    /** The schema of the ledger, null if it is not said. */
    public @Nullable String schema() {
        int dot = trackingTable.indexOf('.');
        return dot < 0 ? null : trackingTable.substring(0, dot);
    }
}
