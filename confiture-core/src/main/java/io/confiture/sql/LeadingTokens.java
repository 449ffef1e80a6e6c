package io.confiture.sql;

import java.util.Arrays;

/** The first tokens of the statement being read, as ranges of the input's kept bytes. */
final class LeadingTokens {
    private static final int ENOUGH_TO_CLASSIFY = 40;

    private final ScriptInput input;
    /** Begin and end of each token, relative to the statement. */
    private int[] ranges = new int[2 * ENOUGH_TO_CLASSIFY];

    private long start;
    private int count;
    private int wanted;

    LeadingTokens(ScriptInput input) {
        this.input = input;
    }

    void clear(long start) {
        this.start = start;
        this.count = 0;
        this.wanted = ENOUGH_TO_CLASSIFY;
    }

    void add(long begin, long end) {
        if (count == wanted) {
            return;
        }
        if (2 * count == ranges.length) {
            ranges = Arrays.copyOf(ranges, 2 * ranges.length);
        }
        ranges[2 * count] = (int) (begin - start);
        ranges[2 * count + 1] = (int) (end - start);
        count++;
    }

    /** Takes so many more, however far into the statement. */
    void takeNext(int more) {
        wanted = Math.max(wanted, count + more);
    }

    int count() {
        return count;
    }

    Token get(int index) {
        if (index >= count) {
            return new Token("");
        }
        return new Token(input.token(start + ranges[2 * index], start + ranges[2 * index + 1]));
    }
}
