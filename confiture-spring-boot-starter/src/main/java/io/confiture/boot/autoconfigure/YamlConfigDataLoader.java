package io.confiture.boot.autoconfigure;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigData;
import org.springframework.boot.context.config.ConfigDataLoader;
import org.springframework.boot.context.config.ConfigDataLoaderContext;
import org.springframework.boot.context.config.ConfigDataResourceNotFoundException;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * Takes an import for {@code confiture.config}: it is read when all profiles and all other properties are known, since these
 * choose the environment.
 */
final class YamlConfigDataLoader implements ConfigDataLoader<YamlConfigDataResource> {
    static final String SOURCE = "Import of Confiture settings";

    @Override
    public ConfigData load(ConfigDataLoaderContext context, YamlConfigDataResource resource) {
        YamlLocation location = resource.location();
        if (!location.exists(new DefaultResourceLoader())) {
            throw new ConfigDataResourceNotFoundException(resource);
        }
        Origin origin = Origin.from(resource.said());
        OriginTrackedValue value = OriginTrackedValue.of(
                location.text(), new YamlPropertySource.Place("import of " + resource.said() + place(origin)));
        return new ConfigData(List.of(new OriginTrackedMapPropertySource(
                SOURCE + " " + location.text(), Map.of("confiture.config", value), true)));
    }

    private static String place(@Nullable Origin origin) {
        return origin == null ? "" : " in " + origin;
    }
}
