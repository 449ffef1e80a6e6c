package io.confiture.sql;

import io.confiture.error.ErrorCode;
import io.confiture.error.SqlScriptException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a script once, as a stream, in memory bounded by its largest single statement. Statements end where psql would end
 * them; commands and variables of psql do not exist here.
 *
 * <p>Every method that reads throws {@link SqlScriptException} for text that cannot be read as statements and
 * {@link java.io.UncheckedIOException} if the stream fails; the reader is of no further use then. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class ScriptReader implements AutoCloseable {
    private final String file;
    private final ScriptSection wanted;
    private final @Nullable Placeholders placeholders;
    private final ScriptInput script;
    private final StatementScanner scriptScanner;
    private final Markers markers;
    private final DirectiveParser shared;
    private final DirectiveParser own;

    /** Scans the script, or what stands behind a COPY on its line: psql reads that after the rows. */
    private StatementScanner scanner;

    private boolean statementSeen;
    private boolean lastUnfinished;
    private boolean ended;
    /** Whether the scanner stands where a wanted statement begins. */
    private boolean atStatement;

    private @Nullable CopyData copyData;
    private long copyDataLine;
    private @Nullable ScriptInput behindCopy;

    private ScriptReader(String file, ScriptInput script, ScriptSection wanted, @Nullable Placeholders placeholders) {
        this.file = file;
        this.wanted = wanted;
        this.placeholders = placeholders;
        this.script = script;
        this.scriptScanner = scanner(script, true);
        this.scanner = scriptScanner;
        this.markers = new Markers(script);
        this.shared = new DirectiveParser(file, placeholders);
        this.own = new DirectiveParser(file, placeholders);
    }

    /**
     * Opens a script; reads nothing yet.
     *
     * @param file the script as the user knows it, for messages
     * @param in UTF-8 text with or without byte order mark; closed with the reader
     * @param section which part to read; reading {@link ScriptSection#UP} ends at {@code -- migrate:down}
     */
    public static ScriptReader open(String file, InputStream in, ScriptSection section) {
        return new ScriptReader(file, new ScriptInput(file, in), section, null);
    }

    /**
     * Opens a script whose placeholders have values; reads nothing yet. They are replaced outside of literals, dollar
     * quotes, comments and the rows of a COPY. A name without a value stays as it is, unless the script's directives say
     * that it needs one: reading them throws {@link SqlScriptException} then.
     */
    public static ScriptReader open(String file, InputStream in, ScriptSection section, Placeholders placeholders) {
        return new ScriptReader(file, new ScriptInput(file, in), section, placeholders);
    }

    /**
     * Opens a whole script that psql will run: its commands are passed over, and directives are comments. Reads nothing yet.
     */
    public static ScriptReader openForPsql(String file, InputStream in) {
        return forPsql(new ScriptReader(file, new ScriptInput(file, in), ScriptSection.WHOLE, null));
    }

    /** As {@link #openForPsql(String, InputStream)}, for the first bytes of an array that nobody changes meanwhile. */
    public static ScriptReader openForPsql(String file, byte[] text, int count) {
        return forPsql(new ScriptReader(file, new ScriptInput(file, text, count), ScriptSection.WHOLE, null));
    }

    private static ScriptReader forPsql(ScriptReader reader) {
        reader.scriptScanner.passPsqlCommands();
        return reader;
    }

    private StatementScanner scanner(ScriptInput in, boolean lineBegins) {
        return new StatementScanner(
                in, wanted != ScriptSection.WHOLE, placeholders != null && !placeholders.isEmpty(), lineBegins);
    }

    /**
     * The directives above the first statement of the section, and above the first marker. Reads ahead to where the first
     * statement begins.
     */
    public ScriptDirectives directives() {
        if (!statementSeen) {
            atStatement = findStatement();
        }
        return own.within(shared);
    }

    /** The next statement, or null at the end of the section. Skips what was not read of the rows before it. */
    public @Nullable SqlStatement next() {
        if (!atStatement && !findStatement()) {
            return null;
        }
        atStatement = false;
        scanner.statement();
        SqlStatement statement = statement();
        lastUnfinished = !scanner.terminated();
        beginCopy();
        return statement;
    }

    /**
     * The rows of the COPY that {@link #next()} gave last, as they stand in the script: the bytes from the line below the
     * statement up to the {@code \.} line, exclusively. To be read before the next statement is asked for; reading throws
     * {@link SqlScriptException}, with the place of the COPY, if the rows never end.
     *
     * @throws IllegalStateException if the last statement reads no rows
     */
    public InputStream copyData() {
        if (copyData == null) {
            throw new IllegalStateException("The last statement of " + file + " is no COPY … FROM STDIN");
        }
        return copyData;
    }

    /** The 1-based line of the first row of {@link #copyData()}. */
    public long copyDataLine() {
        return copyDataLine;
    }

    /**
     * Whether nothing of a statement is left open at the end: the last one has its semicolon. Reads what is left, which
     * takes less time than {@link #next()} does.
     */
    public boolean endsFinished() {
        while (atStatement || findStatement()) {
            atStatement = false;
            scanner.statement();
            lastUnfinished = !scanner.terminated();
            beginCopy();
        }
        return !lastUnfinished;
    }

    /**
     * Where a line {@code -- migrate:up} or {@code -- migrate:down} stands in a script that is read as a
     * {@linkplain ScriptSection#WHOLE whole}, as far as it is read; null if none was met. It is a comment there, and
     * somebody may take it for the end of a section.
     */
    public @Nullable SourcePosition ignoredMarker() {
        return scriptScanner.ignoredMarker();
    }

    @Override
    public void close() {
        script.close();
    }

    /** Where the sections lie; reads to the end of the script. */
    ScriptSections sections() {
        while (next() != null) {
            // Only the markers matter.
        }
        return markers.sections(script.offset());
    }

    /** Moves to where the next wanted statement begins; false if there is none. */
    private boolean findStatement() {
        if (script.offset() == 0) {
            script.skipByteOrderMark();
        }
        while (!ended) {
            finishCopy();
            switch (scanner.next()) {
                case END -> {
                    ended = scanner == scriptScanner;
                    scanner = scriptScanner;
                }
                case DIRECTIVE -> directive();
                case MARKER -> {
                    markers.marker(scanner.text(), scanner.start(), startOfNextLine());
                    statementSeen = false;
                    ended = wanted == ScriptSection.UP && markers.section() == ScriptSection.DOWN;
                }
                case STATEMENT -> {
                    statementSeen = true;
                    markers.statement(scanner.start());
                    if (isWanted()) {
                        return true;
                    }
                    scanner.statement();
                    beginCopy();
                }
            }
        }
        return false;
    }

    private long startOfNextLine() {
        if (script.peek() == '\r') {
            script.advance(1);
        }
        if (script.peek() == '\n') {
            script.advance(1);
        }
        scriptScanner.lineBegins();
        return script.offset();
    }

    private void directive() {
        String comment = scanner.text();
        if (statementSeen) {
            throw error(
                    ErrorCode.UNKNOWN_DIRECTIVE,
                    scanner.start(),
                    "a directive below a statement",
                    "Move it above the first statement.");
        }
        if (markers.section() == ScriptSection.WHOLE) {
            shared.add(comment, scanner.start());
        } else if (markers.section() == wanted) {
            own.add(comment, scanner.start());
        } else {
            new DirectiveParser(file, null).add(comment, scanner.start());
        }
    }

    private boolean isWanted() {
        return switch (wanted) {
            case WHOLE -> true;
            case UP -> markers.section() != ScriptSection.DOWN;
            case DOWN -> markers.section() == ScriptSection.DOWN;
        };
    }

    private SqlStatement statement() {
        String text = scanner.text();
        ReplacedText replaced = placeholders == null ? null : scanner.replace(text, placeholders);
        StatementStructure structure = replaced == null ? scanner.structure() : replaced.structure();
        Classifier classifier = new Classifier(structure.tokens(), structure.setsConfig());
        return new SqlStatement(
                file,
                text,
                replaced,
                scanner.start(),
                scanner.terminated() ? scanner.end() + 1 : scanner.end(),
                classifier.effect(),
                classifier.changesSession(),
                structure.copiesIn(),
                structure.copiesOut());
    }

    private void beginCopy() {
        if (!scanner.terminated() && scanner != scriptScanner) {
            throw error(
                    ErrorCode.SCRIPT_SYNTAX,
                    scanner.start(),
                    "a statement that begins behind a COPY … FROM STDIN on its line and does not end there",
                    "Put it below the rows.");
        }
        if (scanner.structure().copiesIn()) {
            if (!scanner.terminated()) {
                throw error(
                        ErrorCode.SCRIPT_SYNTAX,
                        scanner.start(),
                        "a COPY … FROM STDIN without semicolon",
                        "End it with a semicolon, put the rows below it and a line with \\. alone below them.");
            }
            copyData = new CopyData(script, scanner.start());
            behindCopy = scanner.restOfLine();
            copyDataLine = script.position().line();
        }
    }

    private void finishCopy() {
        if (copyData == null || behindCopy == null) {
            return;
        }
        copyData.finish();
        copyData = null;
        scriptScanner.lineBegins();
        scanner = scanner(behindCopy, false);
    }

    private SqlScriptException error(ErrorCode code, SourcePosition at, String problem, String hint) {
        return script.error(code, at, problem, hint);
    }
}
