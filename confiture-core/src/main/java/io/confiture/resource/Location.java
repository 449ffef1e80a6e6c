package io.confiture.resource;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A folder as the user names it.
 *
 * @param text what the user wrote
 * @param folder the folder on disk; null if it is on the class path
 * @param root the folder on the class path, without slash at either end; empty if it is on disk
 * @since 0.1.0
 */
public record Location(String text, @Nullable Path folder, String root) {

    /**
     * Reads {@code classpath:…}, {@code classpath*:…}, {@code file:…} or a path.
     *
     * @param base what a relative path begins at
     */
    public static Location of(String text, Path base) {
        if (text.startsWith("classpath:") || text.startsWith("classpath*:")) {
            return new Location(text, null, slashesTrimmed(text.substring(text.indexOf(':') + 1)));
        }
        String path = text.startsWith("file:") ? text.substring("file:".length()) : text;
        return new Location(text, path.startsWith("//") ? Path.of(URI.create(text)) : base.resolve(path), "");
    }

    /** Whether it is a folder on disk that was named from the root of the file system. */
    public boolean absolute() {
        return folder != null
                && (text.startsWith("file://")
                        || Path.of(text.startsWith("file:") ? text.substring("file:".length()) : text)
                                .isAbsolute());
    }

    /** Whether it is looked up by a class loader. */
    public boolean onClassPath() {
        return folder == null;
    }

    private static String slashesTrimmed(String path) {
        StringBuilder trimmed = new StringBuilder();
        for (String name : path.split("/")) {
            if (!name.isEmpty()) {
                trimmed.append(trimmed.isEmpty() ? "" : "/").append(name);
            }
        }
        return trimmed.toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
