package io.confiture.build;

import io.confiture.config.Config;
import io.confiture.resource.FolderContents;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a fresh schema from its sources: as text, as a hash, or on a database. Immutable and thread-safe; sources are read
 * anew by each call.
 *
 * @since 0.1.0
 */
public final class SchemaBuilder {
    private final Config config;
    private final @Nullable ClassLoader classLoader;

    private SchemaBuilder(Config config, @Nullable ClassLoader classLoader) {
        this.config = config;
        this.classLoader = classLoader;
    }

    /** For settings that are there already. */
    public static SchemaBuilder of(Config config) {
        return new SchemaBuilder(config, null);
    }

    /** The same, with sources of {@code classpath:} found by this class loader instead of the calling thread's. */
    public SchemaBuilder withClassLoader(ClassLoader loader) {
        return new SchemaBuilder(config, loader);
    }

    /** The settings it builds by. */
    public Config config() {
        return config;
    }

    /**
     * The sources in the order of the build: schema, with seeds where their folders come, then those of the seed
     * directories.
     *
     * @throws io.confiture.error.ConfigurationException if a folder is missing that must be there
     * @throws io.confiture.error.SchemaException if there is no file at all
     */
    public List<SchemaFile> findSqlFiles() {
        return new SchemaFiles(config, new FolderContents(classLoader)).find();
    }

    /** The SHA-256 of the sources, as 64 hexadecimal digits. See {@link #computeHash(HashAlgorithm)}. */
    public String computeHash() {
        return computeHash(HashAlgorithm.SHA256);
    }

    /**
     * The hash of the sources in hexadecimal digits. The same for the same names, texts and order, wherever they lie and
     * however they were checked out: a byte order mark and the kind of line ends do not move it, nor do settings of the
     * output. Seeds count only if the configuration says so.
     */
    public String computeHash(HashAlgorithm algorithm) {
        return SchemaHash.of(hashed(findSqlFiles()), algorithm);
    }

    private List<SchemaFile> hashed(List<SchemaFile> files) {
        return config.build().hashSeeds()
                ? files
                : files.stream().filter(file -> !file.seed()).toList();
    }
}
