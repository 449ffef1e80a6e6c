package io.confiture;

import io.confiture.build.SchemaBuilder;
import io.confiture.config.Config;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.MigratorBuilder;
import io.confiture.postgres.DatabaseUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A project in a folder: its structure, and what works on it. Settings are read anew by each call, from {@code
 * confiture.yaml} or {@code db/environments/<name>.yaml} as {@link Config#load(Path, String)} does. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class Confiture {
    private static final String VERSION = "version.properties";

    private final Path projectDir;

    private Confiture(Path projectDir) {
        this.projectDir = projectDir;
    }

    /** The project in a folder, which {@link #init()} may yet have to fill. */
    public static Confiture forProject(Path projectDir) {
        return new Confiture(projectDir);
    }

    /** The version of this library, such as {@code 0.1.0}; from a resource, so that it survives in a jar made of many. */
    public static String version() {
        try (InputStream resource = Confiture.class.getResourceAsStream(VERSION)) {
            if (resource == null) {
                throw new IllegalStateException("io/confiture/" + VERSION + " is missing beside the class files");
            }
            Properties properties = new Properties();
            properties.load(resource);
            return Objects.requireNonNull(properties.getProperty("version"), "version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What relative paths of the project begin at. */
    public Path projectDir() {
        return projectDir;
    }

    /**
     * Writes the structure of a project: {@code confiture.yaml} and {@code db} with folders for the schema, migrations and
     * seeds, each with an example that is commented out. What is there already is left as it is, and nothing is put into a
     * folder that holds something.
     *
     * @throws ConfigurationException if the folder cannot be written to
     */
    public Initialization init() {
        return new ProjectStructure(projectDir).write();
    }

    /** The settings of the environment that {@code CONFITURE_ENV} names, else {@code local}. */
    public Config config() {
        return config(null);
    }

    /**
     * The settings of an environment.
     *
     * @param environment its name; null for what {@code CONFITURE_ENV} says, else {@code local}
     * @throws ConfigurationException if there is no such environment, or its file is wrong
     */
    public Config config(@Nullable String environment) {
        return Config.load(projectDir, environment);
    }

    /** Builds the schema of the environment that {@link #config()} is for. */
    public SchemaBuilder schemaBuilder() {
        return SchemaBuilder.of(config());
    }

    /** Builds the schema of an environment. */
    public SchemaBuilder schemaBuilder(String environment) {
        return SchemaBuilder.of(config(environment));
    }

    /** Migrates the database of the environment that {@link #config()} is for. */
    public Migrator migrator() {
        return migrator(config());
    }

    /**
     * Migrates the database of an environment, by the files in {@code db/migrations} of the project. Connects to nothing.
     *
     * @throws ConfigurationException also if the environment names no database
     */
    public Migrator migrator(String environment) {
        return migrator(config(environment));
    }

    private Migrator migrator(Config config) {
        DatabaseUrl database = config.database();
        if (database == null) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The environment " + config.environment() + " names no database to migrate",
                    "Set database.url of it, or the environment variable CONFITURE_DATABASE_URL; DATABASE_URL alone selects"
                            + " none.");
        }
        MigratorBuilder builder = Migrator.builder(database.jdbc())
                .defaultLocations(
                        projectDir.resolve("db/migrations").toAbsolutePath().toString())
                .environment(config.environment())
                .protectedDatabase(config.isProtected())
                .table(config.migration().table())
                .schema(config.migration().schema());
        Duration lockWait = config.migration().lockWait();
        if (lockWait != null) {
            builder.lockWait(lockWait);
        }
        return builder.build();
    }

    /** The folder of the project. */
    @Override
    public String toString() {
        return "Confiture[" + projectDir + "]";
    }

    /**
     * What {@link #init()} did, by paths relative to the project.
     *
     * @param created the files that were written
     * @param left files and folders that were there already, and were left as they are
     * @since 0.1.0
     */
    public record Initialization(List<Path> created, List<Path> left) {
        public Initialization {
            created = List.copyOf(created);
            left = List.copyOf(left);
        }
    }
}
