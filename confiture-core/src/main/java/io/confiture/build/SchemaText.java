package io.confiture.build;

import io.confiture.config.Config;
import io.confiture.config.Separators;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.sql.ScriptReader;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Puts the texts of files together, so that each begins on a line of its own, behind a finished statement. */
final class SchemaText {
    /** What the first line of every output is, so that a file is known to be one. */
    static final String FIRST_LINE = "-- Schema built by Confiture: change its sources, not this file";

    private static final byte[] OUTPUT = FIRST_LINE.getBytes(StandardCharsets.UTF_8);
    private static final byte[] SEMICOLON = {';', '\n'};

    private final Separator separator;
    private final boolean custom;
    private final String environment;
    private final byte[] buffer = new byte[64 * 1024];

    SchemaText(Config config) {
        this.separator = new Separator(config.build().separators());
        this.custom = config.build().separators().style() == Separators.Style.CUSTOM;
        this.environment = config.environment();
    }

    /** What stands above all files. It tells no time: the same sources give the same text. */
    byte[] header(int files, String hash) {
        return (FIRST_LINE + "\n-- Environment: " + Separator.harmless(environment) + "\n-- Files: " + files
                        + "\n-- Hash of the sources: sha256:" + hash + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Writes the texts of files, each behind its separator.
     *
     * @param hash takes those that {@code hashed} holds of
     * @throws SchemaException if a file cannot be read or is not UTF-8
     * @throws io.confiture.error.SqlScriptException if a file ends within a literal, a comment or the rows of a COPY
     */
    void write(List<SchemaFile> files, SchemaHash hash, Predicate<SchemaFile> hashed, OutputStream out)
            throws IOException {
        try (ReadAhead ahead = new ReadAhead(files)) {
            for (SchemaFile file : files) {
                write(file, ahead, hashed.test(file) ? hash : null, out);
            }
        }
    }

    private void write(SchemaFile file, ReadAhead ahead, @Nullable SchemaHash hash, OutputStream out)
            throws IOException {
        out.write('\n');
        out.write(separator(file));
        Copy copy = new Copy(file, hash, out);
        try (InputStream in = opened(file, ahead)) {
            int count = in.readNBytes(buffer, 0, buffer.length);
            requireSource(file, count);
            copy.take(buffer, count);
            boolean finished = count < buffer.length
                    ? endsFinished(ScriptReader.openForPsql(file.location(), buffer, count))
                    : endsFinished(ScriptReader.openForPsql(
                            file.location(),
                            new SequenceInputStream(new ByteArrayInputStream(buffer), new Copying(in, copy))));
            copy.end(finished);
        }
    }

    private byte[] separator(SchemaFile file) {
        byte[] text = separator.of(file.name()).getBytes(StandardCharsets.UTF_8);
        if (custom) {
            try (ScriptReader reader = ScriptReader.openForPsql("the separator of " + file.name(), text, text.length)) {
                if (reader.next() != null) {
                    throw new ConfigurationException(
                            ErrorCode.INVALID_CONFIGURATION,
                            "The template of the separators gives a statement for " + file.name()
                                    + ". Nothing was built",
                            "A separator is a comment: write \"-- {file_path}\", for example.");
                }
            }
        }
        return text;
    }

    /** Where the output of a build lies among the sources, each build would hold the one before. */
    private void requireSource(SchemaFile file, int count) {
        if (count >= OUTPUT.length && Arrays.equals(buffer, 0, OUTPUT.length, OUTPUT, 0, OUTPUT.length)) {
            throw new SchemaException(
                    ErrorCode.SCHEMA_INVALID,
                    file.location() + " is the output of a build, and lies among the sources. Nothing was built",
                    "Remove it, and write the output to another folder.");
        }
    }

    private static InputStream opened(SchemaFile file, ReadAhead ahead) {
        try {
            return ahead.next();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static boolean endsFinished(ScriptReader reader) {
        try (reader) {
            return reader.endsFinished();
        }
    }

    static SchemaException unreadable(SchemaFile file, IOException e) {
        return unreadable(file, e, "Nothing was built");
    }

    /** @param state what was done, as a sentence without its full stop */
    static SchemaException unreadable(SchemaFile file, IOException e, String state) {
        return new SchemaException(
                ErrorCode.SCHEMA_INVALID,
                file.location() + " cannot be read: " + e.getMessage() + ". " + state,
                "Check that the file exists and may be read.",
                e);
    }

    /** One file's way into the output. */
    private static final class Copy {
        private final SchemaFile file;
        private final @Nullable SchemaHash hash;
        private final OutputStream out;
        private final Utf8 utf8 = new Utf8();
        private byte last = '\n';

        Copy(SchemaFile file, @Nullable SchemaHash hash, OutputStream out) {
            this.file = file;
            this.hash = hash;
            this.out = out;
            if (hash != null) {
                hash.begin(file);
            }
        }

        void take(byte[] bytes, int count) throws IOException {
            if (count <= 0) {
                return;
            }
            requireUtf8(utf8.lineOfWrongByte(bytes, count));
            if (hash != null) {
                hash.text(bytes, count);
            }
            out.write(bytes, 0, count);
            last = bytes[count - 1];
        }

        void end(boolean finished) throws IOException {
            requireUtf8(utf8.lineOfOpenCharacter());
            if (hash != null) {
                hash.end();
            }
            if (last != '\n') {
                out.write('\n');
            }
            if (!finished) {
                out.write(SEMICOLON);
            }
        }

        private void requireUtf8(int lineOfWrongByte) {
            if (lineOfWrongByte > 0) {
                throw new SchemaException(
                        ErrorCode.SCHEMA_INVALID,
                        file.location() + ":" + lineOfWrongByte + ": a byte that is no UTF-8 text. Nothing was built",
                        "Save the file in UTF-8.");
            }
        }
    }

    /** Hands on what is read of a file that is too large to be kept. */
    private static final class Copying extends FilterInputStream {
        private final Copy copy;
        private byte[] handedOn = new byte[0];

        Copying(InputStream in, Copy copy) {
            super(in);
            this.copy = copy;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (handedOn.length < length) {
                handedOn = new byte[length];
            }
            int count = in.read(handedOn, 0, length);
            copy.take(handedOn, count);
            System.arraycopy(handedOn, 0, target, offset, Math.max(0, count));
            return count;
        }
    }
}
