package io.confiture.migrate;

import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.postgres.Identifiers;
import io.confiture.postgres.ServerError;
import java.sql.SQLException;

/** Failures of Confiture's own statements, around migrations rather than in them. */
final class ServerFailures {
    private ServerFailures() {}

    /** Something that fails as JDBC fails. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws SQLException;
    }

    static <T> T translated(Call<T> call) {
        try {
            return call.run();
        } catch (SQLException e) {
            throw translate(e);
        }
    }

    static ConfitureException translate(SQLException e) {
        ServerError error = ServerError.of(e);
        String state = error.sqlState() == null ? "" : " [" + error.sqlState() + "]";
        if (error.connectionLost()) {
            return new DatabaseConnectionException(
                    ErrorCode.CONNECTION_FAILED,
                    "The connection broke: " + error.message() + state
                            + (error.commitUnanswered()
                                    ? ". It broke before the answer to COMMIT came, so that what was being committed"
                                            + " took effect as a whole, or not at all; what was committed before stays"
                                    : ". What was open is rolled back by the server; what was committed before stays"),
                    error.fromServer() && error.is("08P01")
                            ? "A pooler has ended it; its log says more. Start again: it goes on from what is committed."
                            : "Start again: it goes on from what is committed.",
                    e);
        }
        boolean privilege = error.is("42501");
        return new MigrationException(
                privilege
                        ? ErrorCode.INSUFFICIENT_PRIVILEGE
                        : error.is("57014") ? ErrorCode.CANCELLED : ErrorCode.STATEMENT_FAILED,
                "A statement of Confiture itself failed: " + error.message() + state + ". What was open is rolled back",
                privilege
                        ? "Grant the missing privilege, or migrate as the role that owns the ledger"
                                + " (confiture.username)."
                        : error.hint(),
                new Place(null, null, null, null, null, null, error.sqlState()),
                e);
    }

    static ConfitureException ledgerNotCreated(SQLException e, History history) {
        return notCreated(e, history, "ledger " + history.ledger().displayName(), "Nothing was done");
    }

    /**
     * @param what a table of Confiture's own, as in "table public.tb_confiture_run"
     * @param state what was done, as a sentence without its full stop
     */
    static ConfitureException notCreated(SQLException e, History history, String what, String state) {
        ServerError error = ServerError.of(e);
        if (error.is("57014") || error.connectionLost()) {
            return translate(e);
        }
        if (error.is("42501")) {
            return new MigrationException(
                    ErrorCode.INSUFFICIENT_PRIVILEGE,
                    "User " + history.facts().user() + " may not create the " + what + ": " + error.message()
                            + " [42501]. " + state,
                    "GRANT CREATE ON SCHEMA " + history.ledger().schema() + " TO "
                            + history.facts().user()
                            + ", or migrate as the owner of the schema (confiture.username), or choose a schema of your"
                            + " own (confiture.migrate.schema).",
                    new Place(null, null, null, null, null, null, error.sqlState()),
                    e);
        }
        String hint = error.is("3F000")
                ? "Create the schema " + history.ledger().schema()
                        + ", or have it created (confiture.migrate.create-schema=true), or correct"
                        + " confiture.migrate.schema."
                : error.hint();
        return new MigrationException(
                ErrorCode.STATEMENT_FAILED,
                "The " + what + " could not be created: " + error.message() + " [" + error.sqlState() + "]. " + state,
                hint,
                new Place(null, null, null, null, null, null, error.sqlState()),
                e);
    }

    static SQLException schemaNotCreated(SQLException e, History history) {
        ServerError error = ServerError.of(e);
        if (!error.is("42501")) {
            return e;
        }
        throw new MigrationException(
                ErrorCode.INSUFFICIENT_PRIVILEGE,
                "User " + history.facts().user() + " may not create the schema "
                        + history.ledger().schema() + ": " + error.message() + " [42501]. Nothing was done",
                "GRANT CREATE ON DATABASE " + Identifiers.quote(history.facts().database()) + " TO "
                        + Identifiers.quote(history.facts().user()) + ", or create the schema as somebody who may.",
                new Place(null, null, null, null, null, null, error.sqlState()),
                e);
    }

    /** @throws MigrationException on a standby, before anything is written */
    static void requireWritable(History history) {
        if (history.facts().readOnly()) {
            throw new MigrationException(
                    ErrorCode.READ_ONLY_SERVER,
                    "Database " + history.facts().database() + " is a read-only standby, and there is something to"
                            + " write. Nothing was done",
                    "Migrate the primary; on a standby use validate() (confiture.migrate.mode=validate).",
                    Place.UNKNOWN);
        }
    }
}
