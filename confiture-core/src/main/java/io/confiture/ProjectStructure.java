package io.confiture;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Writes the files of a new project. Those that are there stay, and a folder with anything in it stays as a whole. */
final class ProjectStructure {
    private static final Path CONFIGURATION = Path.of("confiture.yaml");

    /** The older form of the configuration, which one of the newer form would contradict. */
    private static final Path ENVIRONMENTS = Path.of("db", "environments");

    /** Folders that are written as a whole or not at all: one more file would change what is built of the others. */
    private static final List<Path> WHOLE =
            List.of(Path.of("db", "schema"), Path.of("db", "migrations"), Path.of("db", "seeds"));

    private static final List<String> FILES = List.of(
            "confiture.yaml",
            "db/README.md",
            "db/schema/00_common/010_extensions.sql",
            "db/schema/10_tables/010_example.sql",
            "db/schema/20_views/010_example.sql",
            "db/schema/30_functions/010_example.sql",
            "db/schema/40_triggers/010_example.sql",
            "db/schema/50_permissions/010_example.sql",
            "db/migrations/README.md",
            "db/seeds/common/010_example.sql",
            "db/seeds/development/010_example.sql",
            "db/seeds/test/010_example.sql");

    private final Path project;
    private final List<Path> created = new ArrayList<>();
    private final Set<Path> left = new LinkedHashSet<>();

    ProjectStructure(Path project) {
        this.project = project;
    }

    Confiture.Initialization write() {
        try {
            for (Path folder : WHOLE) {
                leaveIfUsed(folder);
            }
            leaveIfUsed(ENVIRONMENTS);
            for (String file : FILES) {
                write(Path.of(file), file);
            }
        } catch (IOException e) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The structure of the project cannot be written: " + e + ". Written were " + created,
                    "Remove what is in the way, or allow writing to " + project.toAbsolutePath() + ".",
                    e);
        }
        return new Confiture.Initialization(created, List.copyOf(left));
    }

    private void leaveIfUsed(Path folder) throws IOException {
        Path place = project.resolve(folder);
        if (Files.isDirectory(place)) {
            try (Stream<Path> content = Files.list(place)) {
                if (content.findAny().isEmpty()) {
                    return;
                }
            }
        } else if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        left.add(folder);
    }

    private void write(Path file, String name) throws IOException {
        if (left.stream().anyMatch(file::startsWith) || file.equals(CONFIGURATION) && left.contains(ENVIRONMENTS)) {
            return;
        }
        Path place = project.resolve(file);
        Path folder = place.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try (InputStream template = Confiture.class.getResourceAsStream("project/" + name)) {
            if (template == null) {
                throw new IOException("io/confiture/project/" + name + " is missing beside the class files");
            }
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                left.add(file);
            } else {
                Files.copy(template, place);
                created.add(file);
            }
        } catch (FileAlreadyExistsException e) {
            left.add(file); // somebody else was faster
        }
    }
}
