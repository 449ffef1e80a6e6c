package io.confiture.boot.autoconfigure;

import java.util.List;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataLocationResolver;
import org.springframework.boot.context.config.ConfigDataLocationResolverContext;

/** Resolves {@code confiture:} and the place of a {@code confiture.yaml}; the working directory if nothing follows. */
final class YamlConfigDataLocationResolver implements ConfigDataLocationResolver<YamlConfigDataResource> {
    private static final String PREFIX = "confiture:";

    @Override
    public boolean isResolvable(ConfigDataLocationResolverContext context, ConfigDataLocation location) {
        return location.hasPrefix(PREFIX);
    }

    @Override
    public List<YamlConfigDataResource> resolve(
            ConfigDataLocationResolverContext context, ConfigDataLocation location) {
        String place = location.getNonPrefixedValue(PREFIX);
        return List.of(new YamlConfigDataResource(new YamlLocation(place.isEmpty() ? "." : place), location));
    }
}
