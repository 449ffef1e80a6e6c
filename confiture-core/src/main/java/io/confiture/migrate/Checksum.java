package io.confiture.migrate;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of a migration's up part, in lower-case hexadecimal.
 *
 * @param normalized without a byte order mark and with LF for CRLF: what the ledger keeps
 * @param raw of the bytes as they are: what the original Confiture kept
 */
record Checksum(String normalized, String raw) {
    /** Holds a usual migration whole; asking how long it is would cost more than the room. */
    private static final int BUFFER = 8 * 1024;

    /** Whether the ledger's value is of this text, in either form. */
    boolean matches(String stored) {
        return normalized.equals(stored) || raw.equals(stored);
    }

    /** Reads {@code length} bytes after skipping {@code from}; a negative length reads to the end. */
    static Checksum of(InputStream in, long from, long length) throws IOException {
        in.skipNBytes(from);
        Normalizer normalizer = new Normalizer();
        MessageDigest raw = sha256();
        byte[] buffer = new byte[BUFFER];
        long left = length < 0 ? Long.MAX_VALUE : length;
        boolean first = from == 0;
        while (left > 0) {
            int wanted = (int) Math.min(BUFFER, left);
            int read = in.readNBytes(buffer, 0, wanted);
            normalizer.update(buffer, read, first, raw);
            raw.update(buffer, 0, read);
            first = false;
            left = read < wanted ? 0 : left - read;
        }
        String normalized = normalizer.digest();
        String rawHash = HexFormat.of().formatHex(raw.digest());
        return new Checksum(normalized == null ? rawHash : normalized, rawHash);
    }

    /** Digests the text without byte order mark and carriage returns; does nothing while the text has neither. */
    private static final class Normalizer {
        private @Nullable MessageDigest digest;
        private boolean heldCarriageReturn;

        void update(byte[] buffer, int length, boolean first, MessageDigest rawSoFar) {
            if (length == 0) {
                return;
            }
            boolean mark = first && length >= 3 && isByteOrderMark(buffer);
            if (digest == null && (mark || contains(buffer, length, '\r'))) {
                digest = copy(rawSoFar);
            }
            if (digest == null) {
                return;
            }
            int start = mark ? 3 : 0;
            if (heldCarriageReturn && length > start && buffer[start] != '\n') {
                digest.update((byte) '\r');
            }
            heldCarriageReturn = false;
            for (int i = start; i < length; i++) {
                if (buffer[i] == '\r') {
                    digest.update(buffer, start, i - start);
                    start = i + 1;
                    if (start == length) {
                        heldCarriageReturn = true;
                    } else if (buffer[start] != '\n') {
                        digest.update((byte) '\r');
                    }
                }
            }
            digest.update(buffer, start, length - start);
        }

        @Nullable
        String digest() {
            if (digest == null) {
                return null;
            }
            if (heldCarriageReturn) {
                digest.update((byte) '\r');
            }
            return HexFormat.of().formatHex(digest.digest());
        }

        private static boolean isByteOrderMark(byte[] buffer) {
            return buffer[0] == (byte) 0xEF && buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF;
        }

        private static boolean contains(byte[] buffer, int length, char wanted) {
            for (int i = 0; i < length; i++) {
                if (buffer[i] == wanted) {
                    return true;
                }
            }
            return false;
        }

        private static MessageDigest copy(MessageDigest digest) {
            try {
                return (MessageDigest) digest.clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("SHA-256 of this JVM cannot be copied", e);
            }
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
