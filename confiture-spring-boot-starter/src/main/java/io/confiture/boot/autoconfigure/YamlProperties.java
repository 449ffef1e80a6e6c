package io.confiture.boot.autoconfigure;

import io.confiture.config.Config;
import io.confiture.config.IncludeDir;
import io.confiture.config.MigrationConfig;
import io.confiture.config.SeedConfig;
import io.confiture.postgres.DatabaseUrl;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Says by properties what a configuration says: what it does not say stays unsaid. */
final class YamlProperties {
    private final Config config;
    private final UnaryOperator<String> folders;
    private final Map<String, String> origins;
    private final YamlPropertySource properties;

    /**
     * @param properties where to say it
     * @param folders what a folder is called in properties
     */
    YamlProperties(YamlPropertySource properties, Config config, UnaryOperator<String> folders) {
        this.config = config;
        this.folders = folders;
        this.origins = config.origins();
        this.properties = properties;
    }

    YamlPropertySource read() {
        database();
        said("protected", "protected", config.isProtected());
        build();
        seeds();
        migration();
        return properties;
    }

    private void database() {
        DatabaseUrl database = config.database();
        if (database == null) {
            return;
        }
        origins.forEach((key, place) -> {
            if (key.startsWith("database.")) {
                properties.claim(
                        switch (key) {
                            case "database.user" -> "username";
                            case "database.password" -> "password";
                            default -> "url";
                        },
                        place);
            }
        });
        String url = origins.get("database.url");
        if (url != null && database.user() != null) {
            properties.claim("username", url);
        }
        if (url != null && database.hasPassword()) {
            properties.claim("password", url);
        }
        properties.put("url", database.jdbc());
    }

    private void build() {
        String includes = origins.get("include_dirs");
        if (includes != null) {
            properties.claim("build.include", includes);
            List<IncludeDir> entries = config.build().includeDirs();
            for (int i = 0; i < entries.size(); i++) {
                include("build.include[" + i + "].", entries.get(i));
            }
        }
        list("exclude_dirs", "build.exclude", config.build().excludeDirs(), folders);
        list("superuser_dirs", "build.superuser-dirs", config.build().superuserDirs(), folders);
        list("superuser_post_dirs", "build.superuser-post-dirs", config.build().superuserPostDirs(), folders);
        said("build.sort_mode", "build.sort-mode", config.build().sortMode());
        said(
                "build.separators.style",
                "build.separators.style",
                config.build().separators().style());
        if (origins.containsKey("build.separators.custom_template")) {
            said(
                    "build.separators.custom_template",
                    "build.separators.template",
                    Objects.requireNonNull(config.build().separators().template()));
        }
        said("build.two_pass", "build.two-pass", config.build().twoPass());
        said("build.hash_seeds", "build.hash-seeds", config.build().hashSeeds());
    }

    private void include(String entry, IncludeDir said) {
        properties.put(entry + "path", folders.apply(said.path()));
        properties.put(entry + "recursive", said.recursive());
        items(entry + "include", said.include(), UnaryOperator.identity());
        items(entry + "exclude", said.exclude(), UnaryOperator.identity());
        properties.put(entry + "order", said.order());
        properties.put(entry + "auto-discover", said.autoDiscover());
    }

    private void seeds() {
        SeedConfig seeds = config.seeds();
        list("seed_dirs", "build.seeds.dirs", seeds.dirs(), folders);
        said("seed.execution_mode", "build.seeds.mode", seeds.executionMode());
        said(
                "seed.continue_on_error",
                "build.seeds.on-error",
                seeds.continueOnError() ? SeedProperties.OnError.CONTINUE : SeedProperties.OnError.STOP);
        said("seed.transaction_mode", "build.seeds.transaction", seeds.transactionMode());
        if (seeds.profile() != null) {
            said("seed.profile", "build.seeds.profile", seeds.profile());
        }
        seeds.profiles().forEach((name, profile) -> {
            String property = "build.seeds.profiles." + name;
            String place = origins.getOrDefault(
                    "seed.profiles." + name + ".include",
                    origins.getOrDefault("seed.profiles." + name + ".exclude", "seed.profiles." + name));
            properties.claim(property, place);
            items(property + ".include", profile.include(), UnaryOperator.identity());
            items(property + ".exclude", profile.exclude(), UnaryOperator.identity());
        });
    }

    private void migration() {
        MigrationConfig migration = config.migration();
        String table = origins.get("migration.tracking_table");
        if (table != null) {
            said("migration.tracking_table", "migrate.table", migration.table());
            properties.claim("migrate.schema", table);
            if (migration.schema() != null) {
                properties.put("migrate.schema", migration.schema());
            }
        }
        if (migration.lockWait() != null) {
            said(
                    "migration.locking.timeout_ms",
                    "migrate.lock-wait",
                    migration.lockWait().toMillis() + "ms");
        }
    }

    private void said(String key, String property, Object value) {
        String place = origins.get(key);
        if (place != null) {
            properties.claim(property, place);
            properties.put(property, value instanceof Enum<?> word ? PropertyNames.valueOf(word) : value);
        }
    }

    private void list(String key, String property, List<String> values, UnaryOperator<String> text) {
        String place = origins.get(key);
        if (place != null) {
            properties.claim(property, place);
            items(property, values, text);
        }
    }

    private void items(String property, List<String> values, UnaryOperator<String> text) {
        for (int i = 0; i < values.size(); i++) {
            properties.put(property + "[" + i + "]", text.apply(values.get(i)));
        }
    }
}
