package io.confiture.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The hash of sources: over each one's name, a zero byte, its text and another zero byte, in the order of the build. */
final class SchemaHash {
    private final MessageDigest digest;

    SchemaHash(HashAlgorithm algorithm) {
        try {
            this.digest = MessageDigest.getInstance(algorithm.javaName());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has " + algorithm.javaName(), e);
        }
    }

    static String of(List<SchemaFile> files, HashAlgorithm algorithm) {
        SchemaHash hash = new SchemaHash(algorithm);
        byte[] buffer = new byte[64 * 1024];
        try (ReadAhead ahead = new ReadAhead(files)) {
            for (SchemaFile file : files) {
                hash.begin(file);
                try (InputStream text = ahead.next()) {
                    for (int count = text.read(buffer); count >= 0; count = text.read(buffer)) {
                        hash.text(buffer, count);
                    }
                } catch (IOException e) {
                    throw SchemaText.unreadable(file, e);
                }
                hash.end();
            }
        }
        return hash.hex();
    }

    void begin(SchemaFile file) {
        digest.update(file.name().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    void text(byte[] bytes, int count) {
        digest.update(bytes, 0, count);
    }

    void end() {
        digest.update((byte) 0);
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
