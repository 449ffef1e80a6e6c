package io.confiture.boot.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ResourceHints;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Puts the migrations into a native image: all below the locations on the class path that are configured when the image is
 * built. The migrations of an application that builds its migrators itself are its own to name.
 */
final class LocationHints implements BeanFactoryInitializationAotProcessor {
    private static final String DEFAULT_LOCATION = "classpath:db/migrations";

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beanFactory) {
        if (beanFactory.getBeanNamesForType(ConfitureProperties.class, true, false).length == 0) {
            return null;
        }
        Set<String> locations = locations(Binder.get(beanFactory.getBean(Environment.class)));
        return (generationContext, code) -> {
            ResourceHints hints = generationContext.getRuntimeHints().resources();
            for (String location : locations) {
                if (location.startsWith("classpath:") || location.startsWith("classpath*:")) {
                    String folder =
                            location.substring(location.indexOf(':') + 1).replaceAll("^/+|/+$", "");
                    hints.registerPattern(folder + "/**");
                }
            }
        };
    }

    private static Set<String> locations(Binder binder) {
        Set<String> locations = new LinkedHashSet<>();
        addLocations(binder, "confiture", locations);
        Map<String, Object> databases = binder.bind("confiture.databases", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of());
        databases.keySet().forEach(database -> addLocations(binder, "confiture.databases." + database, locations));
        return locations;
    }

    private static void addLocations(Binder binder, String prefix, Set<String> locations) {
        locations.addAll(binder.bind(prefix + ".migrate.locations", Bindable.listOf(String.class))
                .orElse(List.of(DEFAULT_LOCATION)));
    }
}
