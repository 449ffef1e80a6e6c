package io.confiture.catalog;

import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;

/** Reads JSON from the front, one token after the other, and knows where it is. */
final class JsonText {
    private final String text;
    private int position;

    JsonText(String text) {
        this.text = text;
        // A byte order mark, which editors of some systems write.
        this.position = text.startsWith("\ufeff") ? 1 : 0;
    }

    /** Takes this character, after any white space. */
    void take(char expected) {
        if (!takes(expected)) {
            throw error("'" + expected + "' expected" + found());
        }
    }

    /** Takes this character, after any white space, if it is there. */
    boolean takes(char wanted) {
        skipSpace();
        if (position < text.length() && text.charAt(position) == wanted) {
            position++;
            return true;
        }
        return false;
    }

    /** Takes a name of a member that must be this one, and the colon behind it. */
    void takeName(String expected) {
        skipSpace();
        int start = position;
        String name = string();
        if (!name.equals(expected)) {
            position = start;
            throw error("\"" + expected + "\" expected, found \"" + name + "\"");
        }
        take(':');
    }

    int number() {
        skipSpace();
        int start = position;
        while (position < text.length() && Character.digit(text.charAt(position), 10) >= 0) {
            position++;
        }
        try {
            return Integer.parseInt(text.substring(start, position));
        } catch (NumberFormatException e) {
            position = start;
            throw error("a number expected" + found());
        }
    }

    String string() {
        take('"');
        StringBuilder value = new StringBuilder();
        while (true) {
            if (position >= text.length()) {
                throw error("the text ends within a string");
            }
            char c = text.charAt(position);
            if (c == '"') {
                position++;
                return value.toString();
            }
            if (c < ' ') {
                throw error("a control character within a string");
            }
            position++;
            value.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = position < text.length() ? text.charAt(position) : 0;
        position++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> unicode();
            default -> {
                position--;
                throw error("not an escape sequence: \\" + (c == 0 ? "" : c));
            }
        };
    }

    private char unicode() {
        int value = 0;
        for (int end = position + 4; position < end; position++) {
            int digit = position < text.length() ? Character.digit(text.charAt(position), 16) : -1;
            if (digit < 0) {
                throw error("four hexadecimal digits expected after \\u");
            }
            value = value * 16 + digit;
        }
        return (char) value;
    }

    void end() {
        skipSpace();
        if (position < text.length()) {
            throw error("the text goes on where it should end");
        }
    }

    private void skipSpace() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private String found() {
        return position < text.length() ? ", found '" + text.charAt(position) + "'" : ", but the text ends";
    }

    int position() {
        return position;
    }

    SchemaException error(String what) {
        return error(what, position);
    }

    SchemaException error(String what, int where) {
        String before = text.substring(0, Math.min(where, text.length()));
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.length() - before.lastIndexOf('\n');
        return new SchemaException(
                ErrorCode.CATALOG_TEXT_INVALID,
                "Not a catalog as it was written, at line " + line + ", column " + column + ": " + what,
                "Write it again with toJson(), and ship it unchanged.");
    }

    /** The value as a string of JSON, in quotes. */
    static void append(StringBuilder out, String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == '\ufeff') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
