package io.confiture.sql;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What may lie between statements, told without the lexer: white space, comments, semicolons, psql's guards. */
final class Gap {
    private static final Pattern NO_STATEMENT =
            Pattern.compile("(?:[ \\t\\n\\r\\f\\x0B;]|--[^\\n\\r]*+|\\\\(?:un)?restrict(?![!-:<-~])[^\\n\\r]*+)++");

    private Gap() {}

    static boolean isNothing(String text) {
        int at = 0;
        Matcher matcher = NO_STATEMENT.matcher(text);
        while (at < text.length()) {
            if (text.startsWith("/*", at)) {
                at = behindComment(text, at + 2);
                if (at < 0) {
                    return false;
                }
            } else if (matcher.region(at, text.length()).lookingAt()) {
                at = matcher.end();
            } else {
                return false;
            }
        }
        return true;
    }

    private static int behindComment(String text, int from) {
        int depth = 1;
        int at = from;
        while (at < text.length() && depth > 0) {
            if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else {
                at++;
            }
        }
        return depth == 0 ? at : -1;
    }
}
