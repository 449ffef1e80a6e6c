package io.confiture.sql;

import static io.confiture.error.ErrorCode.SCRIPT_SYNTAX;
import static io.confiture.error.ErrorCode.UNKNOWN_DIRECTIVE;

import io.confiture.error.SqlScriptException;

/**
 * Finds where statements begin and end, by the rules of psql's lexer. All that matters to it is ASCII, so it reads bytes.
 * The one rule of its own: a {@code BEGIN ATOMIC} body ends at the END that directly follows a semicolon or ATOMIC.
 */
final class StatementScanner {
    enum Found {
        STATEMENT,
        DIRECTIVE,
        MARKER,
        END
    }

    private static final int SET_CONFIG_WITH_ARGUMENTS = 8;

    private final ScriptInput in;
    private final Lexer lexer;
    private final LeadingTokens tokens;
    private final boolean findsMarkers;

    /** Whether only white space and comments lie between the cursor and the start of its line. */
    private boolean lineBegins;

    private SourcePosition start = new SourcePosition(1, 1, 0);
    private long end;
    private boolean terminated;

    private int depth;
    private int index;
    private long previousBegin;
    private long previousEnd;
    /** A further literal on a later line continues an E'' literal. */
    private boolean afterEscapeString;

    private boolean creates;
    private boolean routine;
    private boolean atomic;
    private boolean bodyStatementEnded;
    private SourcePosition atomicStart = start;
    private boolean copy;
    private boolean copiesIn;
    private boolean copiesOut;
    private boolean setsConfig;

    /**
     * @param findsMarkers whether {@code -- migrate:…} comments are markers
     * @param lineBegins whether the input starts at the start of a line
     */
    StatementScanner(ScriptInput in, boolean findsMarkers, boolean lineBegins) {
        this.in = in;
        this.lexer = new Lexer(in);
        this.tokens = new LeadingTokens(in);
        this.findsMarkers = findsMarkers;
        this.lineBegins = lineBegins;
    }

    /** Where the statement, directive or marker found begins. */
    SourcePosition start() {
        return start;
    }

    /** The offset behind the statement's text, or behind the directive or marker. */
    long end() {
        return end;
    }

    /** Whether a semicolon ended the statement. */
    boolean terminated() {
        return terminated;
    }

    LeadingTokens tokens() {
        return tokens;
    }

    boolean copiesIn() {
        return copiesIn;
    }

    boolean copiesOut() {
        return copiesOut;
    }

    boolean setsConfig() {
        return setsConfig;
    }

    /** The text of what was found. */
    String text() {
        return in.text(start, end);
    }

    /** Tells that the input has been moved to the start of a line. */
    void lineBegins() {
        lineBegins = true;
    }

    /** Takes what follows on the line out of the input. */
    ScriptInput restOfLine() {
        return in.restOfLine();
    }

    /** Reads to the end of the next statement, directive or marker. */
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
                        return statement();
                    }
                    if (findsMarkers && lexer.isComment("migrate:")) {
                        return takeComment(Found.MARKER);
                    }
                    if (lexer.isComment("confiture:")) {
                        return takeComment(Found.DIRECTIVE);
                    }
                    lexer.lineComment();
                }
                case '/' -> {
                    if (in.peek(1) != '*') {
                        return statement();
                    }
                    blockComment();
                }
                case '\\' -> metaCommandBetweenStatements();
                default -> {
                    return statement();
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
        afterEscapeString = false;
        if (!lexer.blockComment()) {
            throw unterminated(opening, "comment", "*/");
        }
    }

    private Found statement() {
        begin();
        while (true) {
            int b = in.peek();
            switch (b) {
                case -1 -> {
                    return ended();
                }
                case '\n', '\r', ' ', '\t', '\f', 0x0B -> whiteSpace();
                case ';' -> {
                    if (depth == 0 && !atomic) {
                        end = in.offset();
                        terminated = true;
                        in.advance(1);
                        lineBegins = false;
                        return Found.STATEMENT;
                    }
                    symbol();
                    bodyStatementEnded = depth == 0;
                }
                case '-' -> {
                    if (in.peek(1) != '-') {
                        symbol();
                    } else if (lineCommentEndsStatement()) {
                        return ended();
                    }
                }
                case '/' -> {
                    if (in.peek(1) == '*') {
                        blockComment();
                    } else {
                        symbol();
                    }
                }
                case '\'' -> literal(in.offset(), afterEscapeString && lineBegins);
                case '"' -> quotedName(in.offset());
                case '$' -> dollar();
                case '(' -> {
                    depth++;
                    symbol();
                }
                case ')' -> {
                    depth = Math.max(0, depth - 1);
                    symbol();
                }
                case '\\' -> throw metaCommand(in.position(), lexer.metaCommand());
                default -> {
                    if (ScriptInput.isWordStart(b)) {
                        word(b);
                    } else if (ScriptInput.isDigit(b)) {
                        digits();
                    } else {
                        symbol();
                    }
                }
            }
        }
    }

    private void begin() {
        start = in.position();
        in.keepFrom(start.offset());
        tokens.clear(start.offset());
        end = start.offset();
        previousBegin = end;
        previousEnd = end;
        terminated = false;
        depth = 0;
        index = 0;
        afterEscapeString = false;
        creates = false;
        routine = false;
        atomic = false;
        bodyStatementEnded = false;
        copy = false;
        copiesIn = false;
        copiesOut = false;
        setsConfig = false;
    }

    /** The statement ends without a semicolon, with its last token. */
    private Found ended() {
        if (atomic) {
            throw unterminated(atomicStart, "BEGIN ATOMIC body", "END");
        }
        end = previousEnd;
        return Found.STATEMENT;
    }

    private boolean lineCommentEndsStatement() {
        if (findsMarkers && !atomic && lexer.isComment("migrate:")) {
            if (!lineBegins) {
                takeComment(Found.MARKER);
            }
            return true;
        }
        if (lexer.isComment("confiture:")) {
            throw in.error(
                    UNKNOWN_DIRECTIVE,
                    in.place(start, in.offset()),
                    "a directive within a statement",
                    "Move the directive above the first statement.");
        }
        lexer.lineComment();
        return false;
    }

    private void token(long begin) {
        long behind = in.offset();
        tokens.add(begin, behind);
        previousBegin = begin;
        previousEnd = behind;
        index++;
        lineBegins = false;
        afterEscapeString = false;
        bodyStatementEnded = false;
    }

    private void symbol() {
        long begin = in.offset();
        in.advance(1);
        token(begin);
    }

    private void digits() {
        long begin = in.offset();
        lexer.digits();
        token(begin);
    }

    private void literal(long begin, boolean escapes) {
        if (!lexer.literal(escapes)) {
            throw unterminated(in.place(start, begin), "literal", "'");
        }
        token(begin);
        afterEscapeString = escapes;
    }

    private void quotedName(long begin) {
        if (!lexer.quotedName()) {
            throw unterminated(in.place(start, begin), "quoted name", "\"");
        }
        token(begin);
    }

    private void dollar() {
        long begin = in.offset();
        int delimiter = lexer.dollarDelimiter();
        if (delimiter == 0) {
            lexer.digits();
        } else if (!lexer.dollarLiteral(delimiter)) {
            String quote = in.token(begin, begin + delimiter);
            throw unterminated(in.place(start, begin), "dollar-quoted literal", quote);
        }
        token(begin);
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
            keyword(begin, in.offset());
        }
    }

    private void keyword(long begin, long behind) {
        if (index == 0) {
            copy = in.is(begin, behind, "copy");
            creates = in.is(begin, behind, "create");
        } else if (creates && (index == 1 || index == 3)) {
            routine |= in.is(begin, behind, "function") || in.is(begin, behind, "procedure");
        }
        if (copy && depth == 0) {
            boolean stream = in.is(begin, behind, "stdin") || in.is(begin, behind, "stdout");
            copiesIn |= stream && previousIs("from");
            copiesOut |= stream && previousIs("to");
        }
        if (in.is(begin, behind, "set_config")) {
            setsConfig = true;
            tokens.takeNext(SET_CONFIG_WITH_ARGUMENTS);
        }
        boolean bodyOpens = routine && !atomic && depth == 0 && in.is(begin, behind, "atomic") && previousIs("begin");
        if (bodyOpens) {
            atomic = true;
            atomicStart = in.place(start, previousBegin);
        } else if (atomic && bodyStatementEnded && in.is(begin, behind, "end")) {
            atomic = false;
            routine = false;
        }
        token(begin);
        bodyStatementEnded = bodyOpens;
    }

    private boolean previousIs(String word) {
        return in.is(previousBegin, previousEnd, word);
    }

    private void metaCommandBetweenStatements() {
        SourcePosition position = in.position();
        String command = lexer.metaCommand();
        if (!MetaCommands.isHarmless(command)) {
            throw metaCommand(position, command);
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
