package io.confiture.build;

import io.confiture.sql.InsertRows;
import io.confiture.sql.InsertValue;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The rows of INSERTs as COPY wants them, made as they are read: a line for each row, in their order. */
final class CopyRows extends InputStream {
    private static final int CHUNK = 32 * 1024;

    private final List<InsertRows> inserts;
    private int insert;
    private int row;
    private byte[] chunk = new byte[0];
    private int at;

    CopyRows(List<InsertRows> inserts) {
        this.inserts = inserts;
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
        if (at == chunk.length && !fill()) {
            return -1;
        }
        int count = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, target, offset, count);
        at += count;
        return count;
    }

    private boolean fill() {
        StringBuilder lines = new StringBuilder();
        while (insert < inserts.size() && lines.length() < CHUNK) {
            InsertRows current = inserts.get(insert);
            append(lines, current.row(row));
            row++;
            if (row == current.count()) {
                insert++;
                row = 0;
            }
        }
        chunk = lines.toString().getBytes(StandardCharsets.UTF_8);
        at = 0;
        return chunk.length > 0;
    }

    private static void append(StringBuilder line, List<InsertValue> values) {
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                line.append('\t');
            }
            InsertValue value = values.get(i);
            if (value.kind() == InsertValue.Kind.NULL) {
                line.append("\\N");
            } else {
                escape(line, value.text());
            }
        }
        line.append('\n');
    }

    private static void escape(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> line.append(c);
            }
        }
    }
}
