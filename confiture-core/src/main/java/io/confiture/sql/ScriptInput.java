package io.confiture.sql;

import io.confiture.error.ErrorCode;
import io.confiture.error.SqlScriptException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a script behind a cursor. What lies before the cursor is forgotten, except from an offset it was told to
 * keep; lines and columns are counted as bytes are forgotten or a place is asked for.
 */
final class ScriptInput implements Closeable {
    private static final int INITIAL_SIZE = 64 * 1024;
    /** The server takes no longer message. */
    private static final int MAXIMUM_SIZE = 1 << 30;

    private static final long NOTHING = Long.MAX_VALUE;

    private final String file;
    private final InputStream in;
    private byte[] buffer;
    private int cursor;
    private int limit;
    private boolean ended;
    /** The offset in the file of the buffer's first byte. */
    private long base;

    private long keptFrom = NOTHING;
    private SourcePosition counted;

    ScriptInput(String file, InputStream in) {
        this.file = file;
        this.in = in;
        this.buffer = new byte[INITIAL_SIZE];
        this.counted = new SourcePosition(1, 1, 0);
    }

    /** Reads the first bytes of an array, which nobody may change meanwhile. */
    ScriptInput(String file, byte[] bytes, int count) {
        this(file, bytes, count, new SourcePosition(1, 1, 0));
    }

    private ScriptInput(String file, byte[] bytes, SourcePosition start) {
        this(file, bytes, bytes.length, start);
    }

    private ScriptInput(String file, byte[] bytes, int count, SourcePosition start) {
        this.file = file;
        this.in = InputStream.nullInputStream();
        this.buffer = bytes;
        this.limit = count;
        this.ended = true;
        this.base = start.offset();
        this.counted = start;
    }

    /** Other bytes for a place in this script. */
    ScriptInput with(byte[] bytes, SourcePosition start) {
        return new ScriptInput(file, bytes, start);
    }

    /** Takes the rest of the current line, its end included, out of this input as one of its own. */
    ScriptInput restOfLine() {
        SourcePosition start = position();
        keepFrom(start.offset());
        if (skipTo('\n', '\n') >= 0) {
            advance(1);
        }
        byte[] line = Arrays.copyOfRange(buffer, (int) (start.offset() - base), cursor);
        release();
        return new ScriptInput(file, line, start);
    }

    /** The byte at the cursor, or -1 at the end. */
    int peek() {
        return cursor < limit || has(1) ? buffer[cursor] & 0xFF : -1;
    }

    /** The byte {@code ahead} bytes behind the cursor, or -1 behind the end. */
    int peek(int ahead) {
        return has(ahead + 1) ? buffer[cursor + ahead] & 0xFF : -1;
    }

    /** Whether so many bytes remain. */
    boolean has(int count) {
        return limit - cursor >= count || fill(count);
    }

    private boolean fill(int count) {
        try {
            while (!ended && limit - cursor < count) {
                if (limit == buffer.length) {
                    makeRoom();
                }
                int read = in.read(buffer, limit, buffer.length - limit);
                if (read < 0) {
                    ended = true;
                } else {
                    limit += read;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
        return limit - cursor >= count;
    }

    private void makeRoom() {
        long first = Math.min(keptFrom, offset());
        int forgotten = (int) (first - base);
        if (counted.offset() < first) {
            counted = place(counted, first);
        }
        byte[] target = buffer;
        if (forgotten < buffer.length / 2) {
            if (buffer.length >= MAXIMUM_SIZE) {
                throw error(ErrorCode.SCRIPT_SYNTAX, counted, "a statement of more than 1 GB", "Split the statement.");
            }
            target = new byte[Math.min(MAXIMUM_SIZE, buffer.length + buffer.length / 2)];
        }
        System.arraycopy(buffer, forgotten, target, 0, limit - forgotten);
        buffer = target;
        base = first;
        cursor -= forgotten;
        limit -= forgotten;
    }

    /** Moves on by bytes known to be there. */
    void advance(int count) {
        cursor += count;
    }

    /** The offset of the cursor in the file. */
    long offset() {
        return base + cursor;
    }

    /** Keeps the bytes from an offset on, until {@link #release()}. */
    void keepFrom(long offset) {
        keptFrom = offset;
    }

    void release() {
        keptFrom = NOTHING;
    }

    /** Moves to the next of two bytes and returns it, or to the end and returns -1. */
    int skipTo(char one, char other) {
        do {
            byte[] bytes = buffer;
            for (int i = cursor; i < limit; i++) {
                byte b = bytes[i];
                if (b == one || b == other) {
                    cursor = i;
                    return b;
                }
            }
            cursor = limit;
        } while (has(1));
        return -1;
    }

    /** Moves behind letters, digits, underscores, dollar signs and anything beyond ASCII. */
    void skipWord() {
        do {
            byte[] bytes = buffer;
            for (int i = cursor; i < limit; i++) {
                if (!isWordPart(bytes[i] & 0xFF)) {
                    cursor = i;
                    return;
                }
            }
            cursor = limit;
        } while (has(1));
    }

    static boolean isWordStart(int b) {
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'z' || b == '_' || b >= 0x80;
    }

    static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    static boolean isWordPart(int b) {
        return isWordStart(b) || isDigit(b) || b == '$';
    }

    /** Whether the bytes {@code ahead} bytes behind the cursor are this ASCII text, given in lower case, in any case. */
    boolean lookingAt(int ahead, String lower) {
        return has(ahead + lower.length()) && matches(cursor + ahead, lower);
    }

    /** Whether the bytes at the cursor are exactly these. */
    boolean lookingAt(byte[] expected) {
        return has(expected.length)
                && Arrays.equals(buffer, cursor, cursor + expected.length, expected, 0, expected.length);
    }

    /** Whether the kept bytes of a range are this ASCII word, given in lower case, in any case. */
    boolean is(long begin, long end, String lower) {
        return end - begin == lower.length() && matches((int) (begin - base), lower);
    }

    private boolean matches(int index, String lower) {
        for (int i = 0; i < lower.length(); i++) {
            int b = buffer[index + i];
            if (b >= 'A' && b <= 'Z') {
                b |= 0x20;
            }
            if (b != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * How many bytes can be handed on at once: those at hand, up to the end of a line behind which a backslash follows or
     * nothing is at hand.
     */
    int linesBeforeBackslash(int maximum) {
        int end = Math.min(limit, cursor + Math.min(maximum, limit - cursor));
        for (int i = cursor; i < end; i++) {
            if (buffer[i] == '\n' && (i + 1 == limit || buffer[i + 1] == '\\')) {
                return i + 1 - cursor;
            }
        }
        return end - cursor;
    }

    /** Moves bytes at hand from the cursor into an array. */
    void take(byte[] target, int offset, int count) {
        System.arraycopy(buffer, cursor, target, offset, count);
        cursor += count;
    }

    /** The place of the cursor. */
    SourcePosition position() {
        counted = place(counted, offset());
        return counted;
    }

    /** The place of an offset among the bytes at hand, counted from a place before it. */
    SourcePosition place(SourcePosition from, long offset) {
        int line = from.line();
        int column = from.column();
        byte[] bytes = buffer;
        int end = (int) (offset - base);
        for (int i = (int) (from.offset() - base); i < end; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                line++;
                column = 1;
            } else if ((b & 0xC0) != 0x80) {
                column++;
            }
        }
        return new SourcePosition(line, column, offset);
    }

    /** Skips a byte order mark at the start, which is no character of the first line. */
    void skipByteOrderMark() {
        if (peek() == 0xEF && peek(1) == 0xBB && peek(2) == 0xBF) {
            advance(3);
            counted = new SourcePosition(1, 1, 3);
        }
    }

    /** The kept bytes of a range as text, decoded strictly. */
    String text(SourcePosition from, long end) {
        int begin = (int) (from.offset() - base);
        int length = (int) (end - from.offset());
        String text = new String(buffer, begin, length, StandardCharsets.UTF_8);
        if (text.indexOf('\0') >= 0) {
            int nul = begin;
            while (buffer[nul] != 0) {
                nul++;
            }
            throw notText(place(from, base + nul), "a NUL byte");
        }
        if (text.indexOf('\uFFFD') >= 0) {
            requireWellFormed(from, begin, length);
        }
        return text;
    }

    /** The kept bytes of a range within a text that decodes. */
    String token(long begin, long end) {
        return new String(buffer, (int) (begin - base), (int) (end - begin), StandardCharsets.UTF_8);
    }

    private void requireWellFormed(SourcePosition from, int begin, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, begin, length);
        CharBuffer chunk = CharBuffer.allocate(4096);
        var decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result;
        do {
            chunk.clear();
            result = decoder.decode(bytes, chunk, true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw notText(place(from, base + bytes.position()), "bytes that are not UTF-8");
        }
    }

    private SqlScriptException notText(SourcePosition position, String what) {
        return error(ErrorCode.SCRIPT_SYNTAX, position, what, "Save the script in UTF-8.");
    }

    SqlScriptException error(ErrorCode code, SourcePosition position, String problem, String hint) {
        return new SqlScriptException(code, problem, hint, file, position.line(), position.column());
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close " + file, e);
        }
    }
}
