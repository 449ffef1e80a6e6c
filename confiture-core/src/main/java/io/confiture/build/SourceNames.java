package io.confiture.build;

import io.confiture.resource.Location;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How sources are named: the same wherever the project lies. Names are relative to the one folder, or to what all have in
 * common below the project, beside it, or on the class path. Of a folder elsewhere, which was named by an absolute path,
 * nothing is the same everywhere but its own name.
 */
final class SourceNames {
    private final Path project;
    /** Whether all locations are one folder. */
    private final boolean alone;
    /** What the others have in common. */
    private final String base;

    SourceNames(Path project, List<Location> locations) {
        this.project = project.toAbsolutePath().normalize();
        this.alone = locations.stream().map(this::place).distinct().count() == 1;
        this.base = locations.stream()
                .map(this::portable)
                .filter(Objects::nonNull)
                .reduce(SourceNames::common)
                .orElse("");
    }

    /** The name of a file at this path below a location. */
    String of(Location location, String path) {
        if (alone) {
            return path;
        }
        String folder = portable(location);
        if (folder == null) {
            return SeedNames.lastName(location.text()) + "/" + path;
        }
        String name = folder.substring(base.length()) + "/" + path;
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private Object place(Location location) {
        Path folder = location.folder();
        return folder == null ? location.root() : absolute(folder);
    }

    /** The path of a location as it is on every machine, with {@code /}; null if there is none. */
    private @Nullable String portable(Location location) {
        Path folder = location.folder();
        if (folder == null) {
            return "classpath:/" + location.root();
        }
        Path absolute = absolute(folder);
        if (absolute.startsWith(project)) {
            return slashes(project.relativize(absolute));
        }
        if (!location.absolute()) {
            return slashes(project.relativize(absolute));
        }
        try {
            Path real = project.toRealPath();
            Path realFolder = folder.toRealPath();
            return realFolder.startsWith(real) ? slashes(real.relativize(realFolder)) : null;
        } catch (IOException e) {
            // What does not exist has no files.
            return null;
        }
    }

    private static Path absolute(Path folder) {
        return folder.toAbsolutePath().normalize();
    }

    private static String slashes(Path path) {
        return path.toString().replace('\\', '/');
    }

    private static String common(String one, String other) {
        int end = 0;
        int at = 0;
        while (at <= one.length() && at <= other.length()) {
            boolean oneEnds = at == one.length() || one.charAt(at) == '/';
            boolean otherEnds = at == other.length() || other.charAt(at) == '/';
            if (oneEnds && otherEnds) {
                end = at;
            }
            if (at == one.length() || at == other.length() || one.charAt(at) != other.charAt(at)) {
                break;
            }
            at++;
        }
        return one.substring(0, end);
    }
}
