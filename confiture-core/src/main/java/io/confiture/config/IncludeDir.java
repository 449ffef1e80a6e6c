package io.confiture.config;

import java.util.List;

/**
 * A place that schema files are read from.
 *
 * @param path a folder, relative to the project, or with the prefix {@code classpath:} or {@code file:}
 * @param recursive whether folders below it are read too
 * @param include globs, relative to the path, of what is taken
 * @param exclude globs, relative to the path, of what is left out
 * @param order entries come in this order, and those of one order as they are listed
 * @param autoDiscover whether the place may be absent
 * @since 0.1.0
 */
public record IncludeDir(
        String path, boolean recursive, List<String> include, List<String> exclude, int order, boolean autoDiscover) {

    public IncludeDir {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /** All SQL files below a place that must be there. */
    public static IncludeDir of(String path) {
        return new IncludeDir(path, true, List.of("**/*.sql"), List.of(), 0, false);
    }
}
