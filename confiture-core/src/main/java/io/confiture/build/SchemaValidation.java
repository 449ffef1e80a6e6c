package io.confiture.build;

import io.confiture.build.SchemaFinding.Code;
import io.confiture.build.SchemaFinding.Severity;
import io.confiture.config.SeedConfig;
import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.error.SqlScriptException;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.ParseStep;
import io.confiture.postgres.ScratchDatabase;
import io.confiture.postgres.Secrets;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import io.confiture.postgres.SessionSettings;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SourcePosition;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementTokens;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Validates sources with a server, which is the one that knows SQL. */
final class SchemaValidation {
    private static final Pattern PARAMETER = Pattern.compile("\\$\\d+");

    private static final SessionSettings.Ours OURS =
            new SessionSettings.Ours(Duration.ofSeconds(5), "Confiture validation");

    private final List<SchemaFile> files;
    private final List<SchemaFile> parts;
    private final SeedConfig seeds;
    private final SchemaReport byText;
    private final Set<SchemaCheck> checked = EnumSet.noneOf(SchemaCheck.class);
    private final Findings findings = new Findings();

    private final SchemaReach reach = new SchemaReach();

    /** @param parts what is built of the files, once they can be read */
    SchemaValidation(List<SchemaFile> files, List<SchemaFile> parts, SeedConfig seeds, SchemaReport byText) {
        this.files = files;
        this.parts = parts;
        this.seeds = SeedTransactions.undivided(seeds);
        this.byText = byText;
        checked.addAll(byText.checked());
        findings.addAll(byText.findings());
    }

    SchemaReport with(ConnectionSource source, boolean build) {
        boolean readable = byText.checked().contains(SchemaCheck.TEXT);
        try (Session session = Session.open(source)) {
            if (parse(session) && readable) {
                checked.add(SchemaCheck.SYNTAX);
            }
        } catch (SQLException e) {
            throw broken(e);
        }
        if (build && readable && !findings.hasError(Code.SYNTAX)) {
            build(source);
        }
        return new SchemaReport(byText.files(), byText.statements(), checked, findings.sorted(files));
    }

    /** False if the syntax of a statement is not known. */
    private boolean parse(Session session) throws SQLException {
        boolean all = true;
        for (SchemaFile file : files) {
            try (ScriptReader reader = ScriptReader.open(file.location(), file.open(), ScriptSection.WHOLE)) {
                for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                    reach.add(statement);
                    all &= parse(session, file, statement);
                }
            } catch (SqlScriptException e) {
                // Told by the check of the text; what follows in the file is not read.
                all = false;
            } catch (IOException e) {
                throw SchemaText.unreadable(file, e, "Nothing was validated");
            }
        }
        return all;
    }

    private boolean parse(Session session, SchemaFile file, SqlStatement statement) throws SQLException {
        if (statement.text().indexOf('$') >= 0 && hasParameter(statement)) {
            findings.notChecked(
                    file, statement.start(), "the syntax of a statement with a parameter such as $1 was not checked");
            return false;
        }
        ParseStep step = ParseStep.of(session, statement.text());
        switch (step.verdict()) {
            case ACCEPTED -> {
                return true;
            }
            case SYNTAX_ERROR -> {
                ServerError error = Objects.requireNonNull(step.error());
                SourcePosition at = error.position() == null ? statement.start() : statement.locate(error.position());
                findings.error(file, at, Code.SYNTAX, Secrets.mask(error.message()) + " [" + error.sqlState() + "]");
                return true;
            }
            case UNKNOWN ->
                findings.notChecked(
                        file,
                        statement.start(),
                        "the syntax is not known"
                                + (step.error() == null
                                        ? ""
                                        : ": " + Secrets.mask(step.error().message())));
        }
        return false;
    }

    private static boolean hasParameter(SqlStatement statement) {
        StatementTokens tokens = StatementTokens.of(statement);
        for (int i = 0; i < tokens.count(); i++) {
            if (PARAMETER.matcher(tokens.raw(i)).matches()) {
                return true;
            }
        }
        return false;
    }

    private void build(ConnectionSource server) {
        String objection = reach.objection();
        if (objection != null) {
            notBuilt(objection);
            return;
        }
        try (ScratchDatabase scratch = ScratchDatabase.create(server);
                Session session = Session.open(scratch.source())) {
            session.begin(OURS, false);
            if (reach.segments()) {
                ExecuteOptions options = ExecuteOptions.defaults().withTransaction(TransactionMode.SEGMENTS);
                new Execution(session, parts, seeds, options).run();
            } else {
                // Rolled back: roles, for example, are not of the database and would stay behind.
                session.beginTransaction();
                new Execution(session, parts, seeds, ExecuteOptions.defaults()).runWithin();
                checkDeferred(session);
                session.rollback();
            }
            checked.add(SchemaCheck.BUILD);
        } catch (SchemaException e) {
            failed(e);
        } catch (SQLException e) {
            throw broken(e);
        }
    }

    private void checkDeferred(Session session) throws SQLException {
        try {
            session.execute("SET CONSTRAINTS ALL IMMEDIATE");
        } catch (SQLException e) {
            ServerError error = ServerError.of(e);
            if (error.connectionLost() || error.is("57014")) {
                throw e;
            }
            throw new SchemaException(
                    ErrorCode.SCHEMA_STATEMENT_FAILED,
                    "A deferred constraint does not hold at the end of the build: " + Secrets.mask(error.message()),
                    null);
        }
    }

    /** A failure of the sources is a finding; one of the server or of its rights is none. */
    private void failed(SchemaException failure) {
        boolean ofSources = failure.code() == ErrorCode.SCHEMA_STATEMENT_FAILED
                || failure.code() == ErrorCode.SCHEMA_STATEMENT_REFUSED
                || failure.code() == ErrorCode.SEED_FAILED;
        if (!ofSources) {
            throw failure;
        }
        findings.addAll(List.of(new SchemaFinding(
                Severity.ERROR,
                Code.STATEMENT_FAILED,
                String.valueOf(failure.getMessage()),
                Objects.requireNonNullElse(failure.file(), lastFile()),
                Objects.requireNonNullElse(failure.line(), 1),
                Objects.requireNonNullElse(failure.column(), 1))));
        checked.add(SchemaCheck.BUILD);
    }

    private String lastFile() {
        return files.get(files.size() - 1).location();
    }

    private void notBuilt(String why) {
        findings.addAll(List.of(new SchemaFinding(
                Severity.NOT_CHECKED,
                Code.STATEMENT_NOT_CHECKED,
                "the schema was not built in a scratch database: " + why,
                files.get(0).location(),
                1,
                1)));
    }

    private static ConfitureException broken(SQLException e) {
        ServerError error = ServerError.of(e);
        String message = "The schema was not validated to the end: " + Secrets.mask(error.message());
        return error.connectionLost()
                ? new DatabaseConnectionException(
                        ErrorCode.CONNECTION_FAILED, message, "Start again; nothing was changed.", Secrets.mask(e))
                : new SchemaException(
                        error.is("57014") ? ErrorCode.CANCELLED : ErrorCode.SCHEMA_INVALID,
                        message,
                        null,
                        Secrets.mask(e));
    }
}
