package io.confiture.build;

import java.io.IOException;
import java.io.InputStream;

/** The text of a file, the same however it was checked out: no byte order mark, and a line feed where CR and LF stood. */
final class CanonicalInput extends InputStream {
    private final InputStream in;
    private boolean begun;
    /** What was read ahead of its turn. */
    private final byte[] ahead = new byte[3];

    private int aheadFrom;
    private int aheadTo;

    CanonicalInput(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!begun) {
            begun = true;
            aheadTo = in.readNBytes(ahead, 0, 3);
            if (aheadTo == 3 && ahead[0] == (byte) 0xEF && ahead[1] == (byte) 0xBB && ahead[2] == (byte) 0xBF) {
                aheadTo = 0;
            }
        }
        int count = raw(target, offset, length);
        return count < 0 ? -1 : withoutCarriageReturns(target, offset, count);
    }

    private int raw(byte[] target, int offset, int length) throws IOException {
        int waiting = Math.min(length, aheadTo - aheadFrom);
        if (waiting == 0) {
            return in.read(target, offset, length);
        }
        System.arraycopy(ahead, aheadFrom, target, offset, waiting);
        aheadFrom += waiting;
        if (waiting == length) {
            return waiting;
        }
        return waiting + Math.max(0, in.read(target, offset + waiting, length - waiting));
    }

    /** Never nothing: a carriage return at the end is one that no line feed follows, or the line feed itself is read. */
    private int withoutCarriageReturns(byte[] target, int offset, int count) throws IOException {
        int end = offset + count;
        int from = offset;
        while (from < end && target[from] != '\r') {
            from++;
        }
        int to = from;
        for (int i = from; i < end; i++) {
            byte b = target[i];
            if (b == '\r' && (i + 1 < end ? target[i + 1] : next()) == '\n') {
                if (i + 1 < end) {
                    continue;
                }
                aheadFrom++;
                b = '\n';
            }
            target[to++] = b;
        }
        return to - offset;
    }

    /** The byte behind those handed out, which stays unread. */
    private int next() throws IOException {
        if (aheadFrom == aheadTo) {
            aheadFrom = 0;
            aheadTo = Math.max(0, in.readNBytes(ahead, 0, 1));
        }
        return aheadFrom < aheadTo ? ahead[aheadFrom] : -1;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
