package io.confiture.sql;

/** Moves an input over what semicolons do not count in. Each method is called where such a thing opens. */
final class Lexer {
    private final ScriptInput in;

    Lexer(ScriptInput in) {
        this.in = in;
    }

    /** Moves behind a comment and those nested in it; false if one is never closed. */
    boolean blockComment() {
        in.advance(2);
        for (int open = 1; open > 0; ) {
            int b = in.skipTo('*', '/');
            if (b < 0) {
                return false;
            }
            int following = in.peek(1);
            if (b == '*' && following == '/') {
                open--;
                in.advance(2);
            } else if (b == '/' && following == '*') {
                open++;
                in.advance(2);
            } else {
                in.advance(1);
            }
        }
        return true;
    }

    /** Whether the line comment here starts with this ASCII text, given in lower case. */
    boolean isComment(String text) {
        return in.lookingAt(blanks(2), text);
    }

    /**
     * Whether the line comment here reads {@code -- migrate:up} or {@code -- migrate:down}: perhaps with options, as other
     * tools have them, but not a sentence such as {@code -- migrate: up to three tables}.
     */
    boolean isSectionMarker() {
        if (!isComment("migrate:")) {
            return false;
        }
        int colon = blanks(2) + "migrate:".length();
        int word = blanks(colon);
        int end = word + (in.lookingAt(word, "up") ? 2 : in.lookingAt(word, "down") ? 4 : 0);
        if (end == word || ScriptInput.isWordPart(in.peek(end))) {
            return false;
        }
        int rest = in.peek(blanks(end));
        return word == colon || rest < 0 || rest == '\n' || rest == '\r';
    }

    /** How far ahead the first byte stands that is no blank, from there on. */
    private int blanks(int from) {
        int at = from;
        while (in.peek(at) == ' ' || in.peek(at) == '\t') {
            at++;
        }
        return at;
    }

    void lineComment() {
        in.skipTo('\n', '\r');
    }

    /**
     * Moves behind a literal; false if it is never closed.
     *
     * @param escapes whether a backslash takes the next byte's meaning away
     */
    boolean literal(boolean escapes) {
        in.advance(1);
        while (true) {
            int b = in.skipTo('\'', escapes ? '\\' : '\'');
            if (b < 0) {
                return false;
            }
            if (b == '\\') {
                in.advance(in.has(2) ? 2 : 1);
                continue;
            }
            in.advance(1);
            if (in.peek() != '\'') {
                return true;
            }
            in.advance(1);
        }
    }

    /** Moves behind a quoted name; false if it is never closed. */
    boolean quotedName() {
        do {
            in.advance(1);
            if (in.skipTo('"', '"') < 0) {
                return false;
            }
            in.advance(1);
        } while (in.peek() == '"');
        return true;
    }

    /** The length of the delimiter that opens a dollar-quoted literal here; 0 if the dollar sign means something else. */
    int dollarDelimiter() {
        int length = 1;
        int b = in.peek(length);
        while (ScriptInput.isWordStart(b) || length > 1 && ScriptInput.isDigit(b)) {
            b = in.peek(++length);
        }
        return b == '$' ? length + 1 : 0;
    }

    /** Moves behind a dollar-quoted literal; false if it is never closed. */
    boolean dollarLiteral(int delimiterLength) {
        byte[] delimiter = new byte[delimiterLength];
        in.take(delimiter, 0, delimiterLength);
        while (in.skipTo('$', '$') >= 0) {
            if (in.lookingAt(delimiter)) {
                in.advance(delimiterLength);
                return true;
            }
            in.advance(1);
        }
        return false;
    }

    /** Moves behind one byte and the digits that follow: a number, a parameter. */
    void digits() {
        do {
            in.advance(1);
        } while (ScriptInput.isDigit(in.peek()));
    }

    /** The command of psql here, with its backslash. */
    String metaCommand() {
        int length = 1;
        int b = in.peek(length);
        while (b > ' ' && b < 0x7F && b != ';' && length < 30) {
            b = in.peek(++length);
        }
        return in.token(in.offset(), in.offset() + length);
    }
}
