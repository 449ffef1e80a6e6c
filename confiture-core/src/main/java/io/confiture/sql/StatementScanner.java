package io.confiture.sql;

import static io.confiture.error.ErrorCode.SCRIPT_SYNTAX;
import static io.confiture.error.ErrorCode.UNKNOWN_DIRECTIVE;

import io.confiture.error.SqlScriptException;
import org.jspecify.annotations.Nullable;

/**
 * Finds where statements begin and end, by the rules of psql's lexer. All that matters to it is ASCII, so it reads bytes.
 *
 * <p>It differs from psql where psql differs from the server: a {@code BEGIN ATOMIC} body ends at the END that directly
 * follows a semicolon or ATOMIC, and an E'' literal is continued by one on a later line with its backslashes.
 */
final class StatementScanner {
    enum Found {
        STATEMENT,
        DIRECTIVE,
        MARKER,
        END
    }

    private final ScriptInput in;
    private final Lexer lexer;
    private final boolean findsMarkers;
    private final PlaceholderPlaces placeholders;

    /** Whether only white space and comments lie between the cursor and the start of its line. */
    private boolean lineBegins;

    private SourcePosition start = new SourcePosition(1, 1, 0);
    private long end;
    private boolean terminated;
    private StatementStructure structure;
    private boolean afterEscapeLiteral;
    private boolean keepsAllTokens;
    private boolean passesPsqlCommands;
    private @Nullable SourcePosition ignoredMarker;

    /**
     * @param findsMarkers whether {@code -- migrate:…} comments are markers
     * @param findsPlaceholders whether to note where placeholders stand
     * @param lineBegins whether the input starts at the start of a line
     */
    StatementScanner(ScriptInput in, boolean findsMarkers, boolean findsPlaceholders, boolean lineBegins) {
        this.in = in;
        this.lexer = new Lexer(in);
        this.findsMarkers = findsMarkers;
        this.placeholders = new PlaceholderPlaces(findsPlaceholders);
        this.lineBegins = lineBegins;
        this.structure = new StatementStructure(in, start);
    }

    /** Where the statement, directive or marker found begins. */
    SourcePosition start() {
        return start;
    }

    /** The offset behind the text of what was found. */
    long end() {
        return end;
    }

    /** Whether a semicolon ended the statement. */
    boolean terminated() {
        return terminated;
    }

    /** What the statement's tokens say. */
    StatementStructure structure() {
        return structure;
    }

    /** The statement with the values of its placeholders; null if it stays as it is. */
    @Nullable
    ReplacedText replace(String text, Placeholders values) {
        return placeholders.isEmpty() ? null : Replacement.of(in, structure, text, placeholders.all(), values);
    }

    /** The text of what was found. */
    String text() {
        return in.text(start, end);
    }

    /** Tells that the input has been moved to the start of a line. */
    void lineBegins() {
        lineBegins = true;
    }

    /** Where the first marker stands that was read as a comment; null if there was none so far. */
    @Nullable
    SourcePosition ignoredMarker() {
        return ignoredMarker;
    }

    /** From now on the structure of a statement has all of its tokens. */
    void keepAllTokens() {
        keepsAllTokens = true;
    }

    /** From now on commands of psql are passed over, and directives are comments. */
    void passPsqlCommands() {
        passesPsqlCommands = true;
    }

    /** Takes what follows on the line out of the input. */
    ScriptInput restOfLine() {
        return in.restOfLine();
    }

    /** Reads to the end of the next directive or marker, or to where a statement begins. */
    Found next() {
        in.release();
        while (true) {
            switch (in.peek()) {
                case -1 -> {
                    return Found.END;
                }
                case '\n', '\r', ' ', '\t', '\f', 0x0B -> whiteSpace();
                case ';' -> {
                    in.advance(1);
                    lineBegins = false;
                }
                case '-' -> {
                    if (in.peek(1) != '-') {
                        return statementBegins();
                    }
                    if (findsMarkers && lexer.isComment("migrate:")) {
                        return takeComment(Found.MARKER);
                    }
                    if (!passesPsqlCommands && lexer.isComment("confiture:")) {
                        return takeComment(Found.DIRECTIVE);
                    }
                    lineComment();
                }
                case '/' -> {
                    if (in.peek(1) != '*') {
                        return statementBegins();
                    }
                    blockComment();
                }
                case '\\' -> metaCommandBetweenStatements();
                default -> {
                    return statementBegins();
                }
            }
        }
    }

    private void whiteSpace() {
        int b = in.peek();
        lineBegins |= b == '\n' || b == '\r';
        in.advance(1);
    }

    private Found takeComment(Found kind) {
        start = in.position();
        if (!lineBegins) {
            throw in.error(
                    kind == Found.MARKER ? SCRIPT_SYNTAX : UNKNOWN_DIRECTIVE,
                    start,
                    "a marker or directive behind something else on its line",
                    "Give it a line of its own.");
        }
        in.keepFrom(start.offset());
        lexer.lineComment();
        end = in.offset();
        return kind;
    }

    private void blockComment() {
        SourcePosition opening = in.position();
        afterEscapeLiteral = false;
        if (!lexer.blockComment()) {
            throw unterminated(opening, "comment", "*/");
        }
    }

    private Found statementBegins() {
        start = in.position();
        in.keepFrom(start.offset());
        return Found.STATEMENT;
    }

    /** Reads to the end of the statement that {@link #next()} has found the beginning of. */
    void statement() {
        structure = new StatementStructure(in, start);
        if (keepsAllTokens) {
            structure.tokens().takeAll();
        }
        placeholders.clear();
        afterEscapeLiteral = false;
        while (true) {
            int b = in.peek();
            switch (b) {
                case -1 -> {
                    endWithLastToken();
                    return;
                }
                case '\n', '\r', ' ', '\t', '\f', 0x0B -> whiteSpace();
                case ';' -> {
                    if (structure.endsAtSemicolon()) {
                        endAtSemicolon();
                        return;
                    }
                    structure.innerSemicolon(symbol());
                }
                case '-' -> {
                    if (in.peek(1) != '-') {
                        structure.token(symbol());
                    } else if (isMarkerWithin()) {
                        endWithLastToken();
                        return;
                    } else {
                        lineCommentWithin();
                    }
                }
                case '/' -> {
                    if (in.peek(1) == '*') {
                        blockComment();
                    } else {
                        structure.token(symbol());
                    }
                }
                case '\'' -> literal(in.offset(), afterEscapeLiteral && lineBegins);
                case '"' -> quotedName(in.offset());
                case '$' -> dollar();
                case '(' -> structure.openParenthesis(symbol());
                case ')' -> structure.closeParenthesis(symbol());
                case '\\' -> metaCommandWithin();
                default -> {
                    if (ScriptInput.isWordStart(b)) {
                        word(b);
                    } else {
                        structure.token(ScriptInput.isDigit(b) ? digits() : symbol());
                    }
                }
            }
        }
    }

    private void endAtSemicolon() {
        end = in.offset();
        terminated = true;
        in.advance(1);
        lineBegins = false;
    }

    private void endWithLastToken() {
        if (structure.inBody()) {
            throw unterminated(structure.bodyStart(), "BEGIN ATOMIC body", "END");
        }
        end = structure.lastTokenEnd();
        terminated = false;
    }

    /** Whether the line comment here is a marker, which ends the statement. */
    private boolean isMarkerWithin() {
        if (!findsMarkers || structure.inBody() || !lexer.isComment("migrate:")) {
            return false;
        }
        if (!lineBegins) {
            takeComment(Found.MARKER);
        }
        return true;
    }

    private void lineCommentWithin() {
        if (!passesPsqlCommands && lexer.isComment("confiture:")) {
            throw in.error(
                    UNKNOWN_DIRECTIVE,
                    in.position(),
                    "a directive within a statement",
                    "Move the directive above the first statement.");
        }
        lineComment();
    }

    private void lineComment() {
        if (!findsMarkers && lineBegins && ignoredMarker == null && !structure.inBody() && lexer.isSectionMarker()) {
            ignoredMarker = in.position();
        }
        lexer.lineComment();
    }

    /** Moves behind one byte and returns its offset. */
    private long symbol() {
        long begin = in.offset();
        in.advance(1);
        passed();
        return begin;
    }

    /** Moves behind a number and returns its offset. */
    private long digits() {
        long begin = in.offset();
        lexer.digits();
        passed();
        return begin;
    }

    private void passed() {
        lineBegins = false;
        afterEscapeLiteral = false;
    }

    private void literal(long begin, boolean escapes) {
        if (!lexer.literal(escapes)) {
            throw unterminated(in.place(start, begin), "literal", "'");
        }
        passed();
        structure.token(begin);
        afterEscapeLiteral = escapes;
    }

    private void quotedName(long begin) {
        boolean escapes = begin < in.offset();
        if (!lexer.quotedName()) {
            throw unterminated(in.place(start, begin), "quoted name", "\"");
        }
        if (placeholders.wanted() && !escapes) {
            placeholders.within(in.token(begin, in.offset()), begin);
        }
        passed();
        structure.token(begin);
    }

    private void dollar() {
        long begin = in.offset();
        int delimiter = lexer.dollarDelimiter();
        if (delimiter == 0) {
            placeholders.atDollar(begin, in.peek(1));
            lexer.digits();
        } else if (!lexer.dollarLiteral(delimiter)) {
            String quote = in.token(begin, begin + delimiter);
            throw unterminated(in.place(start, begin), "dollar-quoted literal", quote);
        }
        passed();
        structure.token(begin);
    }

    /** A word, or a literal or quoted name with a prefix. */
    private void word(int first) {
        long begin = in.offset();
        int lower = first | 0x20;
        if (lower == 'e' && in.peek(1) == '\'') {
            in.advance(1);
            literal(begin, true);
        } else if (lower == 'u' && in.peek(1) == '&' && in.peek(2) == '\'') {
            in.advance(2);
            literal(begin, false);
        } else if (lower == 'u' && in.peek(1) == '&' && in.peek(2) == '"') {
            in.advance(2);
            quotedName(begin);
        } else {
            in.skipWord();
            if (placeholders.wanted() && in.is(in.offset() - 1, in.offset(), "$")) {
                placeholders.atDollar(in.offset() - 1, in.peek());
            }
            passed();
            structure.word(begin);
        }
    }

    private void metaCommandBetweenStatements() {
        SourcePosition position = in.position();
        String command = lexer.metaCommand();
        if (!passesPsqlCommands && !MetaCommands.isHarmless(command)) {
            throw metaCommand(position, command);
        }
        lexer.lineComment();
    }

    private void metaCommandWithin() {
        if (!passesPsqlCommands) {
            throw metaCommand(in.position(), lexer.metaCommand());
        }
        lexer.lineComment();
    }

    private SqlScriptException metaCommand(SourcePosition position, String command) {
        return in.error(SCRIPT_SYNTAX, position, MetaCommands.problem(command), MetaCommands.hint(command));
    }

    private SqlScriptException unterminated(SourcePosition opening, String what, String closing) {
        return in.error(
                SCRIPT_SYNTAX, opening, "a " + what + " that is never closed", "Close it with " + closing + ".");
    }
}
