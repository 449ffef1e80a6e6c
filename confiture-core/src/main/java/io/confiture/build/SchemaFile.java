package io.confiture.build;

import java.io.IOException;
import java.io.InputStream;

/**
 * A source of a schema. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class SchemaFile {

    /** Opens the bytes as they are stored. */
    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }

    private final String name;
    private final String location;
    private final boolean seed;
    private final Content content;

    SchemaFile(String name, String location, boolean seed, Content content) {
        this.name = name;
        this.location = location;
        this.seed = seed;
        this.content = content;
    }

    /** The path relative to the base directory, with {@code /}: the same on every machine, and part of the hash. */
    public String name() {
        return name;
    }

    /** The file as the user knows it, for messages. */
    public String location() {
        return location;
    }

    /** Whether it holds seed data rather than schema. */
    public boolean seed() {
        return seed;
    }

    /**
     * The text in UTF-8 as it is built, hashed and run: without byte order mark, each line ended by a line feed. Lines have
     * the numbers they have in the file. To be closed by the caller.
     *
     * @throws IOException if the file cannot be opened
     */
    public InputStream open() throws IOException {
        return new CanonicalInput(content.open());
    }

    /** Name and location. */
    @Override
    public String toString() {
        return name + " (" + location + ")";
    }
}
