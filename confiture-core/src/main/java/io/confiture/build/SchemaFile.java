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

    /** A place in a file that the user knows, from 1. */
    record Place(String file, int line, int column) {}

    /** Where a place of the text stands. */
    @FunctionalInterface
    interface Origin {
        Place of(int line, int column);
    }

    private final String name;
    private final String location;
    private final boolean seed;
    private final Content content;
    private final Origin origin;
    private final String seedKey;
    private final boolean onClassPath;

    SchemaFile(String name, String location, boolean seed, Content content) {
        this(name, location, seed, content, (line, column) -> new Place(location, line, column));
    }

    /** @param origin for a text that was put together from other files */
    SchemaFile(String name, String location, boolean seed, Content content, Origin origin) {
        this(name, location, seed, content, origin, name, false);
    }

    private SchemaFile(
            String name,
            String location,
            boolean seed,
            Content content,
            Origin origin,
            String seedKey,
            boolean onClassPath) {
        this.name = name;
        this.location = location;
        this.seed = seed;
        this.content = content;
        this.origin = origin;
        this.seedKey = seedKey;
        this.onClassPath = onClassPath;
    }

    SchemaFile withSeedKey(String key) {
        return new SchemaFile(name, location, seed, content, origin, key, onClassPath);
    }

    /** What a seed that was loaded is known by: unlike the name, it does not depend on what else is configured. */
    String seedKey() {
        return seedKey;
    }

    /** The same, as one that a class loader has found. */
    SchemaFile fromClassPath() {
        return new SchemaFile(name, location, seed, content, origin, seedKey, true);
    }

    /** Whether the location is a place on the class path, and none on disk. */
    boolean onClassPath() {
        return onClassPath;
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

    /** Where the user finds a place of the text. */
    Place place(int line, int column) {
        return origin.of(line, column);
    }

    /** Name and location. */
    @Override
    public String toString() {
        return name + " (" + location + ")";
    }
}
