package io.confiture.boot.autoconfigure;

import io.confiture.build.SchemaBuilder;
import io.confiture.error.ErrorCode;
import io.confiture.error.ValidationException;
import io.confiture.migrate.InitialBuild;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.SchemaOrigin;
import io.confiture.verification.SchemaVerification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code confiture.run=build}: an empty database is built from the files of its schema, one built from them before brought forward, and any other left as it is. */
final class BuildRun {
    private static final Logger log = LoggerFactory.getLogger(BuildRun.class);

    private BuildRun() {}

    /** @throws ValidationException if the database was not built, and was not built from the same files before */
    static void build(String database, Migrator migrator, SchemaBuilder builder) {
        InitialBuild outcome = SchemaVerification.of(builder, migrator).startFromSchema();
        if (outcome instanceof InitialBuild.Refused refused) {
            throw new ValidationException(
                    ErrorCode.VALIDATION_FAILED,
                    "Database '" + database + "' was " + refused + ". Nothing was done",
                    "Let the schema's seeds hold what these migrations do to data, and say so in the head of a seed file"
                            + " (-- confiture: covers=…); or build it by its migrations, with confiture.run=migrate.");
        }
        if (outcome instanceof InitialBuild.NotEmpty found && !isBuiltFrom(builder, migrator)) {
            throw new ValidationException(
                    ErrorCode.VALIDATION_FAILED,
                    "Database '" + database + "' was " + found + ". Nothing was done",
                    "Drop what is there, if it is meant to be built anew; or bring it forward with"
                            + " confiture.run=migrate.");
        }
        // What a schema does not stand for, such as repeatable migrations, and those that came after it was built.
        int applied = migrator.applyAll().size();
        log.info(
                "confiture.run=build of the database '{}': {}",
                database,
                outcome.built()
                        ? outcome + (applied == 0 ? "" : "; " + applied + " migrations applied")
                        : applied == 0
                                ? "there was nothing to do, it was built from this schema before"
                                : "it was built from this schema before; " + applied + " migrations applied");
    }

    private static boolean isBuiltFrom(SchemaBuilder builder, Migrator migrator) {
        SchemaOrigin origin = migrator.status().origin();
        return origin != null && origin.hash().equals(builder.computeHash());
    }
}
