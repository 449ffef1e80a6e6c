package io.confiture.build;

import io.confiture.config.BuildConfig;
import io.confiture.config.Config;
import io.confiture.config.IncludeDir;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.resource.FolderContents;
import io.confiture.resource.FoundFile;
import io.confiture.resource.Glob;
import io.confiture.resource.Location;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the sources of a schema, each once, in the order in which they are built. */
final class SchemaFiles {
    private final Config config;
    private final BuildConfig build;
    private final FolderContents contents;
    private final Folders folders;

    SchemaFiles(Config config, FolderContents contents) {
        this.config = config;
        this.build = config.build();
        this.contents = contents;
        this.folders = new Folders(config, contents);
    }

    /**
     * The include entries by their order, and within one the paths; then the seed directories. A folder of seeds below an
     * include entry keeps its place.
     *
     * @throws ConfigurationException if a place does not exist
     * @throws SchemaException if there is no file at all
     */
    List<SchemaFile> find() {
        List<IncludeDir> entries = new ArrayList<>(build.includeDirs());
        entries.sort(Comparator.comparingInt(IncludeDir::order));
        Set<Object> seen = new HashSet<>();
        List<SchemaFile> files = new ArrayList<>();
        for (IncludeDir entry : entries) {
            Location location = folders.location(entry.path());
            boolean seeds = SeedNames.isSeedFolder(entry.path());
            for (FoundFile file : files(entry, location)) {
                if (seen.add(file.identity())) {
                    boolean seed = seeds || SeedNames.isBelowSeedFolder(file.path());
                    files.add(schemaFile(file, folders.name(location, file.path(), false), seed));
                }
            }
        }
        List<SchemaFile> seedFiles = new SeedFiles(config, config.seeds(), contents, folders).find(seen);
        if (build.hashSeeds()) {
            files.addAll(seedFiles);
            requireDistinctNames(files);
        } else {
            requireDistinctNames(files);
            requireDistinctNames(seedFiles);
            files.addAll(seedFiles);
        }
        folders.requireExcludesToExist();
        if (files.isEmpty()) {
            throw new SchemaException(
                    ErrorCode.SCHEMA_INVALID,
                    "No SQL file is found in "
                            + String.join(
                                    ", ",
                                    build.includeDirs().stream()
                                            .map(IncludeDir::path)
                                            .toList()),
                    "Check include_dirs, their include and exclude patterns, and exclude_dirs.");
        }
        return List.copyOf(files);
    }

    private List<FoundFile> files(IncludeDir entry, Location location) {
        Optional<List<FoundFile>> found = contents.files(location, entry.recursive(), name -> true);
        if (found.isEmpty()) {
            if (!entry.autoDiscover()) {
                throw folders.missing(location);
            }
            return List.of();
        }
        List<Glob> include = globs(entry, entry.include());
        List<Glob> exclude = globs(entry, entry.exclude());
        List<FoundFile> files = new ArrayList<>(found.get().size());
        for (FoundFile file : found.get()) {
            if (matches(include, file.path())
                    && !matches(exclude, file.path())
                    && !folders.isExcluded(location, file.path())) {
                files.add(file);
            }
        }
        files.sort(Comparator.comparing(FoundFile::path, PathOrder.of(build.sortMode())));
        requireDistinct(files);
        return files;
    }

    /** Of two files of one name that jars bring, the class path says which comes first, and the class path changes. */
    static void requireDistinct(List<FoundFile> sorted) {
        for (int i = 1; i < sorted.size(); i++) {
            FoundFile one = sorted.get(i - 1);
            FoundFile other = sorted.get(i);
            if (one.path().equals(other.path())) {
                throw new SchemaException(
                        ErrorCode.SCHEMA_INVALID,
                        one.file() + " stands twice on the class path: " + one.identity() + " and " + other.identity(),
                        "Rename one of them, or its folder.");
            }
        }
    }

    /** Sources are hashed by their names, which depend on the folders that are configured. */
    private static void requireDistinctNames(List<SchemaFile> files) {
        Map<String, SchemaFile> byName = new HashMap<>();
        for (SchemaFile file : files) {
            SchemaFile other = byName.put(file.name(), file);
            if (other != null) {
                throw new SchemaException(
                        ErrorCode.SCHEMA_INVALID,
                        other.location() + " and " + file.location() + " have the same name in the schema, "
                                + file.name() + ". Nothing was built",
                        "A folder outside of the project that is named by an absolute path counts with its own name only:"
                                + " rename it, or one of the files.");
            }
        }
    }

    private static List<Glob> globs(IncludeDir entry, List<String> patterns) {
        List<Glob> globs = new ArrayList<>();
        for (String pattern : patterns) {
            try {
                globs.add(Glob.of(pattern));
            } catch (IllegalArgumentException e) {
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "The include entry " + entry.path() + " has " + e.getMessage(),
                        "Patterns know *, ?, {a,b} and ** for any number of folders.");
            }
        }
        return globs;
    }

    private static boolean matches(List<Glob> globs, String path) {
        for (Glob glob : globs) {
            if (glob.matches(path)) {
                return true;
            }
        }
        return false;
    }

    static SchemaFile schemaFile(FoundFile file, String name, boolean seed) {
        SchemaFile onDisk = new SchemaFile(name, file.file(), seed, file::open);
        return file.onClassPath() ? onDisk.fromClassPath() : onDisk;
    }
}
