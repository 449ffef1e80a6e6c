package io.confiture.migrate;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of a migration's up part, in lower-case hexadecimal.
 *
 * @param normalized without a byte order mark and with LF for CRLF: what the ledger keeps
 * @param raw of the bytes as they are: what the original Confiture kept
 */
record Checksum(String normalized, String raw) {
    private static final int BUFFER = 64 * 1024;

    /** Whether the ledger's value is of this text, in either form. */
    boolean matches(String stored) {
        return normalized.equals(stored) || raw.equals(stored);
    }

    /** Reads {@code length} bytes after skipping {@code from}; a negative length reads to the end. */
    static Checksum of(InputStream in, long from, long length) throws IOException {
        in.skipNBytes(from);
        MessageDigest normalized = sha256();
        MessageDigest raw = sha256();
        boolean differs = false;
        byte[] buffer = new byte[BUFFER];
        long left = length < 0 ? Long.MAX_VALUE : length;
        boolean heldCarriageReturn = false;
        boolean first = from == 0;
        int read;
        while (left > 0 && (read = in.readNBytes(buffer, 0, (int) Math.min(BUFFER, left))) > 0) {
            left -= read;
            raw.update(buffer, 0, read);
            int start = 0;
            if (first
                    && read >= 3
                    && buffer[0] == (byte) 0xEF
                    && buffer[1] == (byte) 0xBB
                    && buffer[2] == (byte) 0xBF) {
                start = 3;
                differs = true;
            }
            first = false;
            if (heldCarriageReturn && buffer[start] != '\n') {
                normalized.update((byte) '\r');
            }
            heldCarriageReturn = false;
            for (int i = start; i < read; i++) {
                if (buffer[i] == '\r') {
                    normalized.update(buffer, start, i - start);
                    start = i + 1;
                    if (start == read) {
                        heldCarriageReturn = true;
                    } else if (buffer[start] == '\n') {
                        differs = true;
                    } else {
                        normalized.update((byte) '\r');
                    }
                }
            }
            normalized.update(buffer, start, read - start);
            differs |= heldCarriageReturn;
        }
        if (heldCarriageReturn) {
            normalized.update((byte) '\r');
        }
        String rawHash = HexFormat.of().formatHex(raw.digest());
        return new Checksum(differs ? HexFormat.of().formatHex(normalized.digest()) : rawHash, rawHash);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
