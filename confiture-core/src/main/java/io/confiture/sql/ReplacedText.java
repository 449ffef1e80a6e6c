package io.confiture.sql;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A statement with values in the place of its placeholders.
 *
 * @param sent the text for the server
 * @param parts what was replaced, in order
 * @param structure what the tokens of {@code sent} say
 */
record ReplacedText(String sent, List<Part> parts, StatementStructure structure) {
    private static final Pattern WORDS = Pattern.compile("[\\p{L}\\p{N}_]+");

    /**
     * One placeholder. Lengths and places count characters (code points) from 0.
     *
     * @param at in the script's text
     * @param length in the script's text, braces included
     * @param sentAt in the text for the server
     * @param sentLength in the text for the server
     */
    record Part(PlaceholderValue value, int at, int length, int sentAt, int sentLength) {}

    /** The 1-based position in the script's text of one in what was sent; a value stands where its placeholder begins. */
    int sourcePosition(int sentPosition) {
        int shift = 0;
        for (Part part : parts) {
            int within = sentPosition - 1 - part.sentAt();
            if (within < 0) {
                break;
            }
            if (within < part.sentLength()) {
                return part.at() + 1;
            }
            shift = part.at() + part.length() - part.sentAt() - part.sentLength();
        }
        return sentPosition + shift;
    }

    /** A text of the server with the values, and the words they are made of, as <code>${name}</code> again. */
    String withoutValues(String text) {
        Map<String, String> shown = new HashMap<>();
        for (Part part : parts) {
            String placeholder = Matcher.quoteReplacement("${" + part.value().name() + "}");
            Matcher words = WORDS.matcher(part.value().text());
            while (words.find()) {
                shown.putIfAbsent(folded(words.group()), placeholder);
            }
            shown.put(folded(part.value().text()), placeholder);
        }
        String longestFirst = shown.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        // Not where it is a part of a longer word. In any case, since the server folds names.
        return Pattern.compile("(?iu)(?<![\\p{L}\\p{N}_])(?:" + longestFirst + ")(?![\\p{L}\\p{N}_])")
                .matcher(text)
                .replaceAll(found -> shown.getOrDefault(folded(found.group()), "\\${…}"));
    }

    private static String folded(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
