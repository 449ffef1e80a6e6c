package io.confiture.build;

import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import org.jspecify.annotations.Nullable;

/**
 * Seeds could not be loaded. The report tells of each file what the database has of it now.
 *
 * @since 0.1.0
 */
public class SeedException extends SchemaException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable SeedReport report;

    SeedException(
            ErrorCode code,
            String message,
            @Nullable String hint,
            Place place,
            SeedReport report,
            @Nullable Throwable cause) {
        super(code, message, hint, place, cause);
        this.report = report;
    }

    /** What became of each file; null only in a copy that was serialized. */
    public @Nullable SeedReport report() {
        return report;
    }
}
