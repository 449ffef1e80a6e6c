package io.confiture.sql;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One value of a row of an {@code INSERT … VALUES}.
 *
 * @param kind what it is
 * @param text what a {@link Kind#TEXT} means, quotes and escapes resolved; a number without blanks; {@code true} or
 *     {@code false}; an {@link Kind#EXPRESSION} as written; empty for any other
 * @param type the type that a TEXT or NULL is cast to, as written; null if it is not cast
 * @since 0.1.0
 */
public record InsertValue(Kind kind, String text, @Nullable String type) {

    /** What a value is. */
    public enum Kind {
        NULL,
        DEFAULT,
        /** A literal in quotes. */
        TEXT,
        /** Digits, perhaps with a sign. */
        INTEGER,
        /** Digits with a point or an exponent, perhaps with a sign. */
        DECIMAL,
        BOOLEAN,
        /** Anything else. */
        EXPRESSION
    }

    private static final int FIRST_SURROGATE = 0xD800;
    private static final int LAST_SURROGATE = 0xDFFF;

    /** Reads the value at a cursor and moves behind it: to the comma or parenthesis that ends it. */
    static InsertValue read(TextCursor cursor, String text) {
        int begin = cursor.at();
        InsertValue simple = simple(cursor);
        if (simple != null && (cursor.peek() == ',' || cursor.peek() == ')')) {
            return simple;
        }
        int end = cursor.at();
        while (!cursor.atEnd() && cursor.peek() != ',' && cursor.peek() != ')') {
            if (cursor.peek() == '(') {
                end = cursor.parentheses();
            } else if (cursor.peek() == '[') {
                end = brackets(cursor);
            } else {
                end = cursor.at() + cursor.next().length();
            }
        }
        return new InsertValue(Kind.EXPRESSION, text.substring(begin, end), null);
    }

    private static int brackets(TextCursor cursor) {
        int depth = 0;
        int end;
        do {
            char c = cursor.peek();
            end = cursor.at() + cursor.next().length();
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
        } while (depth > 0 && !cursor.atEnd());
        return end;
    }

    /** What stands at the cursor if it begins as a plain value does; what follows is not looked at. */
    private static @Nullable InsertValue simple(TextCursor cursor) {
        char first = cursor.peek();
        if (first == '-' || first == '+') {
            cursor.accept(first);
            char digit = cursor.peek();
            return digit >= '0' && digit <= '9' || digit == '.' ? number(first + cursor.next()) : null;
        }
        if (first == '(' || first == '[' || first == ',' || first == ')') {
            return null;
        }
        String token = cursor.next();
        if (first >= '0' && first <= '9' || first == '.') {
            return number(token);
        }
        String literal = literal(token);
        if (literal != null) {
            return cast(cursor, Kind.TEXT, literal);
        }
        return switch (token.toLowerCase(Locale.ROOT)) {
            case "null" -> cast(cursor, Kind.NULL, "");
            case "default" -> new InsertValue(Kind.DEFAULT, "", null);
            case "true" -> new InsertValue(Kind.BOOLEAN, "true", null);
            case "false" -> new InsertValue(Kind.BOOLEAN, "false", null);
            default -> null;
        };
    }

    private static @Nullable InsertValue number(String token) {
        int digits = 0;
        boolean plain = true;
        for (int i = token.charAt(0) == '-' || token.charAt(0) == '+' ? 1 : 0; i < token.length(); i++) {
            char c = token.charAt(i);
            boolean exponent = (c == 'e' || c == 'E') && digits > 0;
            boolean sign = (c == '+' || c == '-') && (token.charAt(i - 1) | 0x20) == 'e';
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '.' || exponent || sign) {
                plain = false;
            } else {
                return null;
            }
        }
        return digits == 0 ? null : new InsertValue(plain ? Kind.INTEGER : Kind.DECIMAL, token, null);
    }

    private static @Nullable InsertValue cast(TextCursor cursor, Kind kind, String text) {
        if (cursor.peek() != ':') {
            return new InsertValue(kind, text, null);
        }
        cursor.accept(':');
        if (!cursor.accept(':')) {
            return null;
        }
        StringBuilder type = new StringBuilder();
        char c = cursor.peek();
        while (c != ',' && c != ')' && c != 0) {
            // A length or precision cuts or rounds, which the column itself may do otherwise.
            if (c == '(' || c == ':') {
                return null;
            }
            boolean symbol = c == '.' || c == '[' || c == ']';
            boolean behindSymbol = !type.isEmpty() && ".[".indexOf(type.charAt(type.length() - 1)) >= 0;
            type.append(type.isEmpty() || symbol || behindSymbol ? "" : " ").append(cursor.next());
            c = cursor.peek();
        }
        return type.isEmpty() ? null : new InsertValue(kind, text, type.toString());
    }

    /** What a literal means; null if the token is none, or one whose bytes the server has to make out. */
    private static @Nullable String literal(String token) {
        char first = token.charAt(0);
        if (first == '\'') {
            return token.substring(1, token.length() - 1).replace("''", "'");
        }
        if ((first == 'e' || first == 'E') && token.length() > 2 && token.charAt(1) == '\'') {
            return unescaped(token.substring(2, token.length() - 1));
        }
        if (first == '$' && token.endsWith("$") && token.length() > 1) {
            int delimiter = token.indexOf('$', 1) + 1;
            return token.length() < 2 * delimiter ? null : token.substring(delimiter, token.length() - delimiter);
        }
        return null;
    }

    private static @Nullable String unescaped(String escaped) {
        StringBuilder text = new StringBuilder(escaped.length());
        int i = 0;
        while (i < escaped.length()) {
            char c = escaped.charAt(i++);
            if (c != '\\') {
                text.append(c);
                // A quote is doubled.
                i += c == '\'' ? 1 : 0;
                continue;
            }
            char escape = i < escaped.length() ? escaped.charAt(i++) : '\\';
            switch (escape) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u', 'U' -> {
                    int digits = escape == 'u' ? 4 : 8;
                    int value = hexadecimal(escaped, i, digits);
                    if (value <= 0
                            || !Character.isValidCodePoint(value)
                            || value >= FIRST_SURROGATE && value <= LAST_SURROGATE) {
                        return null;
                    }
                    text.appendCodePoint(value);
                    i += digits;
                }
                // Octal and hexadecimal escapes are bytes in the encoding of the server.
                case 'x', '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    return null;
                }
                default -> text.append(escape);
            }
        }
        return text.toString();
    }

    private static int hexadecimal(String text, int from, int digits) {
        if (from + digits > text.length()) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value * 16 + digit;
        }
        return value;
    }
}
