package io.confiture.build;

import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.sql.BeyondDatabase;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the statements of a schema reach: whether one of them must run outside of a transaction, and whether one changes
 * what is around the database, where dropping a scratch database would not undo it.
 */
final class SchemaReach {
    private boolean segments;
    private boolean procedural;
    private @Nullable Found beyond;
    private @Nullable Found lasting;

    private record Found(SqlStatement statement, BeyondDatabase beyond) {
        @Override
        public String toString() {
            return statement.file() + ":" + statement.start().line() + ":"
                    + statement.start().column() + ": " + beyond;
        }
    }

    static SchemaReach of(List<SchemaFile> files) {
        SchemaReach reach = new SchemaReach();
        for (SchemaFile file : files) {
            try (ScriptReader reader = ScriptReader.open(file.location(), file.open(), ScriptSection.WHOLE)) {
                for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                    reach.add(statement);
                }
            } catch (IOException e) {
                throw SchemaText.unreadable(file, e);
            }
        }
        return reach;
    }

    void add(SqlStatement statement) {
        segments |= !statement.effect().transactional();
        // What these do is not known before they run.
        String verb = Statements.firstWord(statement);
        procedural |= verb.equals("do") || verb.equals("call");
        Optional<BeyondDatabase> found = BeyondDatabase.of(statement);
        if (found.isPresent() && beyond == null) {
            beyond = new Found(statement, found.get());
        }
        if (found.isPresent() && lasting == null && !found.get().undone()) {
            lasting = new Found(statement, found.get());
        }
    }

    boolean segments() {
        return segments;
    }

    /** Why the schema may not be built in a scratch database, in a transaction that is rolled back if possible; or null. */
    @Nullable
    String objection() {
        if (lasting != null) {
            return lasting + ", and no rollback undoes that";
        }
        if (segments && (beyond != null || procedural)) {
            return "a statement must run outside of a transaction, and another one reaches, or may reach, beyond the"
                    + " database, where it could not be undone" + (beyond == null ? "" : ": " + beyond);
        }
        return null;
    }

    /** @throws SchemaException if the schema may not be built, and committed, in a scratch database */
    ExecuteOptions onScratch() {
        Found found = beyond;
        if (found != null) {
            throw new SchemaException(
                    ErrorCode.SCHEMA_STATEMENT_REFUSED,
                    "The schema was not built in a scratch database, since it would change what is around it: " + found
                            + ". Nothing was run",
                    "Keep what reaches beyond the database out of the schema, in what sets up the server.",
                    SchemaException.Place.of(
                            null,
                            found.statement().file(),
                            found.statement().start().line(),
                            found.statement().start().column()),
                    null);
        }
        return ExecuteOptions.defaults().withTransaction(segments ? TransactionMode.SEGMENTS : TransactionMode.SINGLE);
    }
}
