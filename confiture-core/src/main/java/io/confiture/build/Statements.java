package io.confiture.build;

import io.confiture.sql.SqlStatement;
import java.util.Locale;

/** What the text of a statement shows before its tokens are read. */
final class Statements {
    private Statements() {}

    /** The first word in lower case; empty if it begins with anything else. */
    static String firstWord(SqlStatement statement) {
        String text = statement.text();
        int end = 0;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end).toLowerCase(Locale.ROOT);
    }
}
