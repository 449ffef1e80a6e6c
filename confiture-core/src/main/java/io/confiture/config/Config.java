package io.confiture.config;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.postgres.DatabaseUrl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one environment: read from {@code confiture.yaml} or {@code db/environments/<name>.yaml}, or said by a
 * {@linkplain #builder() builder}. Immutable and thread-safe; its text form holds no credential.
 *
 * <p>Whatever a file says is honoured or refused: each {@code load} throws a {@link ConfigurationException} that names file,
 * line and column of the first key or value that is not known, not supported or not possible. No value is in its message.
 * Nothing here connects.
 *
 * @since 0.1.0
 */
public final class Config {
    private final String environment;
    private final Path projectDir;
    private final @Nullable DatabaseUrl database;
    private final boolean protectedDatabase;
    private final BuildConfig build;
    private final SeedConfig seeds;
    private final MigrationConfig migration;
    private final Map<String, String> origins;

    private Config(Builder from) {
        this.environment = from.environment;
        this.projectDir = from.projectDir;
        this.database = from.database;
        this.protectedDatabase = from.protectedDatabase;
        this.build = new BuildConfig(
                from.includeDirs,
                from.excludeDirs,
                from.sortMode,
                from.separators,
                from.twoPass,
                from.hashSeeds,
                from.superuserDirs,
                from.superuserPostDirs);
        this.seeds = from.seeds;
        this.migration = from.migration;
        this.origins = Collections.unmodifiableMap(new TreeMap<>(from.origins));
    }

    public static Builder builder() {
        return new Builder();
    }

    private static ConfigLoader loader() {
        return new ConfigLoader(System::getenv);
    }

    /**
     * The environment that the variable {@code CONFITURE_ENV} names, else {@code local}, of the project in the folder that
     * {@code CONFITURE_PROJECT_DIR} names, else the working directory. The variable {@code CONFITURE_DATABASE_URL} wins over
     * the database of the file.
     */
    public static Config load() {
        return loader().load(null, null);
    }

    /**
     * That environment of the project in the folder that {@code CONFITURE_PROJECT_DIR} names, else the working directory. A
     * database in the file and in {@code CONFITURE_DATABASE_URL} is an error.
     */
    public static Config load(String environment) {
        return loader().load(null, environment);
    }

    /** As {@link #load(Path, String)}, for the environment that {@code CONFITURE_ENV} names, else {@code local}. */
    public static Config load(Path projectDir) {
        return loader().load(projectDir, null);
    }

    /**
     * An environment of a project. A database in the file and in the variable {@code CONFITURE_DATABASE_URL} is an error: which
     * one was meant is not to be guessed.
     *
     * @param environment its name; null for what {@code CONFITURE_ENV} says, else {@code local}
     */
    public static Config load(Path projectDir, @Nullable String environment) {
        return loader().load(projectDir, environment);
    }

    /**
     * An environment from a file of either form, wherever it is; relative paths begin at its folder.
     *
     * @param environment its name; null for what {@code CONFITURE_ENV} says, else {@code local}, or for a file of one
     *     environment the name of the file
     */
    public static Config loadFile(Path file, @Nullable String environment) {
        Path folder = file.toAbsolutePath().getParent();
        try (InputStream content = Files.newInputStream(file)) {
            return read(file.toString(), content, folder == null ? file : folder, environment);
        } catch (IOException e) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION, "The configuration " + file + " cannot be read", null, e);
        }
    }

    /**
     * As {@link #loadFile}, from a stream, such as a resource of the class path.
     *
     * @param name what messages and {@link #origins()} call it
     * @param content YAML in UTF-8; read to its end, and not closed
     * @param projectDir what relative paths begin at
     */
    public static Config read(String name, InputStream content, Path projectDir, @Nullable String environment) {
        return loader().loadFile(name, content, projectDir, environment);
    }

    /** The name of the environment, {@code local} unless said otherwise. */
    public String environment() {
        return environment;
    }

    /** What relative paths begin at. */
    public Path projectDir() {
        return projectDir;
    }

    /** Where the database is, null if that is not said. */
    public @Nullable DatabaseUrl database() {
        return database;
    }

    /** Whether nothing of the database may be dropped without being confirmed by name. */
    public boolean isProtected() {
        return protectedDatabase || environment.equals("production");
    }

    /** How the schema is built. */
    public BuildConfig build() {
        return build;
    }

    /** Where seed data is and how it is loaded. */
    public SeedConfig seeds() {
        return seeds;
    }

    /** How migrations are recorded. */
    public MigrationConfig migration() {
        return migration;
    }

    /**
     * Where each setting was said, such as {@code confiture.yaml:12:5} or {@code environment variable CONFITURE_DATABASE_URL},
     * by the path of its key within the environment, such as {@code build.sort_mode}; settings that were not said are absent.
     * Whichever form was read, {@code database_url} counts as {@code database.url} and {@code schema_dirs} as
     * {@code include_dirs}.
     */
    public Map<String, String> origins() {
        return origins;
    }

    /** Environment, folder and database, without credentials. */
    @Override
    public String toString() {
        return "Config[environment=" + environment + ", projectDir=" + projectDir + ", database=" + database + "]";
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private String environment = "local";
        private Path projectDir = Path.of("");
        private @Nullable DatabaseUrl database;
        private boolean protectedDatabase;
        private List<IncludeDir> includeDirs = List.of(IncludeDir.of("db/schema"));
        private List<String> excludeDirs = List.of();
        private SortMode sortMode = SortMode.ALPHABETICAL;
        private Separators separators = Separators.BLOCK_COMMENT;
        private boolean twoPass;
        private boolean hashSeeds;
        private List<String> superuserDirs = List.of();
        private List<String> superuserPostDirs = List.of();
        private SeedConfig seeds = new SeedConfig(
                List.of(),
                SeedConfig.ExecutionMode.CONCATENATE,
                false,
                SeedConfig.TransactionMode.SAVEPOINT,
                Map.of(),
                null);
        private MigrationConfig migration = new MigrationConfig("tb_confiture", null);
        private final Map<String, String> origins = new TreeMap<>();

        private Builder() {}

        Builder origin(String setting, String place) {
            origins.put(setting, place);
            return this;
        }

        public Builder environment(String name) {
            this.environment = name;
            return this;
        }

        public Builder projectDir(Path folder) {
            this.projectDir = folder;
            return this;
        }

        /**
         * Where the database is, in any form that {@link DatabaseUrl#parse} reads.
         *
         * @throws ConfigurationException if it reads none
         */
        public Builder databaseUrl(String url) {
            return database(DatabaseUrl.parse(url));
        }

        public Builder database(DatabaseUrl url) {
            this.database = url;
            return this;
        }

        public Builder protectedDatabase(boolean value) {
            this.protectedDatabase = value;
            return this;
        }

        public Builder schemaDirs(String... folders) {
            this.includeDirs = List.of(folders).stream().map(IncludeDir::of).toList();
            return this;
        }

        public Builder includeDirs(List<IncludeDir> entries) {
            this.includeDirs = List.copyOf(entries);
            return this;
        }

        public Builder excludeDirs(String... folders) {
            this.excludeDirs = List.of(folders);
            return this;
        }

        public Builder sortMode(SortMode mode) {
            this.sortMode = mode;
            return this;
        }

        public Builder separators(Separators value) {
            this.separators = value;
            return this;
        }

        public Builder twoPass(boolean value) {
            this.twoPass = value;
            return this;
        }

        public Builder hashSeeds(boolean value) {
            this.hashSeeds = value;
            return this;
        }

        public Builder superuserDirs(String... folders) {
            this.superuserDirs = List.of(folders);
            return this;
        }

        public Builder superuserPostDirs(String... folders) {
            this.superuserPostDirs = List.of(folders);
            return this;
        }

        public Builder seedDirs(String... folders) {
            return seeds(new SeedConfig(
                    List.of(folders),
                    seeds.executionMode(),
                    seeds.continueOnError(),
                    seeds.transactionMode(),
                    seeds.profiles(),
                    seeds.profile()));
        }

        public Builder seeds(SeedConfig value) {
            this.seeds = value;
            return this;
        }

        public Builder migration(MigrationConfig value) {
            this.migration = value;
            return this;
        }

        public Config build() {
            return new Config(this);
        }
    }
}
