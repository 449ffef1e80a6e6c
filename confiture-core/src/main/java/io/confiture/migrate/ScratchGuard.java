package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.sql.BeyondDatabase;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.SqlStatement;
import java.util.Optional;

/** Keeps scripts from a scratch database that would change the server around it, where dropping it undoes nothing. */
final class ScratchGuard {
    private ScratchGuard() {}

    /** @throws MigrationException naming the first statement that reaches beyond the database */
    static void require(Migration migration, MigrationScript script) {
        try (ScriptReader reader = script.open()) {
            for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                Optional<BeyondDatabase> beyond = BeyondDatabase.of(statement);
                if (beyond.isPresent()) {
                    throw refused(migration, statement, beyond.get());
                }
            }
        }
    }

    private static MigrationException refused(Migration migration, SqlStatement statement, BeyondDatabase beyond) {
        return new MigrationException(
                ErrorCode.BEYOND_DATABASE,
                "Migration " + migration.id()
                        + " was not run on a scratch database, since it would change what is around"
                        + " it: " + statement.file() + ":" + statement.start().line() + ":"
                        + statement.start().column() + ": " + beyond + ". No migration was run",
                "Where migrations do such things, compare by the schema's files or a written catalog; or keep them out of"
                        + " the migrations, in what sets up the server.",
                Place.of(
                        migration.id(),
                        statement.file(),
                        statement.start().line(),
                        statement.start().column()));
    }
}
