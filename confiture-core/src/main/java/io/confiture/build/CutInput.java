package io.confiture.build;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A text with ranges taken out, in which whatever remains keeps its line and column: a space stands for each character that
 * is gone.
 */
final class CutInput extends FilterInputStream {
    private final List<Cut> cuts;
    private int next;
    private long offset;

    /** Bytes of a text from an offset up to another, exclusively. */
    record Cut(long from, long to) {}

    /** @param cuts in order, apart from each other */
    CutInput(InputStream in, List<Cut> cuts) {
        super(in);
        this.cuts = cuts;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int at, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int kept = 0;
        while (kept == 0) {
            int count = super.read(target, at, length);
            if (count < 0) {
                return -1;
            }
            kept = cut(target, at, count);
        }
        return kept;
    }

    private int cut(byte[] bytes, int at, int count) {
        int to = at;
        for (int i = at; i < at + count; i++, offset++) {
            byte b = bytes[i];
            while (next < cuts.size() && cuts.get(next).to() <= offset) {
                next++;
            }
            boolean within = next < cuts.size() && cuts.get(next).from() <= offset;
            if (!within || b == '\n') {
                bytes[to++] = b;
            } else if ((b & 0xC0) != 0x80) {
                bytes[to++] = ' ';
            }
        }
        return to - at;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = 0;
        while (skipped < count && read() >= 0) {
            skipped++;
        }
        return skipped;
    }
}
