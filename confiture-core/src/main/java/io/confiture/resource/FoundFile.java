package io.confiture.resource;

import org.springframework.core.io.Resource;

/**
 * A file below a location.
 *
 * @param file the file as the user knows it: the location's path and the one below it, with {@code /}
 * @param path the path below the location, with {@code /}
 * @param identity equal for one file that was found in two ways, such as by a symbolic link
 * @param resource its content
 * @since 0.1.0
 */
public record FoundFile(String file, String path, Object identity, Resource resource) {}
