package io.confiture.build;

import io.confiture.postgres.Session;
import io.confiture.postgres.StatementCall;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementEffect.TransactionControl;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of the sources on one session. */
final class Execution {
    private final Session session;
    private final List<SchemaFile> files;
    private final ExecuteOptions options;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();

    private @Nullable SchemaFile file;
    private @Nullable StatementCall call;
    private long statements;
    private long bytes;
    /** What is committed, in words; null for nothing. */
    private @Nullable String committed;

    Execution(Session session, List<SchemaFile> files, ExecuteOptions options) {
        this.session = session;
        this.files = files;
        this.options = options;
    }

    /** Runs all of it in transactions of its own. The session is prepared for work. */
    BuildResult run() {
        return told(() -> {
            check();
            long begin = System.nanoTime();
            session.beginTransaction();
            Map<String, Long> before = CatalogCounts.read(session);
            ExistingObjects.drop(options.dropExisting(), session);
            if (options.transaction() == TransactionMode.SINGLE) {
                runFiles();
            } else {
                if (!options.dropExisting().isEmpty()) {
                    commit("what was in " + String.join(", ", options.dropExisting()) + " is dropped");
                }
                runInParts();
                begin();
            }
            session.reset();
            Map<String, Long> after = CatalogCounts.read(session);
            session.commit();
            return result(begin, before, after);
        });
    }

    /** Runs all of it within the transaction that is open on the session, which goes on. */
    BuildResult runWithin() {
        return told(() -> {
            check();
            long begin = System.nanoTime();
            Map<String, Long> before = CatalogCounts.read(session);
            ExistingObjects.drop(options.dropExisting(), session);
            runFiles();
            return result(begin, before, CatalogCounts.read(session));
        });
    }

    private BuildResult told(Session.Work<BuildResult> work) {
        session.notices().listen((warning, text) -> (warning ? warnings : notices).add(text));
        try {
            return work.run();
        } catch (SQLException e) {
            throw BuildFailure.of(file, call, e, state());
        } finally {
            session.notices().listen(null);
        }
    }

    private void check() throws SQLException {
        ScriptCheck.Outcome outcome = ScriptCheck.of(files, options.transaction());
        LockTable.requireRoomFor(
                outcome.mostRelations() + ExistingObjects.relations(options.dropExisting(), session), session);
        warnings.addAll(outcome.warnings());
    }

    private BuildResult result(long begin, Map<String, Long> before, Map<String, Long> after) {
        return new BuildResult(
                Duration.ofNanos(System.nanoTime() - begin),
                files.size(),
                statements,
                bytes,
                CatalogCounts.added(before, after),
                warnings,
                notices);
    }

    private String state() {
        return committed == null
                ? "Nothing was changed: all of it is rolled back"
                : "Committed, and stays: " + committed + "; the rest is rolled back or was not run";
    }

    private void runFiles() throws SQLException {
        for (SchemaFile next : files) {
            run(next);
        }
    }

    private void runInParts() throws SQLException {
        for (int i = 0; i < files.size(); i++) {
            run(files.get(i));
            if (options.transaction() == TransactionMode.PER_FILE) {
                commit("the first " + (i + 1) + " of " + files.size() + " files, up to "
                        + files.get(i).location());
            }
        }
        if (session.inTransaction()) {
            commit("all " + files.size() + " files");
        }
    }

    private void run(SchemaFile next) throws SQLException {
        file = next;
        try (ScriptReader reader = ScriptReader.open(next.location(), new Counted(next.open()), ScriptSection.WHOLE)) {
            for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                run(statement, reader);
            }
        } catch (IOException e) {
            throw SchemaText.unreadable(next, e, state());
        }
        file = null;
    }

    private void run(SqlStatement statement, ScriptReader reader) throws SQLException {
        if (statement.effect() instanceof TransactionControl) {
            return;
        }
        StatementCall sent = new StatementCall(statement);
        if (statement.effect().transactional()) {
            begin();
            call = sent;
            sent.send(session, reader);
        } else {
            String before = statement.file() + ":" + statement.start().line();
            if (session.inTransaction()) {
                commit("what stands before " + before);
            }
            call = sent;
            sent.send(session, reader);
            committed = "what stands up to " + before;
        }
        statements++;
        call = null;
    }

    private void begin() throws SQLException {
        if (!session.inTransaction()) {
            session.beginTransaction();
        }
    }

    private void commit(String what) throws SQLException {
        session.commit();
        committed = what;
    }

    /** Counts the bytes that were read. */
    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = in.read(target, offset, length);
            bytes += Math.max(0, count);
            return count;
        }
    }
}
