package io.confiture.resource;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of relative paths, matched name by name: {@code *} and {@code ?} stay within a name, <code>{a,b}</code> is either,
 * {@code **} is any number of folders, none included. Upper and lower case differ on every system. Immutable.
 *
 * @since 0.1.0
 */
public final class Glob {
    private final List<String[]> alternatives;
    /** What every match ends with, where the pattern is that simple; else empty. */
    private final String anythingEndingIn;

    private Glob(String pattern) {
        this.alternatives =
                expanded(pattern).stream().map(each -> each.split("/", -1)).toList();
        String ending = pattern.startsWith("**/*.") ? pattern.substring(4) : "";
        boolean plain = ending.chars().noneMatch(c -> "*?{}/".indexOf(c) >= 0);
        this.anythingEndingIn = plain ? ending : "";
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if a brace is not closed or the pattern is empty
     */
    public static Glob of(String pattern) {
        if (pattern.isEmpty()) {
            throw new IllegalArgumentException("an empty pattern");
        }
        return new Glob(pattern);
    }

    /** Whether a path with {@code /} between its names matches. */
    public boolean matches(String path) {
        if (!anythingEndingIn.isEmpty()) {
            return path.endsWith(anythingEndingIn);
        }
        String[] names = path.split("/", -1);
        for (String[] pattern : alternatives) {
            if (matches(pattern, 0, names, 0)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> expanded(String pattern) {
        int open = pattern.indexOf('{');
        if (open < 0) {
            if (pattern.indexOf('}') >= 0) {
                throw new IllegalArgumentException("} without { in the pattern " + pattern);
            }
            return List.of(pattern);
        }
        int depth = 0;
        int from = open + 1;
        List<String> choices = new ArrayList<>();
        for (int i = open; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0 || depth == 1 && c == ',') {
                choices.add(pattern.substring(from, i));
                from = i + 1;
            }
            if (depth == 0) {
                List<String> all = new ArrayList<>();
                for (String choice : choices) {
                    all.addAll(expanded(pattern.substring(0, open) + choice + pattern.substring(i + 1)));
                }
                return all;
            }
        }
        throw new IllegalArgumentException("{ without } in the pattern " + pattern);
    }

    private static boolean matches(String[] pattern, int at, String[] names, int name) {
        if (at == pattern.length) {
            return name == names.length;
        }
        if (pattern[at].equals("**")) {
            for (int skipped = name; skipped <= names.length; skipped++) {
                if (matches(pattern, at + 1, names, skipped)) {
                    return true;
                }
            }
            return false;
        }
        return name < names.length && matches(pattern[at], names[name]) && matches(pattern, at + 1, names, name + 1);
    }

    /** Goes back to the last star only, which is enough and keeps the time bounded. */
    private static boolean matches(String pattern, String name) {
        int at = 0;
        int star = -1;
        int starredTo = 0;
        int i = 0;
        while (i < name.length()) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                starredTo = i;
            } else if (at < pattern.length() && (pattern.charAt(at) == '?' || pattern.charAt(at) == name.charAt(i))) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++starredTo;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}
