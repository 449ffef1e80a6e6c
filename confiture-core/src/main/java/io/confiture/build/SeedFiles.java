package io.confiture.build;

import io.confiture.config.Config;
import io.confiture.config.SeedConfig;
import io.confiture.error.ConfigurationException;
import io.confiture.error.EditDistance;
import io.confiture.error.ErrorCode;
import io.confiture.resource.FolderContents;
import io.confiture.resource.FoundFile;
import io.confiture.resource.Glob;
import io.confiture.resource.Location;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Finds the files of the seed directories that a profile selects. */
final class SeedFiles {
    private final Config config;
    private final SeedConfig seeds;
    private final FolderContents contents;

    private final Folders folders;

    SeedFiles(Config config, SeedConfig seeds, FolderContents contents, Folders folders) {
        this.config = config;
        this.seeds = seeds;
        this.contents = contents;
        this.folders = folders;
    }

    /**
     * Directory by directory as they are listed, and by name within one; each file once.
     *
     * @param seen identities of the files that are taken already; those found are added
     */
    List<SchemaFile> find(Set<Object> seen) {
        requireProfile(seeds);
        List<SchemaFile> files = new ArrayList<>();
        for (String dir : seeds.dirs()) {
            Location location = folders.location(dir);
            List<FoundFile> found = new ArrayList<>(contents.files(location, false, name -> name.endsWith(".sql"))
                    .orElseThrow(() -> folders.missing(location)));
            found.sort(Comparator.comparing(
                    FoundFile::path, PathOrder.of(config.build().sortMode())));
            SchemaFiles.requireDistinct(found);
            for (FoundFile file : found) {
                if (isSelected(seeds, dir, file.path()) && seen.add(file.identity())) {
                    files.add(SchemaFiles.schemaFile(file, folders.name(location, file.path(), true), true)
                            .withSeedKey(Folders.asWritten(location) + file.path()));
                }
            }
        }
        return List.copyOf(files);
    }

    /**
     * Whether the profile in use takes a file. A pattern with a slash is compared with the name of the directory and that of
     * the file ({@code development/*.sql}), one without with the name of the file.
     */
    private static boolean isSelected(SeedConfig seeds, String dir, String file) {
        String name = seeds.profile();
        SeedConfig.Profile profile = name == null ? null : seeds.profiles().get(name);
        if (profile == null) {
            return true;
        }
        String path = SeedNames.lastName(dir) + "/" + file;
        return (profile.include().isEmpty() || matches(profile.include(), path, file))
                && !matches(profile.exclude(), path, file);
    }

    private static boolean matches(List<String> patterns, String path, String file) {
        for (String pattern : patterns) {
            try {
                if (Glob.of(pattern).matches(pattern.indexOf('/') < 0 ? file : path)) {
                    return true;
                }
            } catch (IllegalArgumentException e) {
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "A profile of seeds has " + e.getMessage(),
                        "Patterns know *, ?, {a,b} and ** for any number of folders.");
            }
        }
        return false;
    }

    /** @throws ConfigurationException if no profile has the name of the one in use */
    private static void requireProfile(SeedConfig seeds) {
        String wanted = seeds.profile();
        if (wanted == null || seeds.profiles().containsKey(wanted)) {
            return;
        }
        throw new ConfigurationException(
                ErrorCode.INVALID_CONFIGURATION,
                "There is no seed profile " + wanted + ". Nothing was done",
                seeds.profiles().keySet().stream()
                        .min(Comparator.<String>comparingInt(name -> EditDistance.between(wanted, name))
                                .thenComparing(Comparator.naturalOrder()))
                        .map(nearest -> "The nearest is " + nearest + ".")
                        .orElse("No profile is configured: add it below seed.profiles."));
    }
}
