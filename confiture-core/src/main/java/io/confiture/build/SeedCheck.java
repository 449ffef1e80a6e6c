package io.confiture.build;

import io.confiture.error.ErrorCode;
import io.confiture.error.SqlScriptException;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementEffect;
import io.confiture.sql.StatementEffect.TransactionControl;
import io.confiture.sql.StatementEffect.TransactionControl.Kind;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads seed files to their end, so that what cannot be run in a transaction is known before anything runs. */
final class SeedCheck {
    private static final Logger log = LoggerFactory.getLogger(SeedCheck.class);

    private SeedCheck() {}

    /**
     * Reads a file. BEGIN as its first and COMMIT as its last statement are accepted, and not run.
     *
     * @throws SqlScriptException if it cannot be read as statements, or holds one that cannot run in a transaction
     */
    static void require(SchemaFile file) {
        try (ScriptReader reader = ScriptReader.open(file.location(), file.open(), ScriptSection.WHOLE)) {
            int count = 0;
            boolean begun = false;
            SqlStatement ended = null;
            for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                count++;
                if (ended != null) {
                    throw control(ended);
                }
                if (statement.effect() instanceof TransactionControl control) {
                    if (count == 1 && control.kind() == Kind.BEGIN && control.plain()) {
                        begun = true;
                    } else if (begun && control.kind() == Kind.COMMIT && control.plain()) {
                        ended = statement;
                    } else {
                        throw control(statement);
                    }
                } else {
                    requireTransactional(statement);
                }
            }
            if (begun && ended == null) {
                throw new SqlScriptException(
                        ErrorCode.TRANSACTION_CONTROL,
                        "begins with BEGIN and does not end with COMMIT. No seed was loaded",
                        "Remove BEGIN: seeds are loaded in a transaction anyway.",
                        file.location(),
                        1,
                        1);
            }
            if (begun) {
                log.warn(
                        "{}: BEGIN and COMMIT are left out, seeds are loaded in a transaction anyway", file.location());
            }
        } catch (IOException e) {
            throw SchemaText.unreadable(file, e);
        }
    }

    private static void requireTransactional(SqlStatement statement) {
        if (statement.effect() instanceof StatementEffect.Refused refused) {
            throw refuse(statement, refused.code(), refused.problem(), refused.hint());
        }
        if (!statement.effect().transactional()) {
            throw refuse(
                    statement,
                    ErrorCode.TRANSACTION_CONTROL,
                    "this statement cannot run in a transaction, and seeds are loaded in one",
                    "Move it to a migration, or run it by hand afterwards.");
        }
    }

    private static SqlScriptException control(SqlStatement statement) {
        return refuse(
                statement,
                ErrorCode.TRANSACTION_CONTROL,
                "a seed file neither begins nor ends transactions by itself",
                "Remove it; to have each file in a transaction of its own, set seed.execution_mode: sequential and"
                        + " seed.transaction_mode: transaction.");
    }

    private static SqlScriptException refuse(SqlStatement statement, ErrorCode code, String problem, String hint) {
        return new SqlScriptException(
                code,
                problem + ": " + statement.excerpt() + ". No seed was loaded",
                hint,
                statement.file(),
                statement.start().line(),
                statement.start().column());
    }
}
