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
            if (length >= ahead.length) {
                return first(target, offset, length);
            }
            aheadTo = in.readNBytes(ahead, 0, ahead.length);
            if (aheadTo == ahead.length && isByteOrderMark(ahead, 0)) {
                aheadTo = 0;
            }
        }
        int count = raw(target, offset, length);
        return count < 0 ? -1 : withoutCarriageReturns(target, offset, count);
    }

    /** Reads no byte ahead of the others: most files are read at once, and every call of the system counts. */
    private int first(byte[] target, int offset, int length) throws IOException {
        int count = Math.max(0, in.read(target, offset, length));
        while (count > 0 && count < ahead.length) {
            int more = in.read(target, offset + count, length - count);
            if (more < 0) {
                break;
            }
            count += more;
        }
        if (count >= ahead.length && isByteOrderMark(target, offset)) {
            count -= ahead.length;
            System.arraycopy(target, offset + ahead.length, target, offset, count);
        }
        return count == 0 ? read(target, offset, length) : withoutCarriageReturns(target, offset, count);
    }

    private static boolean isByteOrderMark(byte[] bytes, int at) {
        return bytes[at] == (byte) 0xEF && bytes[at + 1] == (byte) 0xBB && bytes[at + 2] == (byte) 0xBF;
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
