package io.confiture.error;

import org.jspecify.annotations.Nullable;

/**
 * Copying data from one database into another failed.
 *
 * @since 0.1.0
 */
public class SyncException extends ConfitureException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String table;
    private final long rowsSynced;

    /**
     * @param table the table that was being copied, or null when the failure concerns none
     * @param rowsSynced rows of that table already in the target
     */
    public SyncException(
            String message, @Nullable String hint, @Nullable Throwable cause, @Nullable String table, long rowsSynced) {
        super(ErrorCode.SYNC_FAILED, message, hint, cause);
        this.table = table;
        this.rowsSynced = rowsSynced;
    }

    /** The table that was being copied, or null when the failure concerns none. */
    public @Nullable String table() {
        return table;
    }

    /** Rows of that table that are in the target. */
    public long rowsSynced() {
        return rowsSynced;
    }
}
