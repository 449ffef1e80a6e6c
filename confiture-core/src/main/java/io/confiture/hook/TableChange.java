package io.confiture.hook;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that a migration changed, as observed in its transaction.
 *
 * @param name schema-qualified
 * @param action what happened to it
 * @param columns its columns now, in order; empty for a dropped table
 * @param rowsBefore rows before the migration, null if unknown
 * @param rowsAfter rows after it, null if unknown
 * @since 0.1.0
 */
public record TableChange(
        String name,
        Action action,
        List<String> columns,
        @Nullable Long rowsBefore,
        @Nullable Long rowsAfter) {

    /** What happened to a table. */
    public enum Action {
        CREATE,
        ALTER,
        /** Only its rows changed. */
        WRITE
    }
}
