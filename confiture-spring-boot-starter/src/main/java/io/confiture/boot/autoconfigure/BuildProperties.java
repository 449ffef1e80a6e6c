package io.confiture.boot.autoconfigure;

import io.confiture.config.IncludeDir;
import io.confiture.config.Separators;
import io.confiture.config.SortMode;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * Where the files that describe a schema are, and how it is built from them.
 *
 * @since 0.1.0
 */
public final class BuildProperties {

    /** What the start of the application does with an empty database. */
    private BuildOnStartup onStartup = BuildOnStartup.NEVER;

    /**
     * Comma-separated list of the folders of the schema's files, each "classpath:" or "file:" followed by a folder. For
     * what a folder alone does not say, each has path, recursive, include, exclude, order and auto-discover.
     */
    private @Nullable List<Include> include;

    /** Comma-separated list of folders that are left out wherever an included one holds them. */
    private List<String> exclude = new ArrayList<>();

    /** Order of files within an included folder. */
    private SortMode sortMode = SortMode.ALPHABETICAL;

    @NestedConfigurationProperty
    private final SeparatorProperties separators = new SeparatorProperties();

    /** Whether foreign keys are added after all tables, so that files may come in any order. */
    private boolean twoPass;

    /** Whether seed files count in the hash of the schema. */
    private boolean hashSeeds;

    /** Comma-separated list of folders that a superuser runs before all others, where the schema is split by privilege. */
    private List<String> superuserDirs = new ArrayList<>();

    /** Comma-separated list of folders that a superuser runs after all others. */
    private List<String> superuserPostDirs = new ArrayList<>();

    @NestedConfigurationProperty
    private final SeedProperties seeds = new SeedProperties();

    public BuildOnStartup getOnStartup() {
        return onStartup;
    }

    public void setOnStartup(BuildOnStartup onStartup) {
        this.onStartup = onStartup;
    }

    public @Nullable List<Include> getInclude() {
        return include;
    }

    public void setInclude(@Nullable List<Include> include) {
        this.include = include;
    }

    public List<String> getExclude() {
        return exclude;
    }

    public void setExclude(List<String> exclude) {
        this.exclude = exclude;
    }

    public SortMode getSortMode() {
        return sortMode;
    }

    public void setSortMode(SortMode sortMode) {
        this.sortMode = sortMode;
    }

    public SeparatorProperties getSeparators() {
        return separators;
    }

    public boolean isTwoPass() {
        return twoPass;
    }

    public void setTwoPass(boolean twoPass) {
        this.twoPass = twoPass;
    }

    public boolean isHashSeeds() {
        return hashSeeds;
    }

    public void setHashSeeds(boolean hashSeeds) {
        this.hashSeeds = hashSeeds;
    }

    public List<String> getSuperuserDirs() {
        return superuserDirs;
    }

    public void setSuperuserDirs(List<String> superuserDirs) {
        this.superuserDirs = superuserDirs;
    }

    public List<String> getSuperuserPostDirs() {
        return superuserPostDirs;
    }

    public void setSuperuserPostDirs(List<String> superuserPostDirs) {
        this.superuserPostDirs = superuserPostDirs;
    }

    public SeedProperties getSeeds() {
        return seeds;
    }

    /** A folder of the schema's files. Its path alone may stand for it. */
    public static final class Include {
        private @Nullable String path;
        private boolean recursive = true;
        private @Nullable List<String> include;
        private List<String> exclude = new ArrayList<>();
        private int order;
        private boolean autoDiscover;

        public Include() {}

        /** All SQL files below a folder that must be there. */
        public Include(String path) {
            this.path = path;
        }

        public @Nullable String getPath() {
            return path;
        }

        public void setPath(@Nullable String path) {
            this.path = path;
        }

        public boolean isRecursive() {
            return recursive;
        }

        public void setRecursive(boolean recursive) {
            this.recursive = recursive;
        }

        public @Nullable List<String> getInclude() {
            return include;
        }

        public void setInclude(@Nullable List<String> include) {
            this.include = include;
        }

        public List<String> getExclude() {
            return exclude;
        }

        public void setExclude(List<String> exclude) {
            this.exclude = exclude;
        }

        public int getOrder() {
            return order;
        }

        public void setOrder(int order) {
            this.order = order;
        }

        public boolean isAutoDiscover() {
            return autoDiscover;
        }

        public void setAutoDiscover(boolean autoDiscover) {
            this.autoDiscover = autoDiscover;
        }

        /** What it says, if it has a path. */
        IncludeDir asEntry() {
            String folder = Objects.requireNonNull(path);
            List<String> globs = include != null ? include : List.of(recursive ? "**/*.sql" : "*.sql");
            return new IncludeDir(folder, recursive, globs, exclude, order, autoDiscover);
        }
    }

    /** What stands between two files. */
    public static final class SeparatorProperties {

        /** How the comment that names a file is written. */
        private Separators.Style style = Separators.Style.BLOCK_COMMENT;

        /** Text with "{file_path}" that stands before a file, for the style "custom". */
        private @Nullable String template;

        public Separators.Style getStyle() {
            return style;
        }

        public void setStyle(Separators.Style style) {
            this.style = style;
        }

        public @Nullable String getTemplate() {
            return template;
        }

        public void setTemplate(@Nullable String template) {
            this.template = template;
        }

        /** @param prefix of these properties, to name them */
        Separators asConfig(String prefix) {
            boolean custom = style == Separators.Style.CUSTOM;
            if (custom ? template == null || !template.contains("{file_path}") : template != null) {
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        custom
                                ? prefix + ".style is custom, and no template names the file. Nothing was done"
                                : prefix + ".template is for the style custom alone. Nothing was done",
                        custom
                                ? "Set " + prefix + ".template, for example to \"-- {file_path}\"."
                                : "Set " + prefix + ".style=custom, or remove the template.");
            }
            return new Separators(style, template);
        }
    }
}
