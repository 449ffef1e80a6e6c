package io.confiture.resource;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.io.IOException;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.ResourcePatternResolver;

/**
 * Lists what lies below locations, in no particular order. Names with a leading dot are passed over, files and folders:
 * editors and version control keep their own there, and a mounted Kubernetes volume the files that links point to. Symbolic
 * links are followed. Thread-safe.
 *
 * @since 0.1.0
 */
public final class FolderContents {
    private final ResourcePatternResolver resolver;

    /** @param classLoader what finds the class path; null for that of the calling thread, now */
    public FolderContents(@Nullable ClassLoader classLoader) {
        // Now: a thread of the common pool, which may load later, knows nothing of an executable jar.
        this.resolver = new PathMatchingResourcePatternResolver(new DefaultResourceLoader(
                classLoader == null ? Thread.currentThread().getContextClassLoader() : classLoader));
    }

    /**
     * The files at a location and, if asked for, in the folders below it.
     *
     * @param wanted whether a file of that name is of interest
     * @return empty if the location does not exist
     * @throws ConfigurationException if it cannot be read
     */
    public Optional<List<FoundFile>> files(Location location, boolean recursive, Predicate<String> wanted) {
        try {
            Path folder = location.folder();
            if (folder == null) {
                return onClassPath(location.root(), recursive, wanted);
            }
            return Files.isDirectory(folder)
                    ? Optional.of(new Walk(folder, recursive, wanted).files())
                    : Optional.empty();
        } catch (IOException e) {
            throw new ConfigurationException(
                    ErrorCode.LOCATION_MISSING,
                    "The location " + location + " cannot be read: " + e.getMessage(),
                    null,
                    e);
        }
    }

    private Optional<List<FoundFile>> onClassPath(String root, boolean recursive, Predicate<String> wanted)
            throws IOException {
        Resource[] roots = resolver.getResources("classpath*:" + root + "/");
        if (Arrays.stream(roots).noneMatch(Resource::exists)) {
            return Optional.empty();
        }
        List<String> folders = new ArrayList<>();
        for (Resource folder : roots) {
            folders.add(decoded(folder.getURL()));
        }
        List<FoundFile> files = new ArrayList<>();
        for (Resource resource : resolver.getResources("classpath*:" + root + (recursive ? "/**/*.*" : "/*.*"))) {
            String path = below(folders, root, decoded(resource.getURL()));
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (!name.startsWith(".") && wanted.test(name)) {
                files.add(FoundFile.onClassPath(
                        root.isEmpty() ? path : root + "/" + path,
                        path,
                        resource.getURL().toString(),
                        resource));
            }
        }
        return Optional.of(files);
    }

    private static String below(List<String> folders, String root, String path) {
        String longest = "";
        for (String folder : folders) {
            if (folder.length() > longest.length() && path.startsWith(folder)) {
                longest = folder;
            }
        }
        if (!longest.isEmpty()) {
            return path.substring(longest.length());
        }
        // A jar that has no entries for its folders.
        String inJar = path.substring(path.lastIndexOf("!/") + 1);
        int at = inJar.indexOf("/" + root + "/");
        return at < 0 ? inJar.substring(1) : inJar.substring(at + root.length() + 2);
    }

    private static String decoded(URL url) {
        try {
            return URLDecoder.decode(url.getPath().replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    ErrorCode.BAD_FILE_NAME,
                    url + " cannot be read: a file in a jar must not have a % in its name. Nothing was done",
                    "Rename the file, or its folder.",
                    e);
        }
    }

    /**
     * Where a file really is; a symbolic link is what it leads to. Several names of one content are several files, as a
     * store of packages has them.
     */
    private record Identity(@Nullable Path folder, @Nullable Path name) {}

    /** One pass over a folder on disk. */
    private static final class Walk {
        private final Path root;
        private final boolean recursive;
        private final Predicate<String> wanted;
        private final String prefix;
        private final List<FoundFile> files = new ArrayList<>();
        private final Deque<Path> above = new ArrayDeque<>();

        Walk(Path root, boolean recursive, Predicate<String> wanted) {
            this.root = root;
            this.recursive = recursive;
            this.wanted = wanted;
            String path = root.toString().replace('\\', '/');
            this.prefix = path.isEmpty() || path.endsWith("/") ? path : path + "/";
        }

        List<FoundFile> files() throws IOException {
            enter(root, "");
            return files;
        }

        private void enter(Path folder, String path) throws IOException {
            Path real = folder.toRealPath();
            if (above.contains(real)) {
                throw new FileSystemLoopException(folder.toString());
            }
            above.push(real);
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    if (!name.startsWith(".")) {
                        visit(entry, name, path + name);
                    }
                }
            }
            above.pop();
        }

        private void visit(Path entry, String name, String path) throws IOException {
            BasicFileAttributes attributes;
            Identity identity = new Identity(above.peek(), entry.getFileName());
            try {
                attributes = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (attributes.isSymbolicLink()) {
                    attributes = Files.readAttributes(entry, BasicFileAttributes.class);
                    Path real = entry.toRealPath();
                    identity = new Identity(real.getParent(), real.getFileName());
                }
            } catch (NoSuchFileException e) {
                // Editors, and whoever creates a migration, put files here for a moment; scripts do not come and go.
                if (wanted.test(name)) {
                    throw e;
                }
                return;
            }
            if (attributes.isDirectory()) {
                if (recursive) {
                    enter(entry, path + "/");
                }
            } else if (attributes.isRegularFile() && wanted.test(name)) {
                files.add(FoundFile.onDisk(prefix + path, path, identity, entry.toFile()));
            }
        }
    }
}
