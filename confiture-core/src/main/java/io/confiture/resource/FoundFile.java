package io.confiture.resource;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/**
 * A file below a location. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class FoundFile {
    private final String file;
    private final String path;
    private final Object identity;
    private final @Nullable File onDisk;
    private final @Nullable Resource resource;

    private FoundFile(String file, String path, Object identity, @Nullable File onDisk, @Nullable Resource resource) {
        this.file = file;
        this.path = path;
        this.identity = identity;
        this.onDisk = onDisk;
        this.resource = resource;
    }

    static FoundFile onDisk(String file, String path, Object identity, File onDisk) {
        return new FoundFile(file, path, identity, onDisk, null);
    }

    static FoundFile onClassPath(String file, String path, Object identity, Resource resource) {
        return new FoundFile(file, path, identity, null, resource);
    }

    /** The file as the user knows it: the location's path and the one below it, with {@code /}. */
    public String file() {
        return file;
    }

    /** The path below the location, with {@code /}. */
    public String path() {
        return path;
    }

    /** Whether it was found by a class loader. */
    public boolean onClassPath() {
        return resource != null;
    }

    /** Equal for one file that was found in two ways, such as by a symbolic link. */
    public Object identity() {
        return identity;
    }

    /** The file for code that reads resources. */
    public Resource resource() {
        return resource != null ? resource : new FileSystemResource(onDisk().toPath());
    }

    /** Opens the bytes of the file; to be closed by the caller. */
    public InputStream open() throws IOException {
        return resource != null ? resource.getInputStream() : new FileInputStream(onDisk());
    }

    private File onDisk() {
        if (onDisk == null) {
            throw new IllegalStateException(file + " is neither on disk nor on the class path");
        }
        return onDisk;
    }

    @Override
    public String toString() {
        return file;
    }
}
