package io.confiture.sql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Where placeholders begin in the statement that is being scanned, where anybody wants to know. */
final class PlaceholderPlaces {
    private final boolean wanted;
    private final List<Replacement.Place> places = new ArrayList<>();

    PlaceholderPlaces(boolean wanted) {
        this.wanted = wanted;
    }

    boolean wanted() {
        return wanted;
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    /** In their order. */
    List<Replacement.Place> all() {
        return places;
    }

    void clear() {
        places.clear();
    }

    /**
     * Notes the one that a dollar sign may begin.
     *
     * @param next the byte behind it
     */
    void atDollar(long offset, int next) {
        if (wanted && next == '{') {
            places.add(new Replacement.Place(offset, false));
        }
    }

    /** Notes those in a quoted name that begins at an offset. */
    void within(String name, long offset) {
        int passed = 0;
        long at = offset;
        for (int found = name.indexOf("${"); found >= 0; found = name.indexOf("${", found + 1)) {
            at += name.substring(passed, found).getBytes(StandardCharsets.UTF_8).length;
            passed = found;
            places.add(new Replacement.Place(at, true));
        }
    }
}
