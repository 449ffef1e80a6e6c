package io.confiture.config;

import io.confiture.error.ConfigurationException;
import io.confiture.postgres.DatabaseUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns the checked settings of an environment into its configuration; what no key alone can get wrong is checked here. */
final class EnvironmentReader {
    private static final String IDENTIFIER = "[A-Za-z_][A-Za-z0-9_$]*";

    private final Settings settings;
    private final String environment;

    EnvironmentReader(Settings settings, String environment) {
        this.settings = settings;
        this.environment = environment;
    }

    Config.Builder read() {
        if (!settings.text("name", environment).equals(environment)) {
            throw settings.position("name")
                    .error("name is another one than that of the environment, " + environment, "Remove the line.");
        }
        Config.Builder builder = Config.builder().environment(environment);
        DatabaseUrl database = database();
        if (database != null) {
            builder.database(database);
        }
        builder.protectedDatabase(settings.flag("protected", false))
                .includeDirs(includeDirs())
                .excludeDirs(array("exclude_dirs"))
                .sortMode(settings.choice("build.sort_mode", SortMode.ALPHABETICAL))
                .separators(separators())
                .twoPass(settings.flag("build.two_pass", false))
                .hashSeeds(settings.flag("build.hash_seeds", false))
                .superuserDirs(array("superuser_dirs"))
                .superuserPostDirs(array("superuser_post_dirs"))
                .seeds(seeds())
                .migration(migration());
        origins().forEach(builder::origin);
        return builder;
    }

    private String[] array(String path) {
        return settings.texts(path, List.of()).toArray(String[]::new);
    }

    /** By the names of {@code confiture.yaml}, whichever form was read. */
    private Map<String, String> origins() {
        Map<String, String> origins = new TreeMap<>(settings.origins());
        rename(origins, "database_url", "database.url");
        rename(origins, "schema_dirs", "include_dirs");
        return origins;
    }

    private static void rename(Map<String, String> origins, String from, String to) {
        String origin = origins.remove(from);
        if (origin != null) {
            origins.put(to, origin);
        }
    }

    private void notBoth(String one, String other) {
        if (settings.has(one) && settings.has(other)) {
            throw settings.position(other)
                    .error(
                            other + " says the same as " + one + " in line "
                                    + settings.position(one).line(),
                            "Remove one of the two: neither wins.");
        }
    }

    private @Nullable DatabaseUrl database() {
        notBoth("database", "database_url");
        for (String key : List.of("host", "port", "database", "user", "password")) {
            notBoth("database.url", "database." + key);
        }
        for (String key : List.of("database.url", "database_url")) {
            String url = settings.text(key);
            if (url != null) {
                try {
                    return DatabaseUrl.parse(url);
                } catch (ConfigurationException e) {
                    throw settings.position(key).because(key, e);
                }
            }
        }
        if (!settings.has("database")) {
            return null;
        }
        String name = settings.text("database.database");
        if (name == null) {
            throw settings.position("database")
                    .error("database names no database", "Set database.database or database.url.");
        }
        try {
            return DatabaseUrl.of(
                    settings.text("database.host", "localhost"),
                    settings.number("database.port", 5432),
                    name,
                    settings.text("database.user"),
                    settings.text("database.password"));
        } catch (ConfigurationException e) {
            throw settings.position("database.host").because("database.host", e);
        }
    }

    private List<IncludeDir> includeDirs() {
        notBoth("schema_dirs", "include_dirs");
        if (settings.has("include_dirs")) {
            return settings.items("include_dirs").stream()
                    .map(EnvironmentReader::includeDir)
                    .toList();
        }
        return settings.texts("schema_dirs", List.of("db/schema")).stream()
                .map(IncludeDir::of)
                .toList();
    }

    private static IncludeDir includeDir(Node entry) {
        if (entry instanceof Node.Scalar path) {
            return IncludeDir.of(path.text());
        }
        Settings include = new Settings((Node.Mapping) entry);
        boolean recursive = include.flag("recursive", true);
        return new IncludeDir(
                include.text("path", ""),
                recursive,
                include.texts("include", List.of(recursive ? "**/*.sql" : "*.sql")),
                include.texts("exclude", List.of()),
                include.number("order", 0),
                include.flag("auto_discover", false));
    }

    private Separators separators() {
        String template = settings.text("build.separators.custom_template");
        Separators.Style style = settings.choice("build.separators.style", Separators.Style.BLOCK_COMMENT);
        if (style == Separators.Style.CUSTOM && (template == null || !template.contains("{file_path}"))) {
            throw settings.position("build.separators.style")
                    .error(
                            "style custom has no custom_template that names the file",
                            "Write custom_template: \"-- {file_path}\", for example.");
        }
        if (style != Separators.Style.CUSTOM && template != null) {
            throw settings.position("build.separators.custom_template")
                    .error("custom_template is for style: custom alone", "Set the style, or remove the line.");
        }
        return new Separators(style, template);
    }

    private SeedConfig seeds() {
        SeedConfig.ExecutionMode mode = settings.choice("seed.execution_mode", SeedConfig.ExecutionMode.CONCATENATE);
        boolean goesOn = settings.flag("seed.continue_on_error", false);
        SeedConfig.TransactionMode transactions =
                settings.choice("seed.transaction_mode", SeedConfig.TransactionMode.SAVEPOINT);
        if (mode == SeedConfig.ExecutionMode.CONCATENATE) {
            onlySequential("seed.continue_on_error", goesOn);
            onlySequential("seed.transaction_mode", transactions != SeedConfig.TransactionMode.SAVEPOINT);
        }
        Map<String, SeedConfig.Profile> profiles = new TreeMap<>();
        settings.blocks("seed.profiles")
                .forEach((name, profile) -> profiles.put(
                        name,
                        new SeedConfig.Profile(
                                profile.texts("include", List.of("**/*.sql")), profile.texts("exclude", List.of()))));
        String profile = settings.text("seed.profile");
        if (profile != null && !profiles.containsKey(profile)) {
            throw KeyCheck.unknown(
                    "profile", profile, settings.position("seed.profile"), "seed.profiles", profiles.keySet());
        }
        return new SeedConfig(settings.texts("seed_dirs", List.of()), mode, goesOn, transactions, profiles, profile);
    }

    private void onlySequential(String path, boolean said) {
        if (said) {
            throw settings.position(path)
                    .error(path + " takes effect in sequential mode alone", "Set seed.execution_mode: sequential.");
        }
    }

    private MigrationConfig migration() {
        String table = settings.text("migration.tracking_table", "tb_confiture");
        if (!table.matches("(" + IDENTIFIER + "[.])?" + IDENTIFIER)) {
            throw settings.position("migration.tracking_table")
                    .error(
                            "migration.tracking_table is a name, or two with a dot between them",
                            "Names have letters, digits and underscores; write them without quotes.");
        }
        int wait = settings.number("migration.locking.timeout_ms", -1);
        return new MigrationConfig(table, wait < 0 ? null : Duration.ofMillis(wait));
    }
}
