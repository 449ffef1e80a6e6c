package io.confiture.build;

import io.confiture.config.SortMode;
import java.util.Comparator;

/** Orders relative paths, a folder's name against a file's: no two paths are equal, and no machine's locale has a say. */
enum PathOrder implements Comparator<String> {
    /** By code point, with the slash before everything else, so that component is compared with component. */
    ALPHABETICAL {
        @Override
        int compareComponents(String one, int from, int to, String other, int otherFrom, int otherTo) {
            return byCodePoint(one, from, to, other, otherFrom, otherTo);
        }
    },
    NATURAL {
        @Override
        int compareComponents(String one, int from, int to, String other, int otherFrom, int otherTo) {
            int i = from;
            int j = otherFrom;
            while (i < to && j < otherTo) {
                int digits = digits(one, i, to);
                int otherDigits = digits(other, j, otherTo);
                if (digits > i && otherDigits > j) {
                    int order = byValue(one, i, digits, other, j, otherDigits);
                    if (order != 0) {
                        return order;
                    }
                    i = digits;
                    j = otherDigits;
                } else {
                    int character = one.codePointAt(i);
                    int otherCharacter = other.codePointAt(j);
                    if (character != otherCharacter) {
                        return Integer.compare(character, otherCharacter);
                    }
                    i += Character.charCount(character);
                    j += Character.charCount(otherCharacter);
                }
            }
            return Integer.compare(to - i, otherTo - j);
        }
    },
    HEX {
        @Override
        int compareComponents(String one, int from, int to, String other, int otherFrom, int otherTo) {
            int prefix = hexPrefix(one, from, to);
            int otherPrefix = hexPrefix(other, otherFrom, otherTo);
            if (prefix > from && otherPrefix > otherFrom) {
                int order = byValue(
                        one,
                        behind0x(one, from, prefix),
                        prefix,
                        other,
                        behind0x(other, otherFrom, otherPrefix),
                        otherPrefix);
                return order != 0 ? order : byCodePoint(one, prefix, to, other, otherPrefix, otherTo);
            }
            if (prefix > from || otherPrefix > otherFrom) {
                return prefix > from ? -1 : 1;
            }
            return byCodePoint(one, from, to, other, otherFrom, otherTo);
        }
    };

    static PathOrder of(SortMode mode) {
        return switch (mode) {
            case ALPHABETICAL -> ALPHABETICAL;
            case NATURAL -> NATURAL;
            case HEX -> HEX;
        };
    }

    /** Compares two names of one folder. */
    abstract int compareComponents(String one, int from, int to, String other, int otherFrom, int otherTo);

    @Override
    public int compare(String one, String other) {
        int from = 0;
        int otherFrom = 0;
        while (from <= one.length() && otherFrom <= other.length()) {
            int to = component(one, from);
            int otherTo = component(other, otherFrom);
            int order = compareComponents(one, from, to, other, otherFrom, otherTo);
            if (order != 0) {
                return order;
            }
            from = to + 1;
            otherFrom = otherTo + 1;
        }
        int depth = Boolean.compare(from <= one.length(), otherFrom <= other.length());
        return depth != 0 ? depth : byCodePoint(one, 0, one.length(), other, 0, other.length());
    }

    private static int component(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }

    static int byCodePoint(String one, int from, int to, String other, int otherFrom, int otherTo) {
        int i = from;
        int j = otherFrom;
        while (i < to && j < otherTo) {
            char c = one.charAt(i);
            char d = other.charAt(j);
            if (c != d) {
                // As UTF-16 units a character beyond the 16 bits would come before some within them.
                return Character.isSurrogate(c) != Character.isSurrogate(d)
                        ? Boolean.compare(Character.isSurrogate(c), Character.isSurrogate(d))
                        : Character.compare(c, d);
            }
            i++;
            j++;
        }
        return Integer.compare(to - i, otherTo - j);
    }

    private static int digits(String text, int from, int to) {
        int end = from;
        while (end < to && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    /** Compares digits of one base by their value, however many there are. */
    private static int byValue(String one, int from, int to, String other, int otherFrom, int otherTo) {
        int i = from;
        int j = otherFrom;
        while (i < to && one.charAt(i) == '0') {
            i++;
        }
        while (j < otherTo && other.charAt(j) == '0') {
            j++;
        }
        if (to - i != otherTo - j) {
            return Integer.compare(to - i, otherTo - j);
        }
        while (i < to) {
            int order = Integer.compare(Character.digit(one.charAt(i++), 16), Character.digit(other.charAt(j++), 16));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /**
     * Where the underscore behind a hexadecimal prefix stands; {@code from} if there is none. Without {@code 0x} a small
     * letter is no digit, or {@code add_users.sql} would begin with one.
     */
    private static int hexPrefix(String text, int from, int to) {
        int begin = behind0x(text, from, to);
        int at = begin;
        while (at < to && isHexDigit(text.charAt(at), begin > from)) {
            at++;
        }
        return at > begin && at < to && text.charAt(at) == '_' ? at : from;
    }

    private static int behind0x(String text, int from, int to) {
        boolean marked = to - from > 2 && text.charAt(from) == '0' && (text.charAt(from + 1) | 0x20) == 'x';
        return marked ? from + 2 : from;
    }

    private static boolean isHexDigit(char c, boolean smallLetters) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'F' || smallLetters && c >= 'a' && c <= 'f';
    }
}
