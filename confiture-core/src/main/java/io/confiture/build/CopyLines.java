package io.confiture.build;

import io.confiture.sql.StatementTokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The rows of a COPY block as lines, some at a time. */
final class CopyLines {
    private static final int AT_ONCE = 4 * 1024 * 1024;

    private final InputStream data;
    private final byte[] buffer = new byte[64 * 1024];
    private int at;
    private int limit;

    CopyLines(InputStream data) {
        this.data = data;
    }

    /** Whether each line is a row: not with a header, quotes around line ends, or bytes that are no lines at all. */
    static boolean oneRowEach(StatementTokens copy) {
        for (int i = 0; i < copy.count(); i++) {
            String word = copy.raw(i).startsWith("'") ? copy.value(i) : copy.word(i);
            if (word.equalsIgnoreCase("csv") || word.equalsIgnoreCase("binary") || word.equals("header")) {
                return false;
            }
        }
        return true;
    }

    /** The next rows, each with its line end; empty at the end. */
    List<byte[]> next() throws IOException {
        List<byte[]> lines = new ArrayList<>();
        int length = 0;
        while (length < AT_ONCE) {
            byte[] line = line();
            if (line.length == 0) {
                break;
            }
            lines.add(line);
            length += line.length;
        }
        return lines;
    }

    private byte[] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean escaped = false;
        while (true) {
            if (at == limit) {
                at = 0;
                limit = Math.max(0, data.read(buffer, 0, buffer.length));
                if (limit == 0) {
                    return line.toByteArray();
                }
            }
            byte b = buffer[at++];
            line.write(b);
            if (b == '\n' && !escaped) {
                return line.toByteArray();
            }
            escaped = b == '\\' && !escaped;
        }
    }
}
