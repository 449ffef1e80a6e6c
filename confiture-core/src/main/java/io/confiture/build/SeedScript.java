package io.confiture.build;

import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import io.confiture.sql.InsertRows;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementEffect.TransactionControl;
import io.confiture.sql.StatementTokens;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one seed file in the transaction that is open. INSERTs of one table that follow each other are held back until
 * another statement comes, and go through COPY together if they are many; the order of statements is that of the file.
 */
final class SeedScript {
    /** From so many rows of one table on it is worth asking what the table is. */
    private static final int ROWS_WORTH_COPY = 1_000;
    /** How much text is held back at most; a single statement may be larger. */
    private static final int HELD_BACK = 8 * 1024 * 1024;

    private final Session session;
    private final SchemaFile file;
    private final @Nullable Consumer<SeedFailure> collector;
    private final @Nullable Outside outside;
    private final InsertCopy copy;

    private final List<InsertRows> heldBack = new ArrayList<>();
    private int heldBackLength;
    private int heldBackRows;

    private boolean changesSession;
    private long statements;
    private long rows;
    private long bytes;

    /** Runs a statement that no transaction may hold. */
    @FunctionalInterface
    interface Outside {
        void run(SchemaFile file, SqlStatement statement) throws SQLException;
    }

    /** Ends a file, and tells why. */
    static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient SeedFailure failure;

        Stop(SeedFailure failure, @Nullable SQLException cause) {
            super(failure.toString(), cause);
            this.failure = failure;
        }

        SeedFailure failure() {
            return failure;
        }
    }

    /**
     * @param collector is given every failure, behind which the file goes on; null to stop at the first
     * @param outside is given what cannot run in a transaction; null if there is no such statement
     */
    SeedScript(Session session, SchemaFile file, @Nullable Consumer<SeedFailure> collector, @Nullable Outside outside) {
        this.session = session;
        this.file = file;
        this.collector = collector;
        this.outside = outside;
        this.copy = new InsertCopy(session);
    }

    long statements() {
        return statements;
    }

    /** As the server counts. */
    long rows() {
        return rows;
    }

    /** Of the rows, those of INSERTs that went through COPY. */
    long copiedRows() {
        return copy.rows();
    }

    /** How much of the file was read. */
    long bytes() {
        return bytes;
    }

    /** Whether a statement may have left the session different from before. */
    boolean changesSession() {
        return changesSession;
    }

    /**
     * Runs the file. What failed is still open in the transaction then.
     *
     * @throws Stop if the server refuses something, unless failures are collected
     * @throws SQLException if the connection is gone or the call was cancelled
     */
    void run() throws SQLException {
        try (CountedInput in = new CountedInput(file.open());
                ScriptReader reader = ScriptReader.open(file.location(), in, ScriptSection.WHOLE)) {
            int number = 0;
            for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                number++;
                if (statement.effect() instanceof TransactionControl) {
                    continue;
                }
                statements++;
                InsertRows insert = InsertRows.of(statement);
                if (insert == null) {
                    runHeldBack();
                    run(statement, number, reader);
                } else {
                    holdBack(insert);
                }
            }
            runHeldBack();
            bytes = in.count();
        } catch (IOException e) {
            throw SchemaText.unreadable(file, e);
        }
    }

    private void holdBack(InsertRows insert) throws SQLException {
        if (!heldBack.isEmpty()) {
            InsertRows first = heldBack.get(0);
            if (!first.table().equals(insert.table()) || !Objects.equals(first.columns(), insert.columns())) {
                runHeldBack();
            }
        }
        heldBack.add(insert);
        heldBackRows += insert.count();
        heldBackLength += insert.statement().text().length();
        if (heldBackLength >= HELD_BACK) {
            runHeldBack();
        }
    }

    private void runHeldBack() throws SQLException {
        List<InsertRows> inserts = List.copyOf(heldBack);
        boolean many = heldBackRows >= ROWS_WORTH_COPY || heldBackLength >= HELD_BACK;
        boolean oneRow = heldBackRows == 1;
        heldBack.clear();
        heldBackRows = 0;
        heldBackLength = 0;
        if (inserts.isEmpty()) {
            return;
        }
        if (oneRow && collector == null) {
            // Nothing has to be found out about it when it fails.
            InsertRows only = inserts.get(0);
            try {
                rows += session.execute(only.statement().text());
            } catch (SQLException e) {
                SeedFailures.requireGoingOn(e);
                fail(SeedFailures.ofInsert(only, e), e);
            }
            return;
        }
        session.execute("SAVEPOINT confiture_rows");
        try {
            rows += many ? copy.run(inserts) : copy.runAsWritten(inserts);
        } catch (SQLException e) {
            SeedFailures.requireGoingOn(e);
            session.execute("ROLLBACK TO SAVEPOINT confiture_rows");
            copy.undo();
            findRefused(inserts, e);
        }
        session.execute("RELEASE SAVEPOINT confiture_rows");
    }

    /** What a COPY refuses may pass as it is written, and stays then. */
    private void findRefused(List<InsertRows> inserts, SQLException failure) throws SQLException {
        SeedFailure known = copy.located(failure);
        if (known != null && collector == null) {
            fail(known, failure);
        }
        RowTrial trial = new RowTrial(session, collector != null);
        for (InsertRows insert : inserts) {
            for (RowTrial.Refusal refusal : trial.of(new SeedRows.OfInsert(insert))) {
                fail(SeedFailures.of(refusal), refusal.failure());
            }
        }
        rows += trial.loaded();
    }

    private void run(SqlStatement statement, int number, ScriptReader reader) throws SQLException, IOException {
        if (statement.changesSession()) {
            session.rememberSettingsOf(statement.text());
            changesSession = true;
        }
        copy.forgetTables();
        if (outside != null && !statement.effect().transactional()) {
            outside.run(file, statement);
            return;
        }
        boolean guarded = collector != null || statement.copiesIn();
        if (guarded) {
            session.execute("SAVEPOINT confiture_statement");
        }
        long firstLine = 0;
        try {
            if (statement.copiesIn()) {
                try (InputStream data = reader.copyData()) {
                    firstLine = reader.copyDataLine();
                    rows += session.copyIn(statement.text(), data);
                }
            } else if (statement.copiesOut()) {
                session.copyOut(statement.text());
            } else {
                rows += session.execute(statement.text());
            }
        } catch (SQLException e) {
            SeedFailures.requireGoingOn(e);
            if (!guarded) {
                fail(SeedFailures.of(statement, null, e), e);
            }
            session.execute("ROLLBACK TO SAVEPOINT confiture_statement");
            if (statement.copiesIn()) {
                findRefused(statement, number, firstLine, e);
            } else {
                fail(SeedFailures.of(statement, null, e), e);
            }
        }
        if (guarded) {
            session.execute("RELEASE SAVEPOINT confiture_statement");
        }
    }

    private void findRefused(SqlStatement statement, int number, long firstLine, SQLException failure)
            throws SQLException, IOException {
        StatementTokens tokens = StatementTokens.of(statement);
        tokens.moveTo(1);
        String table = tokens.name() == null ? null : tokens.text(1, tokens.at());
        boolean located = ServerError.of(failure).copyLine() != null;
        if (!CopyLines.oneRowEach(tokens) || located && collector == null) {
            fail(SeedFailures.ofCopyBlock(statement, table, firstLine, failure), failure);
            return;
        }
        RowTrial trial = new RowTrial(session, collector != null);
        try (ScriptReader again = ScriptReader.open(file.location(), file.open(), ScriptSection.WHOLE)) {
            for (int i = 0; i < number; i++) {
                again.next();
            }
            CopyLines lines = new CopyLines(again.copyData());
            int before = 0;
            for (List<byte[]> some = lines.next(); !some.isEmpty(); some = lines.next()) {
                for (RowTrial.Refusal refusal :
                        trial.of(new SeedRows.OfCopy(statement, table, some, before, firstLine))) {
                    fail(SeedFailures.of(refusal), refusal.failure());
                }
                before += some.size();
            }
        }
        rows += trial.loaded();
    }

    private void fail(SeedFailure failure, SQLException cause) {
        if (collector == null) {
            throw new Stop(failure, cause);
        }
        collector.accept(failure);
    }
}
