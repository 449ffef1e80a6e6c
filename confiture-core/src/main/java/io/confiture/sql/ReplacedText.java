package io.confiture.sql;

import java.util.List;

/**
 * A statement with values in the place of its placeholders.
 *
 * @param sent the text for the server
 * @param parts what was replaced, in order
 * @param structure what the tokens of {@code sent} say
 */
record ReplacedText(String sent, List<Part> parts, StatementStructure structure) {

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
}
