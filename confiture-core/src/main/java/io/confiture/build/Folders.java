package io.confiture.build;

import io.confiture.config.Config;
import io.confiture.config.IncludeDir;
import io.confiture.error.ConfigurationException;
import io.confiture.error.EditDistance;
import io.confiture.error.ErrorCode;
import io.confiture.resource.FolderContents;
import io.confiture.resource.Location;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The folders a configuration names: where they are, which of them are left out, and how files in them are named. */
final class Folders {
    private final Config config;
    private final FolderContents contents;
    private final Map<String, Location> locations = new HashMap<>();
    /** In the order of the configuration. */
    private final List<Location> excluded = new ArrayList<>();

    private final SourceNames schemaNames;
    private final SourceNames seedNames;

    Folders(Config config, FolderContents contents) {
        this.config = config;
        this.contents = contents;
        List<String> schema =
                config.build().includeDirs().stream().map(IncludeDir::path).toList();
        List<String> seeds = config.seeds().dirs();
        Stream.concat(schema.stream(), seeds.stream())
                .forEach(path -> locations.put(path, Location.of(path, config.projectDir())));
        for (String path : config.build().excludeDirs()) {
            excluded.add(Location.of(path, config.projectDir()));
        }
        this.seedNames = names(Stream.concat(schema.stream(), seeds.stream()));
        this.schemaNames = config.build().hashSeeds() ? seedNames : names(schema.stream());
    }

    Location location(String path) {
        Location location = locations.get(path);
        return location == null ? Location.of(path, config.projectDir()) : location;
    }

    private SourceNames names(Stream<String> paths) {
        return new SourceNames(config.projectDir(), paths.map(this::location).toList());
    }

    /** The name of a file below a location. */
    String name(Location location, String path, boolean inSeedDir) {
        return (inSeedDir ? seedNames : schemaNames).of(location, path);
    }

    /** The path of a location with {@code /}, comparable with those of its kind. */
    private static String full(Location location) {
        Path folder = location.folder();
        if (folder == null) {
            return "classpath:/" + location.root();
        }
        String path = folder.toAbsolutePath().normalize().toString().replace('\\', '/');
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** A location as the configuration names it, with {@code /} at its end; different ways to write it are one. */
    static String asWritten(Location location) {
        Path folder = location.folder();
        if (folder == null) {
            return "classpath:" + location.root() + "/";
        }
        String text = location.text();
        if (text.startsWith("file:")) {
            text = text.startsWith("file://") ? folder.toString() : text.substring("file:".length());
        }
        String path = Path.of(text).normalize().toString().replace('\\', '/');
        return path.isEmpty() || path.endsWith("/") ? path : path + "/";
    }

    /** Whether a file below a location lies in a folder that is left out. */
    boolean isExcluded(Location location, String path) {
        if (excluded.isEmpty()) {
            return false;
        }
        String file = full(location) + "/" + path;
        for (Location folder : excluded) {
            if (isBelow(file, full(folder))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBelow(String path, String folder) {
        return path.startsWith(folder) && path.length() > folder.length() && path.charAt(folder.length()) == '/';
    }

    /**
     * A folder that is to be left out and is not there was probably renamed or misspelt, and its files would be built.
     *
     * @throws ConfigurationException naming the nearest folder
     */
    void requireExcludesToExist() {
        for (Location folder : excluded) {
            if (!leavesSomethingOut(folder)) {
                List<String> there = new ArrayList<>(foldersBelowEntries());
                throw new ConfigurationException(
                        ErrorCode.LOCATION_MISSING,
                        "exclude_dirs names " + folder
                                + ", which is no folder below one of the include entries, so that"
                                + " it leaves nothing out. Nothing was built",
                        nearest(folder.text(), there)
                                + "Paths of exclude_dirs are relative to the project, as those of include_dirs are.");
            }
        }
    }

    private boolean leavesSomethingOut(Location folder) {
        String full = full(folder);
        boolean within = false;
        for (IncludeDir entry : config.build().includeDirs()) {
            String root = full(location(entry.path()));
            within |= full.equals(root) || isBelow(full, root) || isBelow(root, full);
        }
        return within && contents.files(folder, true, name -> true).isPresent();
    }

    private Set<String> foldersBelowEntries() {
        Set<String> folders = new LinkedHashSet<>();
        for (IncludeDir entry : config.build().includeDirs()) {
            contents.files(location(entry.path()), true, name -> true)
                    .ifPresent(files -> files.forEach(file -> {
                        for (int slash = file.path().indexOf('/');
                                slash > 0;
                                slash = file.path().indexOf('/', slash + 1)) {
                            folders.add(entry.path() + "/" + file.path().substring(0, slash));
                        }
                    }));
        }
        return folders;
    }

    /** What to throw for a location that does not exist. */
    ConfigurationException missing(Location location) {
        return new ConfigurationException(
                ErrorCode.LOCATION_MISSING,
                "The folder " + location + " of the schema sources does not exist"
                        + (location.folder() == null ? " on the class path" : " (" + full(location) + ")")
                        + ". Nothing was built",
                nearest(location.text(), siblings(location))
                        + "Create it, correct its path, or say auto_discover: true if it may be absent.");
    }

    /** What lies where the location should. */
    private List<String> siblings(Location location) {
        Path folder = location.folder();
        List<String> names = new ArrayList<>();
        if (folder != null) {
            Path missing = folder.toAbsolutePath().normalize();
            while (missing.getParent() != null && !Files.isDirectory(missing.getParent())) {
                missing = missing.getParent();
            }
            Path project = config.projectDir().toAbsolutePath().normalize();
            Path parent = missing.getParent();
            if (parent != null) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, Files::isDirectory)) {
                    for (Path entry : entries) {
                        Path shown = entry.startsWith(project) ? project.relativize(entry) : entry;
                        names.add(shown.toString().replace('\\', '/'));
                    }
                } catch (IOException e) {
                    return List.of();
                }
            }
        }
        return names;
    }

    private static String nearest(String wanted, List<String> names) {
        return names.stream()
                .min(Comparator.<String>comparingInt(name -> distance(wanted, name))
                        .thenComparingInt(name -> EditDistance.between(wanted, name))
                        .thenComparing(Comparator.naturalOrder()))
                .map(name -> "There is " + name + ". ")
                .orElse("");
    }

    /** The folders above may be left out, but not mistaken. */
    private static int distance(String wanted, String name) {
        return Math.min(
                EditDistance.between(wanted, name),
                EditDistance.between(
                        wanted.substring(wanted.lastIndexOf('/') + 1), name.substring(name.lastIndexOf('/') + 1)));
    }
}
