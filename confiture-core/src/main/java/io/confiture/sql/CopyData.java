package io.confiture.sql;

import io.confiture.error.ErrorCode;
import java.io.InputStream;

/** The rows below a {@code COPY … FROM STDIN}, up to the line that ends them, as they stand in the script. */
final class CopyData extends InputStream {
    private final ScriptInput in;
    private final SourcePosition statement;
    private boolean lineBegins = true;
    private boolean ended;

    /** @param statement where the COPY stands, blamed if its rows have no end */
    CopyData(ScriptInput in, SourcePosition statement) {
        this.in = in;
        this.statement = statement;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        int count = next(length);
        if (count == 0) {
            return -1;
        }
        in.take(target, offset, count);
        return count;
    }

    /** Moves the input behind the line that ends the rows. */
    void finish() {
        for (int count = next(Integer.MAX_VALUE); count > 0; count = next(Integer.MAX_VALUE)) {
            in.advance(count);
        }
    }

    /** How many bytes at the cursor are rows; 0 at their end, which is skipped. */
    private int next(int maximum) {
        if (ended) {
            return 0;
        }
        if (lineBegins && in.peek() == '\\' && in.peek(1) == '.') {
            int terminator = endOfLine(2);
            if (terminator > 0) {
                in.advance(terminator);
                ended = true;
                return 0;
            }
        }
        if (!in.has(1)) {
            throw in.error(
                    ErrorCode.SCRIPT_SYNTAX,
                    statement,
                    "a COPY … FROM STDIN whose rows never end",
                    "Put a line with \\. alone below the last row.");
        }
        int count = in.linesBeforeBackslash(maximum);
        lineBegins = in.peek(count - 1) == '\n';
        return count;
    }

    /** How long the line is if it ends behind so many bytes, else 0. */
    private int endOfLine(int length) {
        int carriageReturn = in.peek(length) == '\r' ? 1 : 0;
        return switch (in.peek(length + carriageReturn)) {
            case '\n' -> length + carriageReturn + 1;
            case -1 -> length + carriageReturn;
            default -> 0;
        };
    }
}
