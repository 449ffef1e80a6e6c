package io.confiture.config;

import io.confiture.postgres.DatabaseUrl;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one environment. Immutable and thread-safe; its text form holds no credential.
 *
 * @since 0.1.0
 */
public final class Config {
    private final Builder from;

    private Config(Builder from) {
        this.from = from;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The name of the environment, {@code local} unless said otherwise. */
    public String environment() {
        return from.environment;
    }

    /** What relative paths begin at. */
    public Path projectDir() {
        return from.projectDir;
    }

    /** Where the database is, null if that is not said. */
    public @Nullable DatabaseUrl database() {
        return from.database;
    }

    /** Whether nothing of the database may be dropped without being confirmed by name. */
    public boolean isProtected() {
        return from.protectedDatabase || from.environment.equals("production");
    }

    public BuildConfig build() {
        return new BuildConfig(
                from.includeDirs,
                from.excludeDirs,
                from.sortMode,
                from.separators,
                from.twoPass,
                from.hashSeeds,
                from.superuserDirs,
                from.superuserPostDirs);
    }

    public SeedConfig seeds() {
        return from.seeds;
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

        private Builder() {}

        public Builder environment(String name) {
            this.environment = name;
            return this;
        }

        public Builder projectDir(Path folder) {
            this.projectDir = folder;
            return this;
        }

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

        public Config build() {
            return new Config(this);
        }
    }
}
