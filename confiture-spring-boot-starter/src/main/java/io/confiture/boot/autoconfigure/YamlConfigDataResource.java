package io.confiture.boot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataResource;

/** What {@code spring.config.import=confiture:…} names. */
final class YamlConfigDataResource extends ConfigDataResource {
    private final YamlLocation location;
    private final ConfigDataLocation said;

    YamlConfigDataResource(YamlLocation location, ConfigDataLocation said) {
        super(said.isOptional());
        this.location = location;
        this.said = said;
    }

    YamlLocation location() {
        return location;
    }

    ConfigDataLocation said() {
        return said;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof YamlConfigDataResource resource && resource.location.equals(location);
    }

    @Override
    public int hashCode() {
        return location.hashCode();
    }

    @Override
    public String toString() {
        return "Confiture settings in " + location.text();
    }
}
