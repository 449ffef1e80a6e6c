package io.confiture.boot.autoconfigure;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.StringUtils;

/**
 * Adds what the {@code confiture.yaml} of each database says to the properties of the application, once all others are there.
 * What both say is an error, since neither should win unseen.
 */
final class YamlEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {
    private static final String CONFIG = ".config";

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        ResourceLoader resources = application.getResourceLoader() != null
                ? application.getResourceLoader()
                : new DefaultResourceLoader(application.getClassLoader());
        try {
            add(environment, resources);
        } catch (ConfitureException e) {
            throw new ConfitureStartupException(e);
        }
    }

    static void add(ConfigurableEnvironment environment, ResourceLoader resources) {
        locations(environment).forEach((database, location) -> {
            String prefix = PropertyNames.prefix(database);
            requireSaidOnce(environment, prefix + CONFIG);
            YamlPropertySource properties =
                    location.read(prefix, environmentOf(Binder.get(environment), prefix), resources);
            requireSaidNowhereElse(environment, properties);
            environment.getPropertySources().addLast(properties);
        });
        DefaultPropertiesPropertySource.moveToEnd(environment);
    }

    /** Where configurations are said to be, by the names of their databases. */
    private static Map<String, YamlLocation> locations(Environment environment) {
        Map<String, YamlLocation> locations = new LinkedHashMap<>();
        Set<String> named = NamedDatabases.names(environment);
        Binder binder = Binder.get(environment);
        for (String database : named) {
            add(locations, binder, database);
        }
        add(locations, binder, MigratorBeans.DEFAULT_DATABASE);
        return locations;
    }

    private static void add(Map<String, YamlLocation> locations, Binder binder, String database) {
        if (ConfigurationPropertyName.isValid(PropertyNames.prefix(database))) {
            String location = text(binder, PropertyNames.prefix(database) + CONFIG);
            if (location != null) {
                locations.put(database, new YamlLocation(location));
            }
        }
    }

    private static @Nullable String environmentOf(Binder binder, String prefix) {
        String own = text(binder, prefix + ".environment");
        return own != null ? own : text(binder, "confiture.environment");
    }

    private static @Nullable String text(Binder binder, String property) {
        String value = binder.bind(property, String.class).orElse(null);
        return StringUtils.hasText(value) ? value : null;
    }

    /** By import and by property, for instance. */
    private static void requireSaidOnce(ConfigurableEnvironment environment, String property) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
        ConfigurationProperty imported = null;
        for (ConfigurationPropertySource source : sources(environment)) {
            boolean isImport = source.getUnderlyingSource() instanceof PropertySource<?> said
                    && said.getName().startsWith(YamlConfigDataLoader.SOURCE);
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (isImport && found != null) {
                imported = found;
            }
        }
        if (imported != null) {
            for (ConfigurationPropertySource source : sources(environment)) {
                ConfigurationProperty found = source.getConfigurationProperty(name);
                if (found != null && !found.equals(imported)) {
                    throw twice(property, place(found, source), String.valueOf(imported.getOrigin()));
                }
            }
        }
    }

    private static void requireSaidNowhereElse(ConfigurableEnvironment environment, YamlPropertySource properties) {
        Iterable<ConfigurationPropertySource> sources = sources(environment);
        for (Map.Entry<String, Origin> setting : properties.settings().entrySet()) {
            ConfigurationPropertyName name = ConfigurationPropertyName.of(setting.getKey());
            for (ConfigurationPropertySource source : sources) {
                ConfigurationProperty other = find(source, name);
                if (other != null) {
                    throw twice(other.getName().toString(), place(other, source), String.valueOf(setting.getValue()));
                }
            }
        }
    }

    private static Iterable<ConfigurationPropertySource> sources(ConfigurableEnvironment environment) {
        MutablePropertySources sources = new MutablePropertySources();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)) {
                sources.addLast(source);
            }
        }
        return ConfigurationPropertySources.from(sources);
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

    private static String place(ConfigurationProperty property, ConfigurationPropertySource source) {
        return property.getOrigin() != null
                ? property.getOrigin().toString()
                : source.getUnderlyingSource() instanceof PropertySource<?> said ? said.getName() : "a property";
    }

    private static ConfigurationException twice(String property, String one, String other) {
        return new ConfigurationException(
                ErrorCode.INVALID_CONFIGURATION,
                property + " is said twice, in " + one + " and in " + other + ". Nothing was done",
                "Remove one of the two: neither wins.");
    }

    /** Elsewhere than in an application that Spring Boot starts nobody has read the files that the properties name. */
    static void requireRead(Environment environment) {
        if (environment instanceof ConfigurableEnvironment configurable) {
            locations(environment).forEach((database, location) -> {
                boolean read = configurable.getPropertySources().stream()
                        .anyMatch(source -> source instanceof YamlPropertySource yaml
                                && yaml.prefix().equals(PropertyNames.prefix(database)));
                if (!read) {
                    throw new ConfigurationException(
                            ErrorCode.INVALID_CONFIGURATION,
                            PropertyNames.prefix(database) + CONFIG + " names " + location.text()
                                    + ", and nothing has read it. Nothing was done",
                            "It is read when SpringApplication prepares the environment: start the application, or the"
                                    + " test, with Spring Boot (@SpringBootTest).");
                }
            });
        }
    }
}
