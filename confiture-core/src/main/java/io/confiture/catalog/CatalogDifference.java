package io.confiture.catalog;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One difference between two catalogs. What is wholly there or wholly missing is one difference, whatever it consists of.
 *
 * @param kind what has become of it
 * @param id what it is about
 * @param property what of it has changed; null unless {@link Kind#CHANGED}
 * @param from the value in the expected catalog, null if it has none there
 * @param to the value in the other, null if it has none there
 * @since 0.1.0
 */
public record CatalogDifference(
        Kind kind,
        FactId id,
        @Nullable String property,
        @Nullable String from,
        @Nullable String to) {
    private static final int LONGEST = 120;

    /**
     * What has become of something that was expected.
     *
     * @since 0.1.0
     */
    public enum Kind {
        /** It is there and was not expected. */
        ADDED,
        /** It was expected and is not there. */
        REMOVED,
        /** One of its properties has another value. */
        CHANGED
    }

    /** What the object is, such as {@code materialized view}. */
    public String objectType() {
        return id.kind().label();
    }

    /** For people, such as {@code table public.users: column email: type: text → varchar(100)}; one line. */
    @Override
    public String toString() {
        return switch (kind) {
            case ADDED -> id + ": added";
            case REMOVED -> id + ": removed";
            case CHANGED -> id + ": " + property + ": " + change();
        };
    }

    private String change() {
        if (from == null || to == null || !(isLong(from) || isLong(to))) {
            return shown(from) + " → " + shown(to);
        }
        String[] before = from.split("\n", -1);
        String[] after = to.split("\n", -1);
        int line = 0;
        while (line < before.length && line < after.length && before[line].equals(after[line])) {
            line++;
        }
        String where = before.length == 1 && after.length == 1 ? "" : "line " + (line + 1) + ": ";
        return where + excerpt(before, after, line) + " → " + excerpt(after, before, line);
    }

    private static boolean isLong(String value) {
        return value.length() > LONGEST || value.indexOf('\n') >= 0;
    }

    private static String shown(@Nullable String value) {
        if (value == null) {
            return "(none)";
        }
        return isLong(value) ? shortened(value.replaceAll("\\s*\n\\s*", " "), 0) : value;
    }

    /** The line, from shortly before it begins to differ. */
    private static String excerpt(String[] lines, String[] others, int line) {
        if (line >= lines.length) {
            return "(ends)";
        }
        String text = lines[line];
        String other = line < others.length ? others[line] : "";
        int same = 0;
        while (same < text.length() && same < other.length() && text.charAt(same) == other.charAt(same)) {
            same++;
        }
        return '"' + shortened(text, text.length() <= LONGEST ? 0 : Math.max(0, same - LONGEST / 4)) + '"';
    }

    private static String shortened(String text, int start) {
        int begin = start > 0 && Character.isLowSurrogate(text.charAt(start)) ? start - 1 : start;
        int end = Math.min(text.length(), begin + LONGEST);
        if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
            end--;
        }
        return (begin > 0 ? "…" : "") + text.substring(begin, end) + (end < text.length() ? "…" : "");
    }

    public CatalogDifference {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(id);
    }
}
