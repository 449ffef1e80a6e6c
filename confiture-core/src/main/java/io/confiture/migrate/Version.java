package io.confiture.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A version: numbers of any length separated by dots, compared number by number, so that {@code 9 < 10 < 20260101120000}
 * and {@code 001}, {@code 1} and {@code 1.0} are the same version.
 *
 * @param numbers without leading zeros and without zeros at the end
 */
record Version(List<String> numbers) implements Comparable<Version> {
    private static final Pattern FORM = Pattern.compile("\\d+(\\.\\d+)*");

    static Optional<Version> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        List<String> numbers = new ArrayList<>(1);
        for (int from = 0; from <= text.length(); ) {
            int dot = text.indexOf('.', from);
            int to = dot < 0 ? text.length() : dot;
            int digit = from;
            while (digit < to && text.charAt(digit) == '0') {
                digit++;
            }
            numbers.add(text.substring(digit, to));
            from = to + 1;
        }
        while (!numbers.isEmpty() && numbers.get(numbers.size() - 1).isEmpty()) {
            numbers.remove(numbers.size() - 1);
        }
        return Optional.of(new Version(List.copyOf(numbers)));
    }

    @Override
    public int compareTo(Version other) {
        int common = Math.min(numbers.size(), other.numbers.size());
        for (int i = 0; i < common; i++) {
            String mine = numbers.get(i);
            String theirs = other.numbers.get(i);
            int order = mine.length() == theirs.length()
                    ? mine.compareTo(theirs)
                    : Integer.compare(mine.length(), theirs.length());
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(numbers.size(), other.numbers.size());
    }
}
