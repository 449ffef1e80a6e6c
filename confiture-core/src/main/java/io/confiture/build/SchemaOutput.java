package io.confiture.build;

import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.resource.UnfinishedFile;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;

/**
 * The text of a schema, in memory or on its way out.
 *
 * @param sources all sources; what is hashed
 * @param hashSeeds whether seeds among them are
 * @param parts what the text is made of: sources, or what was made of them
 */
record SchemaOutput(SchemaText text, List<SchemaFile> sources, boolean hashSeeds, List<SchemaFile> parts) {

    String inMemory() {
        ByteArrayOutputStream body = new ByteArrayOutputStream(64 * 1024);
        try {
            String hash = isOnePass() ? writeAndHash(body) : hash();
            if (!isOnePass()) {
                text.write(parts, new SchemaHash(HashAlgorithm.SHA256), part -> false, body);
            }
            byte[] header = text.header(parts.size(), hash);
            byte[] bytes = new byte[header.length + body.size()];
            System.arraycopy(header, 0, bytes, 0, header.length);
            System.arraycopy(body.toByteArray(), 0, bytes, header.length, body.size());
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether what is written is what is hashed, so that each file is read once. */
    private boolean isOnePass() {
        return parts.equals(sources) || parts.equals(hashed(sources, hashSeeds));
    }

    private String writeAndHash(OutputStream out) throws IOException {
        SchemaHash hash = new SchemaHash(HashAlgorithm.SHA256);
        text.write(parts, hash, file -> hashSeeds || !file.seed(), out);
        return hash.hex();
    }

    private String hash() {
        return SchemaHash.of(hashed(sources, hashSeeds), HashAlgorithm.SHA256);
    }

    static List<SchemaFile> hashed(List<SchemaFile> files, boolean seeds) {
        return seeds ? files : files.stream().filter(file -> !file.seed()).toList();
    }

    /** Reads the sources twice, since the hash stands above them, and keeps none of them. */
    void to(OutputStream out) {
        String hash = hash();
        try {
            out.write(text.header(parts.size(), hash));
            if (isOnePass()) {
                requireUnchanged(hash, writeAndHash(out));
            } else {
                text.write(parts, new SchemaHash(HashAlgorithm.SHA256), part -> false, out);
                requireUnchanged(hash, hash());
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("The schema could not be written: " + e.getMessage(), e);
        }
    }

    private static void requireUnchanged(String before, String after) {
        if (!before.equals(after)) {
            throw new SchemaException(
                    ErrorCode.SCHEMA_INVALID,
                    "The sources of the schema were changed while they were read; what was written is of no use",
                    "Start again.");
        }
    }

    void to(Path path) {
        Path target = path.toAbsolutePath().normalize();
        try {
            requireOurs(target);
            Path folder = target.getParent();
            if (folder == null) {
                throw new IOException(target + " is a folder");
            }
            Files.createDirectories(folder);
            Path unfinished = UnfinishedFile.beside(target);
            try {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished), 64 * 1024)) {
                    to(out);
                }
                replace(unfinished, target);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The schema could not be written to " + path + ": " + e.getMessage(), e);
        }
    }

    private static void replace(Path unfinished, Path target) throws IOException {
        try {
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** A file of somebody's own is no output to replace: the path may be that of a source. */
    private static void requireOurs(Path target) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        byte[] expected = SchemaText.FIRST_LINE.getBytes(StandardCharsets.UTF_8);
        byte[] begin = new byte[0];
        if (Files.isRegularFile(target)) {
            try (InputStream in = Files.newInputStream(target)) {
                begin = in.readNBytes(expected.length);
            }
            if (begin.length == 0) {
                return;
            }
        }
        if (!Arrays.equals(begin, expected)) {
            throw new SchemaException(
                    ErrorCode.SCHEMA_INVALID,
                    target + " exists and was not built by Confiture. It stays as it is; nothing was built",
                    "Choose another path, or remove the file.");
        }
    }
}
