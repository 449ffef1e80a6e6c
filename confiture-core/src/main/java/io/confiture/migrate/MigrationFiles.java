package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.resource.FolderContents;
import io.confiture.resource.FoundFile;
import io.confiture.resource.Location;
import io.confiture.sql.Placeholders;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;

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
    private final FolderContents contents;
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
        this.contents = new FolderContents(classLoader);
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
                .map(location -> Location.of(location, Path.of("")).folder())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Migrations are read from " + describe() + ", where no file can be created",
                        "Name the folder of the sources as well: newMigration(name, Path.of(\"src/main/resources/"
                                + Location.of(locations.get(0), Path.of("")).root() + "\")).",
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
    private Map<Object, Script> scripts() {
        Map<Object, Script> scripts = new LinkedHashMap<>();
        for (String location : locations) {
            Location folder = Location.of(location, Path.of(""));
            Optional<List<FoundFile>> found = contents.files(folder, true, this::isRead);
            if (found.isEmpty()) {
                missing(location);
                continue;
            }
            List<FoundFile> files = new ArrayList<>(found.get());
            if (!folder.onClassPath()) {
                files.sort(Comparator.comparing(FoundFile::path));
            }
            files.forEach(file ->
                    scripts.putIfAbsent(file.identity(), new Script(file.file(), file.resource(), placeholders)));
        }
        return scripts;
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
