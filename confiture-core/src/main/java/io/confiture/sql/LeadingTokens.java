package io.confiture.sql;

import java.util.Arrays;

/** The first tokens of the statement being read, as ranges of the input's kept bytes. */
final class LeadingTokens {
    private static final int ENOUGH_TO_CLASSIFY = 40;

    private final ScriptInput input;
    /** Begin and end of each token, relative to the statement. */
    private int[] ranges = new int[16];

    private final long start;
    private int count;
    private int wanted = ENOUGH_TO_CLASSIFY;

    LeadingTokens(ScriptInput input, long start) {
        this.input = input;
        this.start = start;
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

    /** Takes every token of a statement that is about to be read. */
    void takeAll() {
        wanted = Integer.MAX_VALUE;
    }

    /** Where a token begins: bytes from the start of the statement. */
    int begin(int index) {
        return ranges[2 * index];
    }

    /** Where a token ends: bytes from the start of the statement. */
    int end(int index) {
        return ranges[2 * index + 1];
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
