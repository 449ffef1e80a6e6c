package io.confiture.build;

import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.postgres.Secrets;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementEffect;
import io.confiture.sql.StatementEffect.TransactionControl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads every statement before the first one runs, and refuses what cannot be run as it was asked for. */
final class ScriptCheck {
    private final boolean sequentialSeeds;
    private final TransactionMode mode;
    private final List<String> warnings = new ArrayList<>();
    private long relations;
    private long mostRelations;

    private ScriptCheck(boolean sequentialSeeds, TransactionMode mode) {
        this.sequentialSeeds = sequentialSeeds;
        this.mode = mode;
    }

    /**
     * What the sources hold.
     *
     * @param mostRelations how many relations the largest transaction creates, about
     * @param warnings what is not run as it stands there
     */
    record Outcome(long mostRelations, List<String> warnings) {}

    /**
     * @param sequentialSeeds whether each seed file is loaded as a whole or not at all
     * @throws SchemaException with the place of what is refused
     * @throws io.confiture.error.SqlScriptException for text that cannot be read as statements
     */
    static Outcome of(List<SchemaFile> files, boolean sequentialSeeds, TransactionMode mode) {
        ScriptCheck check = new ScriptCheck(sequentialSeeds, mode);
        for (SchemaFile file : files) {
            try (ScriptReader reader = ScriptReader.open(file.location(), file.open(), ScriptSection.WHOLE)) {
                check.new OneFile(file, reader).read();
            } catch (IOException e) {
                throw SchemaText.unreadable(file, e);
            }
            if (mode == TransactionMode.PER_FILE) {
                check.transactionEnds();
            }
        }
        check.transactionEnds();
        return new Outcome(check.mostRelations, List.copyOf(check.warnings));
    }

    private void transactionEnds() {
        mostRelations = Math.max(mostRelations, relations);
        relations = 0;
    }

    /** The statements of one file. */
    private final class OneFile {
        private final SchemaFile file;
        private final ScriptReader reader;
        private @Nullable SqlStatement begin;
        private @Nullable SqlStatement commit;
        private boolean first = true;

        OneFile(SchemaFile file, ScriptReader reader) {
            this.file = file;
            this.reader = reader;
        }

        void read() {
            if (!reader.directives().saysNothingButCovers()) {
                throw new SchemaException(
                        ErrorCode.SCHEMA_STATEMENT_REFUSED,
                        file.location()
                                + " has a directive (-- confiture: …) that only migrations have. Nothing was run",
                        "Remove it; how a schema is run is said where it is run.",
                        SchemaException.Place.of(null, file.location(), 1, 1),
                        null);
            }
            for (SqlStatement next = reader.next(); next != null; next = reader.next()) {
                accept(next);
                first = false;
            }
            if (begin != null) {
                if (commit == null) {
                    throw control(begin);
                }
                warnings.add(file.location() + ": BEGIN and COMMIT around the file are not run: what is committed"
                        + " together is said where the schema is run");
            }
        }

        private void accept(SqlStatement statement) {
            if (commit != null) {
                throw control(commit);
            }
            StatementEffect effect = statement.effect();
            if (effect instanceof StatementEffect.Refused refused) {
                throw refused(statement, refused.problem(), refused.hint());
            }
            if (effect instanceof TransactionControl control) {
                boolean opens = first && control.plain() && control.kind() == TransactionControl.Kind.BEGIN;
                boolean closes = begin != null && control.plain() && control.kind() == TransactionControl.Kind.COMMIT;
                if (opens) {
                    begin = statement;
                } else if (closes) {
                    commit = statement;
                } else {
                    throw control(statement);
                }
            } else if (effect.transactional()) {
                relations += RelationCount.of(statement);
            } else if (sequentialSeeds && file.seed()) {
                throw refused(
                        statement,
                        "this statement cannot run in a transaction, and with seed.execution_mode: sequential a seed file"
                                + " is loaded as a whole or not at all",
                        "Leave it out, or move it into a file that is none of seeds.");
            } else if (mode != TransactionMode.SEGMENTS || begin != null) {
                throw refused(
                        statement,
                        "this statement cannot run in a transaction",
                        begin != null
                                ? "Remove BEGIN and COMMIT around it."
                                : "Leave it out (in a fresh schema nothing has to be built concurrently), or ask for"
                                        + " TransactionMode.SEGMENTS, which commits before and after it.");
            } else {
                transactionEnds();
            }
        }

        private SchemaException control(SqlStatement statement) {
            return refused(
                    statement,
                    "a schema file does not begin or end transactions itself",
                    "Remove the statement; TransactionMode says what is committed together.");
        }

        private SchemaException refused(SqlStatement statement, String problem, String hint) {
            SchemaFile.Place at =
                    file.place(statement.start().line(), statement.start().column());
            return new SchemaException(
                    ErrorCode.SCHEMA_STATEMENT_REFUSED,
                    at.file() + ":" + at.line() + ":" + at.column() + ": " + problem + ". Nothing was run",
                    hint,
                    SchemaException.Place.of(Secrets.mask(statement.excerpt()), at.file(), at.line(), at.column()),
                    null);
        }
    }
}
