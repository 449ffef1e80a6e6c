package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import io.confiture.error.SqlScriptException;
import io.confiture.sql.ScriptDirectives;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.SourcePosition;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementEffect;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a script will run, found by reading all of it before any of it runs: as one transaction, or as segments that are
 * committed one by one because some statement cannot run in a transaction.
 *
 * @param statements the number of statements, transaction control that is dropped included
 * @param skipOuter whether a BEGIN that is the first statement and a COMMIT that is the last are dropped
 * @param mayChangeSession whether a statement sets the session, or may call a function that does
 * @param segments what is left to run; empty for a script without statements
 */
record ScriptPlan(
        ScriptDirectives directives,
        int statements,
        boolean skipOuter,
        boolean mayChangeSession,
        List<Segment> segments) {

    // These do what they say; whatever else a script may hold can call a function, which can do anything.
    private static final Pattern PLAIN =
            Pattern.compile("(?i)^(?:CREATE|ALTER|DROP|INSERT|UPDATE|DELETE|TRUNCATE|COMMENT|COPY|GRANT|REVOKE|LOCK"
                    + "|REINDEX|VACUUM|ANALYZE|CLUSTER|REFRESH)\\b");
    private static final Pattern CALLING_OR_TEMPORARY = Pattern.compile("(?i)\\b(?:SELECT|TEMP|TEMPORARY|PG_TEMP)\\b");

    /** What is wrong with a marker in a file without sections: what follows it would run, whatever it is meant for. */
    static final String MARKER_PROBLEM = "a line -- migrate:up or -- migrate:down in a file that has no sections";

    private static final String MARKER_HINT =
            "Only a file named {version}_{name}.sql has sections: give it that name, or"
                    + " move what undoes the migration to a down file of its own and remove the markers.";

    /**
     * Statements that are committed together.
     *
     * @param fromStatement 1-based number of the first
     * @param toStatement number of the last
     * @param transactional whether they run in a transaction of ours; otherwise it is one statement
     * @param checksum SHA-256 over the statements as the file spells them
     */
    record Segment(int fromStatement, int toStatement, boolean transactional, String checksum) {}

    /** Whether all of it is one transaction. */
    boolean transactional() {
        return segments.isEmpty() || (segments.size() == 1 && segments.get(0).transactional());
    }

    /**
     * Reads a script.
     *
     * @param migration named in errors
     * @param firstStatement 1-based number of the first statement that is still to run
     * @throws MigrationException if the text cannot be split, or holds a statement that is refused
     */
    static ScriptPlan of(Migration migration, MigrationScript script, int firstStatement) {
        try (ScriptReader reader = script.open()) {
            return new Scan(migration, script.file(), reader, firstStatement).run();
        } catch (SqlScriptException e) {
            throw new MigrationException(
                    e.code(),
                    "Migration " + migration.id() + " cannot be run: " + e.file() + ":" + e.line() + ":" + e.column()
                            + ": " + e.problem() + ". Nothing of it was run",
                    e.hint(),
                    Place.of(migration.id(), e.file(), e.line(), e.column()),
                    e);
        }
    }

    /** The digest of some statements of a script, to compare with what an earlier run has committed. */
    static String checksum(MigrationScript script, int fromStatement, int toStatement) {
        MessageDigest digest = Checksum.sha256();
        try (ScriptReader reader = script.open()) {
            int number = 0;
            for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                number++;
                if (number >= fromStatement && number <= toStatement) {
                    update(digest, statement);
                }
            }
            return number < toStatement ? "" : HexFormat.of().formatHex(digest.digest());
        }
    }

    private static void update(MessageDigest digest, SqlStatement statement) {
        digest.update(statement.source().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    /** Whether a statement sets the session, or may call a function that does. */
    static boolean mayChangeSession(SqlStatement statement) {
        return statement.changesSession()
                || !PLAIN.matcher(statement.text()).find()
                || CALLING_OR_TEMPORARY.matcher(statement.text()).find();
    }

    /** One pass over the statements. */
    private static final class Scan {
        private final Migration migration;
        private final String file;
        private final ScriptReader reader;
        private final int firstStatement;
        private final ScriptDirectives directives;
        private final boolean everyStatementAlone;
        private final List<Segment> segments = new ArrayList<>();

        private int number;
        private boolean outerBegin;
        private boolean mayChangeSession;
        private @Nullable SqlStatement trailingCommit;
        private int openFrom;
        private MessageDigest open = Checksum.sha256();

        Scan(Migration migration, String file, ScriptReader reader, int firstStatement) {
            this.migration = migration;
            this.file = file;
            this.reader = reader;
            this.firstStatement = firstStatement;
            this.directives = reader.directives();
            this.everyStatementAlone = Boolean.FALSE.equals(directives.transactional());
        }

        ScriptPlan run() {
            if (!directives.covers().isEmpty()) {
                throw new MigrationException(
                        ErrorCode.UNKNOWN_DIRECTIVE,
                        "Migration " + migration.id() + " cannot be run: " + file
                                + " holds the directive covers, which means nothing in a migration. Nothing of it was run",
                        "It belongs into the head of a schema or seed file: that file says which migrations it covers.",
                        Place.of(migration.id(), file, 1, 1));
            }
            for (SqlStatement statement = next(); statement != null; statement = next()) {
                number++;
                if (trailingCommit != null) {
                    throw control(trailingCommit);
                }
                accept(statement);
            }
            if (outerBegin && trailingCommit == null) {
                throw new MigrationException(
                        ErrorCode.TRANSACTION_CONTROL,
                        "Migration " + migration.id() + " begins with BEGIN and does not end with COMMIT."
                                + " Nothing of it was run",
                        "Remove BEGIN: each migration is a transaction.",
                        Place.of(migration.id()));
            }
            if (number == 0 && directives.refuseEmpty()) {
                throw new MigrationException(
                        ErrorCode.SCRIPT_SYNTAX,
                        "Migration " + migration.id() + " cannot be run: " + file
                                + " holds no statement yet. Nothing of it was run",
                        "Write it, or remove the directive empty=refuse if nothing is to be done.",
                        Place.of(migration.id(), file, 1, 1));
            }
            closeOpen(number - (trailingCommit == null ? 0 : 1));
            return new ScriptPlan(directives, number, outerBegin, mayChangeSession, List.copyOf(segments));
        }

        private @Nullable SqlStatement next() {
            SqlStatement statement = reader.next();
            SourcePosition marker = reader.ignoredMarker();
            if (marker != null) {
                throw new MigrationException(
                        ErrorCode.SCRIPT_SYNTAX,
                        "Migration " + migration.id() + " cannot be run: " + file + ":" + marker.line() + ":"
                                + marker.column() + ": " + MARKER_PROBLEM + ". Nothing of it was run",
                        MARKER_HINT,
                        Place.of(migration.id(), file, marker.line(), marker.column()));
            }
            return statement;
        }

        private void accept(SqlStatement statement) {
            StatementEffect effect = statement.effect();
            if (effect instanceof StatementEffect.Refused refused) {
                throw refuse(statement, refused.code(), refused.problem(), refused.hint());
            }
            if (effect instanceof StatementEffect.TransactionControl control) {
                acceptControl(statement, control);
                return;
            }
            mayChangeSession |= ScriptPlan.mayChangeSession(statement);
            if (number < firstStatement) {
                return;
            }
            if (!effect.transactional()) {
                if (outerBegin || Boolean.TRUE.equals(directives.transactional())) {
                    throw refuse(
                            statement,
                            ErrorCode.TRANSACTION_CONTROL,
                            "this statement cannot run in a transaction, and the script asks for one",
                            "Remove BEGIN and COMMIT, or the directive transactional=true: Confiture commits before"
                                    + " and after such a statement by itself.");
                }
                addAlone(statement, false);
            } else if (everyStatementAlone) {
                addAlone(statement, !(effect instanceof StatementEffect.Procedural));
            } else {
                if (openFrom == 0) {
                    openFrom = number;
                }
                update(open, statement);
            }
        }

        private void addAlone(SqlStatement statement, boolean transactional) {
            closeOpen(number - 1);
            MessageDigest digest = Checksum.sha256();
            update(digest, statement);
            segments.add(
                    new Segment(number, number, transactional, HexFormat.of().formatHex(digest.digest())));
        }

        private void closeOpen(int toStatement) {
            if (openFrom > 0) {
                segments.add(
                        new Segment(openFrom, toStatement, true, HexFormat.of().formatHex(open.digest())));
                openFrom = 0;
                open = Checksum.sha256();
            }
        }

        private void acceptControl(SqlStatement statement, StatementEffect.TransactionControl control) {
            boolean begin = control.kind() == StatementEffect.TransactionControl.Kind.BEGIN;
            boolean commit = control.kind() == StatementEffect.TransactionControl.Kind.COMMIT;
            if (begin && number == 1 && control.plain() && !everyStatementAlone) {
                outerBegin = true;
            } else if (commit && outerBegin && control.plain()) {
                trailingCommit = statement;
            } else {
                throw control(statement);
            }
        }

        private MigrationException control(SqlStatement statement) {
            return refuse(
                    statement,
                    ErrorCode.TRANSACTION_CONTROL,
                    "a migration does not begin or end transactions itself",
                    "Remove the statement: all of a migration is one transaction. Where statements must be committed"
                            + " one by one, say \"-- confiture: transactional=false\" in the first lines.");
        }

        private MigrationException refuse(SqlStatement statement, ErrorCode code, String problem, String hint) {
            return new MigrationException(
                    code,
                    "Migration " + migration.id() + " cannot be run: " + statement.file() + ":"
                            + statement.start().line() + ":"
                            + statement.start().column() + ": " + problem + ". Nothing of it was run",
                    hint,
                    new Place(
                            migration.id(),
                            Excerpt.of(statement),
                            null,
                            statement.file(),
                            statement.start().line(),
                            statement.start().column(),
                            null));
        }
    }
}
