package io.confiture.config;

import org.jspecify.annotations.Nullable;

/**
 * What stands between two files of a built schema.
 *
 * @param template text with {@code {file_path}}; null unless the style is {@link Style#CUSTOM}
 * @since 0.1.0
 */
public record Separators(Style style, @Nullable String template) {

    public static final Separators BLOCK_COMMENT = new Separators(Style.BLOCK_COMMENT, null);
    public static final Separators LINE_COMMENT = new Separators(Style.LINE_COMMENT, null);

    /** How a separator is written. */
    public enum Style {
        BLOCK_COMMENT,
        LINE_COMMENT,
        CUSTOM
    }
}
