package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.util.Optional;

/** Checks what Java migrations say of themselves. */
final class JavaMigrations {
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_CHECKSUM = 64;

    private JavaMigrations() {}

    /** @throws ConfigurationException if its version, name or checksum cannot be kept in the ledger */
    static LocalMigration.Java local(JavaMigration migration) {
        String type = migration.getClass().getName();
        Optional<Version> version = Version.parse(migration.version());
        if (version.isEmpty() || migration.version().length() > LONGEST_NAME) {
            throw invalid(type, "says version " + migration.version() + ", which is not numbers separated by dots");
        }
        String name = migration.name();
        if (name.isBlank() || name.indexOf('\0') >= 0 || name.length() > LONGEST_NAME) {
            throw invalid(type, "has an empty name, or one of more than " + LONGEST_NAME + " characters");
        }
        String checksum = migration.checksum();
        if (checksum != null && (checksum.isBlank() || checksum.length() > LONGEST_CHECKSUM)) {
            throw invalid(
                    type,
                    "has an empty checksum, or one of more than " + LONGEST_CHECKSUM + " characters; null is none");
        }
        return new LocalMigration.Java(migration, version.get());
    }

    private static ConfigurationException invalid(String type, String problem) {
        return new ConfigurationException(
                ErrorCode.BAD_FILE_NAME, "The Java migration " + type + " " + problem + ". Nothing was done", null);
    }
}
