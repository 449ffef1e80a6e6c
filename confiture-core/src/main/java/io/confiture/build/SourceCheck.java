package io.confiture.build;

import io.confiture.build.SchemaFinding.Code;
import io.confiture.error.SqlScriptException;
import io.confiture.sql.ScriptDirectives;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SourcePosition;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementEffect;
import io.confiture.sql.StatementEffect.TransactionControl;
import io.confiture.sql.StatementTokens;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Validates sources by their text alone. */
final class SourceCheck {
    private static final Set<String> DEFINING = Set.of("create", "alter", "drop", "comment", "set", "reset");

    /** What may begin a statement. */
    private static final Set<String> FIRST_WORDS = Set.of(("abort alter analyse analyze begin call checkpoint close"
                    + " cluster comment commit copy create deallocate declare delete discard do drop end execute explain"
                    + " fetch grant import insert listen load lock merge move notify prepare reassign refresh reindex"
                    + " release reset revoke rollback savepoint security select set show start table truncate unlisten"
                    + " update vacuum values with")
            .split(" "));

    private final boolean twoPass;
    private final Findings findings = new Findings();
    private final DuplicateDefinitions duplicates = new DuplicateDefinitions(findings);
    private final OrderProblems order = new OrderProblems(findings);
    private SessionState session = SessionState.INITIAL;
    private long statements;

    SourceCheck(boolean twoPass) {
        this.twoPass = twoPass;
    }

    SchemaReport check(List<SchemaFile> files) {
        @Nullable SchemaFile unfinished = null;
        @Nullable SqlStatement open = null;
        for (SchemaFile file : files) {
            try (ScriptReader reader = ScriptReader.open(file.location(), file.open(), ScriptSection.WHOLE)) {
                SqlStatement last = new OneFile(file, reader).read(unfinished, open);
                unfinished = last == null ? null : file;
                open = last;
            } catch (SqlScriptException e) {
                unfinished = null;
                open = null;
                findings.error(
                        file,
                        new SourcePosition(e.line(), e.column(), 0),
                        Code.TEXT,
                        e.problem() + (e.hint() == null ? "" : ". " + e.hint())
                                + " The rest of the file was not checked.");
            } catch (IOException e) {
                throw SchemaText.unreadable(file, e, "Nothing was validated");
            }
        }
        boolean readable = !findings.hasError(Code.TEXT);
        Set<SchemaCheck> checked = EnumSet.noneOf(SchemaCheck.class);
        if (readable) {
            checked.addAll(EnumSet.of(SchemaCheck.TEXT, SchemaCheck.DEFINITIONS, SchemaCheck.ORDER));
            checkOrder(files);
        }
        return new SchemaReport(files.size(), statements, checked, findings.sorted(files));
    }

    /** In the order in which everything runs, foreign keys last if they are added last. */
    private void checkOrder(List<SchemaFile> files) {
        List<SchemaFile> run = files;
        if (twoPass) {
            ForeignKeyPass pass = ForeignKeyPass.over(files);
            findings.addAll(pass.inPlace());
            run = pass.files();
        }
        session = SessionState.INITIAL;
        for (SchemaFile file : run) {
            try (ScriptReader reader = ScriptReader.open(file.location(), file.open(), ScriptSection.WHOLE)) {
                for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                    if (DEFINING.contains(Statements.firstWord(statement)) || statement.changesSession()) {
                        session = session.after(statement);
                        order.read(file, StatementTokens.of(statement), session);
                    }
                }
            } catch (IOException e) {
                throw SchemaText.unreadable(file, e, "Nothing was validated");
            }
        }
        order.report();
    }

    /** The statements of one file. */
    private final class OneFile {
        private final SchemaFile file;
        private final ScriptReader reader;
        private @Nullable SqlStatement begin;
        private @Nullable SqlStatement last;

        OneFile(SchemaFile file, ScriptReader reader) {
            this.file = file;
            this.reader = reader;
        }

        /** The last statement if it has no semicolon, else null. */
        @Nullable
        SqlStatement read(@Nullable SchemaFile unfinished, @Nullable SqlStatement open) {
            if (!reader.directives().equals(ScriptDirectives.NONE)) {
                findings.error(
                        file,
                        new SourcePosition(1, 1, 0),
                        Code.REFUSED_STATEMENT,
                        "the file has a directive (-- confiture: …), which only migrations have; remove it");
            }
            for (SqlStatement next = reader.next(); next != null; next = reader.next()) {
                if (last == null && unfinished != null && open != null) {
                    joined(unfinished, open, next);
                }
                statements++;
                effect(next);
                definitions(next);
                last = next;
            }
            boolean finished = reader.endsFinished();
            if (last == null || finished) {
                return null;
            }
            parentheses(last);
            return last;
        }

        private void joined(SchemaFile unfinished, SqlStatement open, SqlStatement next) {
            String word = Statements.firstWord(next);
            if (!FIRST_WORDS.contains(word) && !next.text().startsWith("(")) {
                findings.error(
                        unfinished,
                        open.start(),
                        Code.UNFINISHED_STATEMENT,
                        "the last statement has no semicolon, and the next file, " + file.location()
                                + ", begins in the middle of one; end the statement where it begins");
            } else {
                findings.warning(
                        unfinished,
                        open.start(),
                        Code.UNFINISHED_STATEMENT,
                        "the last statement has no semicolon; one is added when files are put together");
            }
        }

        private void parentheses(SqlStatement statement) {
            StatementTokens tokens = StatementTokens.of(statement);
            Deque<Integer> open = new ArrayDeque<>();
            for (int i = 0; i < tokens.count(); i++) {
                if (tokens.word(i).equals("(")) {
                    open.push(i);
                } else if (tokens.word(i).equals(")")) {
                    open.poll();
                }
            }
            if (!open.isEmpty()) {
                findings.error(
                        file,
                        tokens.position(open.getLast()),
                        Code.UNFINISHED_STATEMENT,
                        "a parenthesis that is not closed before the file ends; what follows it belongs to the statement");
            }
        }

        private void effect(SqlStatement statement) {
            StatementEffect effect = statement.effect();
            if (effect instanceof StatementEffect.Refused refused) {
                findings.error(
                        file, statement.start(), Code.REFUSED_STATEMENT, refused.problem() + ". " + refused.hint());
            } else if (effect instanceof TransactionControl control) {
                control(statement, control);
            } else if (!effect.transactional()) {
                findings.warning(
                        file,
                        statement.start(),
                        Code.NOT_TRANSACTIONAL,
                        "no transaction may hold this statement: the schema is built only with"
                                + " TransactionMode.SEGMENTS, not as a whole or not at all");
            }
        }

        private void control(SqlStatement statement, TransactionControl control) {
            boolean opens = last == null && control.plain() && control.kind() == TransactionControl.Kind.BEGIN;
            boolean closes = begin != null && control.plain() && control.kind() == TransactionControl.Kind.COMMIT;
            if (opens) {
                begin = statement;
            }
            if (opens || closes) {
                findings.warning(
                        file,
                        statement.start(),
                        Code.REFUSED_STATEMENT,
                        "BEGIN and COMMIT around a file are not run: what is committed together is said where the"
                                + " schema is run");
            } else {
                findings.error(
                        file,
                        statement.start(),
                        Code.REFUSED_STATEMENT,
                        "a schema file does not begin or end transactions itself; remove the statement");
            }
        }

        private void definitions(SqlStatement statement) {
            String word = Statements.firstWord(statement);
            if (DEFINING.contains(word) || statement.changesSession()) {
                session = session.after(statement);
                duplicates.read(file, statement, StatementTokens.of(statement), session);
            } else if (statement.effect() instanceof StatementEffect.Procedural) {
                findings.notChecked(file, statement.start(), "what this statement does is not seen in its text");
            } else if (!FIRST_WORDS.contains(word) && !statement.text().startsWith("(")) {
                findings.notChecked(file, statement.start(), "no statement that is known here begins like this");
            }
        }
    }
}
