package io.confiture.build;

import io.confiture.config.BuildConfig;
import io.confiture.config.Config;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.resource.Location;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The text of a schema in three, by who runs it. A file below one of {@code superuserPostDirs} is run by a superuser last,
 * one below {@code superuserDirs} first, and any other between, as the application's own role. Each text names the hash of
 * all sources, which does not depend on the split. Immutable and thread-safe; sources are read anew by each call.
 *
 * @since 0.1.0
 */
public final class PrivilegeSplit {

    /** Who runs a part, in the order of running. */
    public enum Part {
        /** A superuser, before all others. */
        SUPERUSER_PRE,
        /** The role that owns the schema; seeds are here unless their folder is named. */
        APP,
        /** A superuser, after all others. */
        SUPERUSER_POST
    }

    private final String environment;
    private final Map<Part, List<SchemaFile>> files;
    private final Map<Part, SchemaOutput> outputs;

    private PrivilegeSplit(String environment, Map<Part, List<SchemaFile>> files, Map<Part, SchemaOutput> outputs) {
        this.environment = environment;
        this.files = files;
        this.outputs = outputs;
    }

    /**
     * @param sources all of them; what is hashed
     * @param built what is built of them, or of some
     * @throws ConfigurationException if no file lies in a folder that the configuration names
     */
    static PrivilegeSplit of(List<SchemaFile> sources, List<SchemaFile> built, Config config) {
        BuildConfig settings = config.build();
        requireFiles(sources, settings.superuserDirs(), "superuser_dirs", config);
        requireFiles(sources, settings.superuserPostDirs(), "superuser_post_dirs", config);
        Map<Part, List<SchemaFile>> files = new EnumMap<>(Part.class);
        Map<Part, SchemaOutput> outputs = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            List<SchemaFile> some =
                    built.stream().filter(file -> part(file, config) == part).toList();
            files.put(part, some);
            outputs.put(
                    part,
                    new SchemaOutput(
                            new SchemaText(config),
                            sources,
                            settings.hashSeeds(),
                            settings.twoPass() ? ForeignKeyPass.over(some).files() : some));
        }
        return new PrivilegeSplit(config.environment(), files, outputs);
    }

    private static Part part(SchemaFile file, Config config) {
        if (config.build().superuserPostDirs().stream().anyMatch(folder -> isBelow(file, folder, config))) {
            return Part.SUPERUSER_POST;
        }
        return config.build().superuserDirs().stream().anyMatch(folder -> isBelow(file, folder, config))
                ? Part.SUPERUSER_PRE
                : Part.APP;
    }

    /** Folders are named as include entries are: relative to the project, or on the class path. */
    private static boolean isBelow(SchemaFile file, String folder, Config config) {
        Location location = Location.of(folder, config.projectDir());
        Path onDisk = location.folder();
        if (onDisk != null) {
            return !file.onClassPath() && normalized(Path.of(file.location())).startsWith(normalized(onDisk));
        }
        return file.onClassPath()
                && (location.root().isEmpty() || file.location().startsWith(location.root() + "/"));
    }

    private static Path normalized(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static void requireFiles(List<SchemaFile> sources, List<String> folders, String setting, Config config) {
        for (String folder : folders) {
            if (sources.stream().noneMatch(file -> isBelow(file, folder, config))) {
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        setting + " names " + folder
                                + ", and no file of the schema lies below it, so that what a superuser"
                                + " should run would be the application's. Nothing was built",
                        "Name the folder as the include entries do.");
            }
        }
    }

    /** The files of a part, in the order of the build; may be empty. */
    public List<SchemaFile> files(Part part) {
        return files.getOrDefault(part, List.of());
    }

    /** The text of a part; a header alone if it has no file. */
    public String text(Part part) {
        return output(part).inMemory();
    }

    /**
     * Writes {@code schema_{environment}_superuser_pre.sql}, {@code …_app.sql} and {@code …_superuser_post.sql} into a
     * folder, which is created as needed. Each is there as a whole or not at all and replaces one of an earlier build.
     *
     * @return the three paths, in the order of running
     * @throws io.confiture.error.SchemaException if a source cannot be read, or a path holds a file of somebody's own
     * @throws java.io.UncheckedIOException if a file cannot be written
     */
    public List<Path> writeTo(Path folder) {
        List<Path> written = new ArrayList<>();
        for (Part part : Part.values()) {
            Path path =
                    folder.resolve("schema_" + environment + "_" + part.name().toLowerCase(Locale.ROOT) + ".sql");
            output(part).to(path);
            written.add(path);
        }
        return List.copyOf(written);
    }

    private SchemaOutput output(Part part) {
        return Objects.requireNonNull(outputs.get(part));
    }
}
