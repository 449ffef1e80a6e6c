package io.confiture.build;

import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementTokens;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far the statements of a schema reach: whether one of them must run outside of a transaction, and whether one may
 * change what the databases of a server share, where dropping a scratch database would not undo it.
 */
final class SchemaReach {
    private static final Set<String> SHARED = Set.of("role", "user", "group", "database", "tablespace", "subscription");

    private boolean segments;
    private boolean shared;
    private boolean system;

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
        switch (Statements.firstWord(statement)) {
            case "create", "drop", "alter" -> {
                StatementTokens tokens = StatementTokens.of(statement);
                system |= tokens.word(0).equals("alter") && tokens.word(1).equals("system");
                shared |= SHARED.contains(tokens.word(1))
                        || tokens.word(0).equals("drop") && tokens.word(1).equals("owned");
            }
            case "comment" ->
                shared |= SHARED.contains(StatementTokens.of(statement).word(2));
            case "security" -> shared |= labelsShared(StatementTokens.of(statement));
            case "grant", "revoke" -> shared |= grantsShared(StatementTokens.of(statement));
            // What these do is not known before they run, or is done to all that a role owns.
            case "do", "call", "reassign" -> shared = true;
            default -> {}
        }
    }

    private static boolean labelsShared(StatementTokens tokens) {
        int on = on(tokens);
        return on < 0 || SHARED.contains(tokens.word(on + 1));
    }

    /** Without ON it is the membership of a role. */
    private static boolean grantsShared(StatementTokens tokens) {
        int on = on(tokens);
        String kind = on < 0 ? "" : tokens.word(on + 1);
        return on < 0 || kind.equals("parameter") || SHARED.contains(kind);
    }

    private static int on(StatementTokens tokens) {
        for (int i = 0; i < tokens.count(); i++) {
            if (tokens.word(i).equals("on")) {
                return i;
            }
        }
        return -1;
    }

    boolean segments() {
        return segments;
    }

    /** Why the schema may not be built in a scratch database; null if it may. */
    @Nullable
    String objection() {
        if (system) {
            return "ALTER SYSTEM changes the whole server, and no transaction undoes it";
        }
        return segments && shared
                ? "a statement must run outside of a transaction, and another one reaches, or may reach, beyond the"
                        + " database, where it could not be undone"
                : null;
    }

    /** @throws SchemaException if the schema may not be built in a scratch database */
    ExecuteOptions onScratch() {
        String objection = objection();
        if (objection != null) {
            throw new SchemaException(
                    ErrorCode.SCHEMA_STATEMENT_REFUSED,
                    "The schema was not built in a scratch database: " + objection + ". Nothing was run",
                    "Take what reaches beyond the database out of the schema, or what no transaction may hold.");
        }
        return ExecuteOptions.defaults().withTransaction(segments ? TransactionMode.SEGMENTS : TransactionMode.SINGLE);
    }
}
