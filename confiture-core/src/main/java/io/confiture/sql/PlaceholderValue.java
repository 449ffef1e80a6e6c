package io.confiture.sql;

import org.jspecify.annotations.Nullable;

/** A value and where it may stand. */
final class PlaceholderValue {
    private final String name;
    private final String text;
    private final @Nullable String problem;

    PlaceholderValue(String name, String text) {
        this.name = name;
        this.text = text;
        this.problem = problem(text);
    }

    String name() {
        return name;
    }

    String text() {
        return text;
    }

    /** As it reads inside of a quoted name. */
    String withinQuotedName() {
        return text.replace("\"", "\"\"");
    }

    /** What the value holds that could change what stands around it; null if it is whole tokens. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Without backslashes, dollar signs and comments, quotes and parentheses are all that opens something. */
    private static @Nullable String problem(String text) {
        int depth = 0;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
            if (c == '\\') {
                return "a backslash";
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == ';') {
                return "a semicolon";
            } else if (c == '$') {
                return "a dollar sign";
            } else if (isCommentMark(c, next)) {
                return "a comment mark";
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth < 0) {
                return "a parenthesis that closes nothing";
            }
        }
        if (quote != 0) {
            return "a quote that is never closed";
        }
        return depth > 0 ? "a parenthesis that is never closed" : null;
    }

    /** Whether two characters, put together by a replacement, mean something that neither means alone. */
    static boolean wouldMerge(int before, int after) {
        return isCommentMark(before, after)
                || isQuote(after) && (isQuote(before) || before == '&' || isWordPart(before))
                || isQuote(before) && isQuote(after)
                || after == '$' && isWordPart(before);
    }

    private static boolean isCommentMark(int c, int next) {
        return c == '-' && next == '-' || c == '/' && next == '*' || c == '*' && next == '/';
    }

    private static boolean isQuote(int c) {
        return c == '\'' || c == '"';
    }

    private static boolean isWordPart(int c) {
        return ScriptInput.isWordStart(c) || ScriptInput.isDigit(c) || c == '$';
    }

    /** The name alone. */
    @Override
    public String toString() {
        return name;
    }
}
