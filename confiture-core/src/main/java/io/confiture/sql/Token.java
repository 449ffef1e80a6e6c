package io.confiture.sql;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A word, name, literal, number or symbol as written; empty where the statement has no further token. */
record Token(String raw) {
    private static final int NAME_BYTES = 63;

    /** In lower case: keywords compare with it, what is quoted never equals one. */
    String word() {
        return raw.toLowerCase(Locale.ROOT);
    }

    boolean isName() {
        return raw.startsWith("\"") || isUnicodeName() || isWord();
    }

    private boolean isWord() {
        return !raw.isEmpty() && ScriptInput.isWordStart(raw.charAt(0)) && !raw.endsWith("'") && !raw.endsWith("\"");
    }

    /** Whether {@code UESCAPE} and a literal may follow as part of the name. */
    boolean isUnicodeName() {
        return raw.startsWith("U&\"") || raw.startsWith("u&\"");
    }

    /** The name it means, as the server stores it. */
    String name(String unicodeEscape) {
        if (raw.startsWith("\"")) {
            return cut(unquote(raw));
        }
        return cut(isUnicodeName() ? unescape(unquote(raw.substring(2)), unicodeEscape) : fold(raw));
    }

    /** The content of a literal or quoted name; anything else as written. */
    String value() {
        if (raw.startsWith("$")) {
            int tag = raw.indexOf('$', 1) + 1;
            return tag == 0 || raw.length() < 2 * tag ? raw : raw.substring(tag, raw.length() - tag);
        }
        if (raw.startsWith("'") || raw.startsWith("\"")) {
            return unquote(raw);
        }
        return raw.endsWith("'") ? unquote(raw.substring(raw.indexOf('\''))) : raw;
    }

    private static String unquote(String quoted) {
        String quote = quoted.substring(0, 1);
        return quoted.substring(1, quoted.length() - 1).replace(quote + quote, quote);
    }

    private static String fold(String word) {
        StringBuilder folded = new StringBuilder(word);
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c | 0x20));
            }
        }
        return folded.toString();
    }

    private static String unescape(String text, String escape) {
        String quoted = Pattern.quote(escape);
        Pattern escapes = Pattern.compile(quoted + "(?:([0-9A-Fa-f]{4})|\\+([0-9A-Fa-f]{6})|" + quoted + ")");
        return escapes.matcher(text).replaceAll(match -> {
            String digits = match.group(1) != null ? match.group(1) : match.group(2);
            String meant = digits == null ? escape : unicode(Integer.parseInt(digits, 16));
            return Matcher.quoteReplacement(meant);
        });
    }

    /** A surrogate makes a character with its neighbour; what is no character at all the server refuses. */
    private static String unicode(int value) {
        return Character.isValidCodePoint(value) ? Character.toString(value) : "\uFFFD";
    }

    private static String cut(String name) {
        int end = 0;
        int bytes = 0;
        while (end < name.length()) {
            String character = Character.toString(name.codePointAt(end));
            bytes += character.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > NAME_BYTES) {
                return name.substring(0, end);
            }
            end += character.length();
        }
        return name;
    }
}
