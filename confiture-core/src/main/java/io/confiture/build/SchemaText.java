package io.confiture.build;

import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import java.io.IOException;

/** Puts the texts of files together, so that each begins on a line of its own, behind a finished statement. */
final class SchemaText {
    private SchemaText() {}

    static SchemaException unreadable(SchemaFile file, IOException e) {
        return new SchemaException(
                ErrorCode.SCHEMA_INVALID,
                file.location() + " cannot be read: " + e.getMessage() + ". Nothing was built",
                "Check that the file exists and may be read.",
                e);
    }
}
