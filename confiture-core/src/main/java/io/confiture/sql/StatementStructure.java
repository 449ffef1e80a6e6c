package io.confiture.sql;

/**
 * What the tokens of one statement say about where it ends and what follows it: parentheses, {@code BEGIN ATOMIC} bodies,
 * COPY streams.
 */
final class StatementStructure {
    private static final int SET_CONFIG_WITH_ARGUMENTS = 8;

    private final ScriptInput in;
    private final SourcePosition start;
    private final LeadingTokens tokens;

    private int count;
    private int depth;
    private long previousBegin;
    private long previousEnd;

    private boolean creates;
    /** Whether a body may still follow. */
    private boolean routine;

    private boolean inBody;
    private boolean bodyStatementEnded;
    private SourcePosition bodyStart;

    private boolean copy;
    private boolean copiesIn;
    private boolean copiesOut;
    private boolean setsConfig;

    /** @param start where the first token stands; its bytes are kept */
    StatementStructure(ScriptInput in, SourcePosition start) {
        this.in = in;
        this.start = start;
        this.tokens = new LeadingTokens(in, start.offset());
        this.previousBegin = start.offset();
        this.previousEnd = start.offset();
        this.bodyStart = start;
    }

    /** Where the first token stands. */
    SourcePosition start() {
        return start;
    }

    /** A token from an offset to the input's cursor. */
    void token(long begin) {
        previousBegin = begin;
        previousEnd = in.offset();
        tokens.add(previousBegin, previousEnd);
        count++;
        bodyStatementEnded = false;
    }

    void openParenthesis(long begin) {
        depth++;
        token(begin);
    }

    void closeParenthesis(long begin) {
        depth = Math.max(0, depth - 1);
        token(begin);
    }

    /** Whether a semicolon here would end the statement. */
    boolean endsAtSemicolon() {
        return depth == 0 && !inBody;
    }

    void innerSemicolon(long begin) {
        token(begin);
        bodyStatementEnded = depth == 0;
    }

    /** A word from an offset to the input's cursor. */
    void word(long begin) {
        long end = in.offset();
        if (count == 0) {
            copy = in.is(begin, end, "copy");
            creates = in.is(begin, end, "create");
        } else if (creates && (count == 1 || count == 3)) {
            routine |= in.is(begin, end, "function") || in.is(begin, end, "procedure");
        }
        if (copy && depth == 0 && (in.is(begin, end, "stdin") || in.is(begin, end, "stdout"))) {
            copiesIn |= previousIs("from");
            copiesOut |= previousIs("to");
        }
        if (in.is(begin, end, "set_config")) {
            setsConfig = true;
            tokens.takeNext(SET_CONFIG_WITH_ARGUMENTS);
        }
        boolean opensBody = routine && !inBody && depth == 0 && in.is(begin, end, "atomic") && previousIs("begin");
        if (opensBody) {
            inBody = true;
            bodyStart = in.place(start, previousBegin);
        } else if (inBody && bodyStatementEnded && in.is(begin, end, "end")) {
            inBody = false;
            routine = false;
        }
        token(begin);
        bodyStatementEnded = opensBody;
    }

    private boolean previousIs(String word) {
        return in.is(previousBegin, previousEnd, word);
    }

    LeadingTokens tokens() {
        return tokens;
    }

    boolean inBody() {
        return inBody;
    }

    /** Where the BEGIN of the body stands. */
    SourcePosition bodyStart() {
        return bodyStart;
    }

    /** The offset behind the last token. */
    long lastTokenEnd() {
        return previousEnd;
    }

    boolean copiesIn() {
        return copiesIn;
    }

    boolean copiesOut() {
        return copiesOut;
    }

    /** Whether it holds the word {@code set_config}. */
    boolean setsConfig() {
        return setsConfig;
    }
}
