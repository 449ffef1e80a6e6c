package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.sql.Placeholders;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.ResourcePatternResolver;

/**
 * Finds the migrations of some locations: every {@code .sql} file below them, in order of version. All that is wrong with
 * names and pairs is told at once.
 */
final class MigrationFiles {
    private static final Logger log = LoggerFactory.getLogger(MigrationFiles.class);

    /** A script with the name that messages give it, and what is put into it. */
    record Script(String file, Resource resource, Placeholders placeholders) {
        String fileName() {
            return file.substring(file.lastIndexOf('/') + 1);
        }
    }

    private final List<String> locations;
    private final boolean defaultLocations;
    private final Placeholders placeholders;
    private final List<JavaMigration> javaMigrations;
    private final Naming naming;
    private final ResourcePatternResolver resolver;
    private final Clock clock;

    MigrationFiles(
            List<String> locations,
            boolean defaultLocations,
            Placeholders placeholders,
            List<JavaMigration> javaMigrations,
            Naming naming,
            @Nullable ClassLoader classLoader,
            Clock clock) {
        if (locations.isEmpty()) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION, "No location of migrations is given", null);
        }
        this.locations = locations;
        this.defaultLocations = defaultLocations;
        this.placeholders = placeholders;
        this.javaMigrations = List.copyOf(javaMigrations);
        this.naming = naming;
        // Now: a thread of the common pool, which may load later, knows nothing of an executable jar.
        this.resolver = new PathMatchingResourcePatternResolver(new DefaultResourceLoader(
                classLoader == null ? Thread.currentThread().getContextClassLoader() : classLoader));
        this.clock = clock;
    }

    /** The locations in words, for messages. */
    String describe() {
        return String.join(", ", locations);
    }

    /**
     * The migrations in order of version, those in Java among them, a baseline migration behind the one of its version, and
     * the repeatable ones behind all in order of name.
     *
     * @throws ConfigurationException if a location does not exist that the user has named, a name is broken, a version
     *     stands twice, or a down or verify file has no up file
     */
    List<LocalMigration> load() {
        Map<Version, MigrationFileGroup> groups = new TreeMap<>();
        RepeatableFiles repeatables = new RepeatableFiles();
        FileProblems problems = new FileProblems();
        for (Script script : scripts().values()) {
            MigrationFileName name = name(script);
            if (name instanceof MigrationFileName.Valid valid) {
                groups.computeIfAbsent(valid.version(), v -> new MigrationFileGroup())
                        .add(valid, script, problems);
            } else if (name instanceof MigrationFileName.Repeatable repeatable) {
                repeatables.add(repeatable, script, problems);
            } else if (name instanceof MigrationFileName.Broken broken) {
                problems.badName(script.file() + " " + broken.problem() + "; expected " + broken.suggestion());
            }
        }
        Map<Version, LocalMigration> versioned = new TreeMap<>();
        groups.forEach(
                (version, group) -> group.build(problems).ifPresent(migration -> versioned.put(version, migration)));
        addJava(versioned, problems);
        List<LocalMigration> migrations = new ArrayList<>(versioned.values());
        groups.values().forEach(group -> group.baseline().ifPresent(migrations::add));
        migrations.sort(Comparator.comparing(LocalMigration::version, Comparator.nullsLast(Comparator.naturalOrder())));
        migrations.addAll(repeatables.build(problems));
        problems.throwIfAny();
        return migrations;
    }

    /**
     * The first location that is a folder on disk, or will be one.
     *
     * @throws ConfigurationException if there is none
     */
    Path folder() {
        return locations.stream()
                .filter(location -> !isOnClassPath(location))
                .findFirst()
                .map(MigrationFiles::onDisk)
                .orElseThrow(() -> new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Migrations are read from " + describe() + ", where no file can be created",
                        "Name the folder of the sources as well: newMigration(name, Path.of(\"src/main/resources/"
                                + rootOnClassPath(locations.get(0)) + "\")).",
                        null));
    }

    /** The scripts around migrations, in the order of the locations. */
    Map<Callbacks.Moment, List<MigrationScript>> callbacks() {
        Map<Callbacks.Moment, List<MigrationScript>> callbacks = new EnumMap<>(Callbacks.Moment.class);
        for (Script script : scripts().values()) {
            if (name(script) instanceof MigrationFileName.Callback callback) {
                callbacks
                        .computeIfAbsent(callback.moment(), moment -> new ArrayList<>())
                        .add(MigrationScript.wholeFile(script));
            }
        }
        return callbacks;
    }

    private MigrationFileName name(Script script) {
        return naming == Naming.FLYWAY
                ? FlywayFileName.parse(script.fileName(), clock)
                : MigrationFileName.parse(script.fileName(), clock);
    }

    /** Whether its name has to be right. A leading dot is how editors and version control name what is none of ours. */
    private boolean isRead(String fileName) {
        return !fileName.startsWith(".")
                && (MigrationFileName.isScript(fileName)
                        || (naming == Naming.FLYWAY && FlywayFileName.isConfiguration(fileName)));
    }

    private void addJava(Map<Version, LocalMigration> versioned, FileProblems problems) {
        for (JavaMigration migration : javaMigrations) {
            LocalMigration.Java local = JavaMigrations.local(migration);
            LocalMigration twin = versioned.putIfAbsent(local.version(), local);
            if (twin != null) {
                problems.duplicate(
                        "Version " + migration.version() + " stands twice: " + twin.file() + " and " + local.file());
            }
        }
    }

    /** Every script once, even where locations overlap. */
    private Map<String, Script> scripts() {
        Map<String, Script> scripts = new LinkedHashMap<>();
        for (String location : locations) {
            try {
                if (isOnClassPath(location)) {
                    addFromClasspath(location, scripts);
                } else {
                    addFromDisk(location, scripts);
                }
            } catch (IOException e) {
                throw new ConfigurationException(
                        ErrorCode.LOCATION_MISSING,
                        "The location " + location + " cannot be read: " + e.getMessage(),
                        null,
                        e);
            }
        }
        return scripts;
    }

    private static boolean isOnClassPath(String location) {
        return location.startsWith("classpath:") || location.startsWith("classpath*:");
    }

    private static String rootOnClassPath(String location) {
        return location.substring(location.indexOf(':') + 1)
                .replaceAll("/+", "/")
                .replaceAll("^/|/$", "");
    }

    private static Path onDisk(String location) {
        String folder = location.startsWith("file:") ? location.substring("file:".length()) : location;
        return folder.startsWith("//") ? Path.of(URI.create(location)) : Path.of(folder);
    }

    private void addFromClasspath(String location, Map<String, Script> scripts) throws IOException {
        String root = rootOnClassPath(location);
        Resource[] roots = resolver.getResources("classpath*:" + root + "/");
        if (Stream.of(roots).noneMatch(Resource::exists)) {
            missing(location);
            return;
        }
        String marker = "/" + root + "/";
        for (Resource resource : resolver.getResources("classpath*:" + root + "/**/*.*")) {
            String path = decoded(resource.getURL());
            int at = path.lastIndexOf(marker);
            add(at < 0 ? path : path.substring(at + 1), resource.getURL().toString(), resource, scripts);
        }
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

    private void addFromDisk(String location, Map<String, Script> scripts) throws IOException {
        Path root = onDisk(location);
        if (!Files.isDirectory(root)) {
            missing(location);
            return;
        }
        SortedMap<Path, Object> files = new TreeMap<>();
        Files.walkFileTree(root, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                // Version control keeps its own here, and a mounted Kubernetes volume the files that links point to.
                boolean hidden =
                        !folder.equals(root) && folder.getFileName().toString().startsWith(".");
                return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && isRead(file.getFileName().toString())) {
                    Object key = attributes.fileKey();
                    files.put(file, key == null ? file.toAbsolutePath().normalize() : key);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // Editors, and whoever creates a migration, put files here for a moment; scripts do not come and go.
                if (e instanceof NoSuchFileException
                        && !isRead(file.getFileName().toString())) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        files.forEach((file, key) -> add(
                file.toString().replace('\\', '/'),
                key + "/" + file.getFileName(),
                new FileSystemResource(file),
                scripts));
    }

    private void add(String file, String identity, Resource resource, Map<String, Script> scripts) {
        String fileName = file.substring(file.lastIndexOf('/') + 1);
        if (isRead(fileName)) {
            scripts.putIfAbsent(identity, new Script(file, resource, placeholders));
        }
    }

    private void missing(String location) {
        if (!defaultLocations) {
            throw new ConfigurationException(
                    ErrorCode.LOCATION_MISSING,
                    "The location " + location + " does not exist; nothing was done",
                    "Create it, or correct the locations of the migrations"
                            + " (confiture.migrate.locations in a Spring Boot application).");
        }
        log.debug("The default location {} does not exist", location);
    }
}
