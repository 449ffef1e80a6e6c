package io.confiture.sql;

/**
 * Moves over the text of a statement that was read before, so that everything in it that opens also closes. Keeps nothing
 * of what it has passed.
 */
final class TextCursor {
    private final String text;
    private int at;

    TextCursor(String text, int at) {
        this.text = text;
        this.at = at;
        blanks();
    }

    /** Where the next token begins; the length of the text at its end. */
    int at() {
        return at;
    }

    boolean atEnd() {
        return at == text.length();
    }

    /** The first character of the next token, or 0 at the end. */
    char peek() {
        return peek(0);
    }

    private char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : 0;
    }

    /** Moves behind this symbol if it is next. */
    boolean accept(char symbol) {
        if (peek() != symbol) {
            return false;
        }
        at++;
        blanks();
        return true;
    }

    /** Moves behind these words if they are next, in any case. */
    boolean accept(String... words) {
        int before = at;
        for (String word : words) {
            if (!isWordStart(peek()) || !next().equalsIgnoreCase(word)) {
                at = before;
                return false;
            }
        }
        return true;
    }

    /** Moves behind the next token and tells it as written. Numbers are one token, other than for the splitter. */
    String next() {
        int begin = at;
        pass();
        String token = text.substring(begin, at);
        blanks();
        return token;
    }

    /** Moves behind the parenthesis that closes the one that is next; tells where it ends. */
    int parentheses() {
        int depth = 0;
        while (!atEnd()) {
            char c = peek();
            pass();
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                break;
            }
            blanks();
        }
        int end = at;
        blanks();
        return end;
    }

    private void pass() {
        char c = peek();
        if (c == '\'') {
            literal(false);
        } else if (c == '"') {
            quotedName();
        } else if (c == '$' && dollarDelimiter() > 0) {
            dollarLiteral(dollarDelimiter());
        } else if (isDigit(c) || c == '.' && isDigit(peek(1))) {
            number();
        } else if (isWordStart(c)) {
            word(c);
        } else {
            at++;
        }
    }

    private void word(char first) {
        if ("eEnNbBxX".indexOf(first) >= 0 && peek(1) == '\'') {
            at++;
            literal(first == 'e' || first == 'E');
        } else if ((first == 'u' || first == 'U') && peek(1) == '&' && peek(2) == '\'') {
            at += 2;
            literal(false);
        } else if ((first == 'u' || first == 'U') && peek(1) == '&' && peek(2) == '"') {
            at += 2;
            quotedName();
        } else {
            while (isWordStart(peek()) || isDigit(peek()) || peek() == '$') {
                at++;
            }
        }
    }

    private void number() {
        while (isDigit(peek()) || peek() == '.') {
            at++;
        }
        int sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
        if ((peek() == 'e' || peek() == 'E') && isDigit(peek(1 + sign))) {
            at += 1 + sign;
            while (isDigit(peek())) {
                at++;
            }
        }
        // What else hangs on it, as in 0x1F or 1_000, belongs to it and is for the server to read.
        while (isWordStart(peek()) || isDigit(peek())) {
            at++;
        }
    }

    private void literal(boolean escapes) {
        at++;
        while (!atEnd()) {
            char c = text.charAt(at);
            if (c == '\\' && escapes) {
                at = Math.min(text.length(), at + 2);
            } else if (c != '\'') {
                at++;
            } else if (peek(1) == '\'') {
                at += 2;
            } else {
                at++;
                return;
            }
        }
    }

    private void quotedName() {
        at++;
        while (!atEnd()) {
            if (peek() == '"') {
                at++;
                if (peek() != '"') {
                    return;
                }
            }
            at++;
        }
    }

    private int dollarDelimiter() {
        int length = 1;
        while (isWordStart(peek(length)) || length > 1 && isDigit(peek(length))) {
            length++;
        }
        return peek(length) == '$' ? length + 1 : 0;
    }

    private void dollarLiteral(int delimiter) {
        int end = text.indexOf(text.substring(at, at + delimiter), at + delimiter);
        at = end < 0 ? text.length() : end + delimiter;
    }

    private void blanks() {
        while (!atEnd()) {
            char c = peek();
            if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0x0B) {
                at++;
            } else if (c == '-' && peek(1) == '-') {
                while (!atEnd() && peek() != '\n' && peek() != '\r') {
                    at++;
                }
            } else if (c == '/' && peek(1) == '*') {
                blockComment();
            } else {
                return;
            }
        }
    }

    private void blockComment() {
        int depth = 0;
        do {
            if (peek() == '/' && peek(1) == '*') {
                depth++;
                at += 2;
            } else if (peek() == '*' && peek(1) == '/') {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && !atEnd());
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordStart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80;
    }
}
