package io.confiture.boot.autoconfigure;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.util.StringUtils;

/**
 * What the properties of an application say beside its {@code confiture.yaml} files. What both say is an error, since neither
 * should win unseen.
 */
final class YamlSettings {
    private static final String CONFIG = ".config";

    private final ConfigurableEnvironment environment;
    /** All properties but those that were read from such a file. */
    private final Iterable<ConfigurationPropertySource> sources;

    private final Binder binder;

    YamlSettings(ConfigurableEnvironment environment) {
        this.environment = environment;
        MutablePropertySources others = new MutablePropertySources();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)
                    && !(source instanceof YamlPropertySource)) {
                others.addLast(source);
            }
        }
        this.sources = ConfigurationPropertySources.from(others);
        this.binder = new Binder(sources, new PropertySourcesPlaceholdersResolver(environment));
    }

    /**
     * What the start does when the properties are bound: sources that were added behind the reading, as by a test, have to
     * agree with it.
     */
    static void requireHeld(Environment environment) {
        if (environment instanceof ConfigurableEnvironment configurable) {
            new YamlSettings(configurable).requireHeld();
        }
    }

    private void requireHeld() {
        Map<String, YamlPropertySource> read = new LinkedHashMap<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof YamlPropertySource yaml) {
                read.putIfAbsent(yaml.prefix(), yaml);
            }
        }
        Map<String, YamlLocation> locations = locations();
        locations.forEach((prefix, location) -> {
            if (!read.containsKey(prefix)) {
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        prefix + CONFIG + " names " + location.text() + ", and nothing has read it. Nothing was done",
                        "It is read when SpringApplication prepares the environment: start the application, or the"
                                + " test, with Spring Boot (@SpringBootTest), and name it before, in a file or by an argument.");
            }
            requireOneLocation(prefix);
        });
        read.forEach((prefix, yaml) -> {
            YamlLocation location = locations.get(prefix);
            requireUnchanged(prefix + CONFIG, yaml.file(), location == null ? null : location.text(), yaml);
            requireUnchanged(prefix + ".environment", yaml.environment(), environmentOf(prefix), yaml);
            requireSaidNowhereElse(yaml);
        });
    }

    private static void requireUnchanged(
            String property, @Nullable String then, @Nullable String now, YamlPropertySource yaml) {
        if (!Objects.equals(then, now)) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    property + " was " + (then == null ? "not set" : "'" + then + "'") + " when " + yaml.file()
                            + " was read, and " + (now == null ? "is not set" : "is '" + now + "'")
                            + " now. Nothing was done",
                    "Set it where SpringApplication finds it when it prepares the environment: in a file, by an argument"
                            + " or a variable, in a test by @TestPropertySource.");
        }
    }

    /** Where configurations are said to be, by the prefixes of their databases. */
    Map<String, YamlLocation> locations() {
        Map<String, YamlLocation> locations = new LinkedHashMap<>();
        for (String database : NamedDatabases.names(environment)) {
            add(locations, PropertyNames.prefix(database));
        }
        add(locations, PropertyNames.prefix(MigratorBeans.DEFAULT_DATABASE));
        return locations;
    }

    private void add(Map<String, YamlLocation> locations, String prefix) {
        if (ConfigurationPropertyName.isValid(prefix)) {
            String location = text(prefix + CONFIG);
            if (location != null) {
                locations.put(prefix, new YamlLocation(location));
            }
        }
    }

    @Nullable
    String environmentOf(String prefix) {
        String own = text(prefix + ".environment");
        return own != null ? own : text("confiture.environment");
    }

    private @Nullable String text(String property) {
        String value = binder.bind(property, String.class).orElse(null);
        return StringUtils.hasText(value) ? value : null;
    }

    /** By import and by property, for instance. */
    void requireOneLocation(String prefix) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix + CONFIG);
        ConfigurationProperty imported = null;
        for (ConfigurationPropertySource source : sources) {
            boolean isImport = source.getUnderlyingSource() instanceof PropertySource<?> said
                    && said.getName().startsWith(YamlConfigDataLoader.SOURCE);
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (isImport && found != null) {
                imported = found;
            }
        }
        if (imported != null) {
            for (ConfigurationPropertySource source : sources) {
                ConfigurationProperty found = source.getConfigurationProperty(name);
                if (found != null && !found.equals(imported)) {
                    throw twice(name, place(found, source), imported.getOrigin());
                }
            }
        }
    }

    void requireSaidNowhereElse(YamlPropertySource yaml) {
        yaml.settings().forEach((setting, place) -> {
            ConfigurationPropertyName name = ConfigurationPropertyName.of(setting);
            for (ConfigurationPropertySource source : sources) {
                ConfigurationProperty other = find(source, name);
                if (other != null) {
                    throw twice(other.getName(), place(other, source), place);
                }
                // A variable of the environment for a part of a property whose name has dashes is not told by its name.
                if (source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
                    throw twice(name, place(null, source), place);
                }
            }
        });
    }

    /** The property, or one that is a part of it. */
    private static @Nullable ConfigurationProperty find(
            ConfigurationPropertySource source, ConfigurationPropertyName name) {
        ConfigurationProperty found = source.getConfigurationProperty(name);
        if (found == null && source instanceof IterableConfigurationPropertySource all) {
            return all.stream()
                    .filter(name::isAncestorOf)
                    .findFirst()
                    .map(source::getConfigurationProperty)
                    .orElse(null);
        }
        return found;
    }

    private static String place(@Nullable ConfigurationProperty property, ConfigurationPropertySource source) {
        return property != null && property.getOrigin() != null
                ? property.getOrigin().toString()
                : source.getUnderlyingSource() instanceof PropertySource<?> said ? said.getName() : "a property";
    }

    private static ConfigurationException twice(ConfigurationPropertyName name, String one, @Nullable Origin other) {
        return new ConfigurationException(
                ErrorCode.INVALID_CONFIGURATION,
                name + " is said twice, in " + one + " and in " + other + ". Nothing was done",
                "Remove one of the two: neither wins.");
    }
}
