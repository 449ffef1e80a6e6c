package io.confiture.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.EnumerablePropertySource;

/** What a {@code confiture.yaml} says of a database, as the properties that mean the same, with their places. */
final class YamlPropertySource extends EnumerablePropertySource<Map<String, String>> implements OriginLookup<String> {
    private final String prefix;
    private final String file;
    private final @Nullable String environment;
    /** The places of settings, by the properties that would say the same; also of what is said within another value. */
    private final Map<String, Origin> settings = new LinkedHashMap<>();

    /**
     * @param prefix of the properties of the database
     * @param file as the properties name it
     * @param environment as the properties name it, or null
     */
    YamlPropertySource(String prefix, String file, @Nullable String environment) {
        super("Confiture settings of " + prefix + ".* in " + file, new LinkedHashMap<>());
        this.prefix = prefix;
        this.file = file;
        this.environment = environment;
    }

    String prefix() {
        return prefix;
    }

    String file() {
        return file;
    }

    /** The environment that was asked for when the file was read, null if none was. */
    @Nullable
    String environment() {
        return environment;
    }

    Map<String, Origin> settings() {
        return settings;
    }

    /** Says that a property is set there, whatever its value is. */
    void claim(String property, String place) {
        settings.putIfAbsent(prefix + "." + property, new Place(place));
    }

    /** @param property may be a part of one that is claimed */
    void put(String property, Object value) {
        source.put(prefix + "." + property, String.valueOf(value));
    }

    @Override
    public String[] getPropertyNames() {
        return source.keySet().toArray(String[]::new);
    }

    @Override
    public @Nullable Object getProperty(String name) {
        return source.get(name);
    }

    @Override
    public @Nullable Origin getOrigin(String key) {
        return settings.entrySet().stream()
                .filter(setting -> key.equals(setting.getKey())
                        || key.startsWith(setting.getKey() + "[")
                        || key.startsWith(setting.getKey() + "."))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** A place in a file, such as {@code confiture.yaml:12:5}. */
    record Place(String place) implements Origin {
        @Override
        public String toString() {
            return place;
        }
    }
}
