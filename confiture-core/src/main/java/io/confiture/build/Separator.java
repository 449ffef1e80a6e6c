package io.confiture.build;

import io.confiture.config.Separators;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.util.Objects;

/** The line that names a file in front of its text. No file name can end the comment that it stands in. */
final class Separator {
    private static final String PLACEHOLDER = "{file_path}";

    private final String before;
    private final String after;
    private final boolean lineComment;

    Separator(Separators separators) {
        switch (separators.style()) {
            case BLOCK_COMMENT -> {
                before = "/* File: ";
                after = " */\n";
                lineComment = false;
            }
            case LINE_COMMENT -> {
                before = "-- File: ";
                after = "\n";
                lineComment = true;
            }
            default -> {
                String template = Objects.requireNonNullElse(separators.template(), "")
                        .replace("\r\n", "\n")
                        .replace("\r", "\n");
                int at = template.indexOf(PLACEHOLDER);
                if (at < 0) {
                    throw new ConfigurationException(
                            ErrorCode.INVALID_CONFIGURATION,
                            "The template of the separators has no " + PLACEHOLDER,
                            "Write a comment such as \"-- " + PLACEHOLDER + "\".");
                }
                before = template.substring(0, at);
                after = template.substring(at + PLACEHOLDER.length()) + "\n";
                lineComment = false;
            }
        }
    }

    /** What stands in front of a file's text, ended by a line feed. */
    String of(String file) {
        String name = harmless(file);
        return lineComment ? before + name + after : before + name + after.replace(PLACEHOLDER, name);
    }

    /** A name on one line that neither opens nor closes a comment. */
    static String harmless(String name) {
        StringBuilder text = new StringBuilder(name.length());
        char previous = ' ';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c == 0x7F || c == '\u0085' || c == '\u2028' || c == '\u2029') {
                c = '?';
            }
            if (previous == '*' && c == '/' || previous == '/' && c == '*') {
                text.append(' ');
            }
            text.append(c);
            previous = c;
        }
        return text.toString();
    }
}
