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
        Set<String> locations =
                new LinkedHashSet<>(binder.bind("confiture.migrate.locations", Bindable.listOf(String.class))
                        .orElse(List.of(DEFAULT_LOCATION)));
        // As a map: not every name of a database can be written as a part of the name of a property.
        binder.bind("confiture.databases", Bindable.mapOf(String.class, Named.class))
                .orElse(Map.of())
                .values()
                .forEach(named -> locations.addAll(named.locations()));
        return locations;
    }

    /** @param migrate null where nothing is set below it */
    record Named(@Nullable Located migrate) {
        List<String> locations() {
            return migrate == null || migrate.locations() == null ? List.of() : migrate.locations();
        }
    }

    /** @param locations null where none are set */
    record Located(@Nullable List<String> locations) {}
}
