package io.confiture.boot.autoconfigure;

import java.util.ArrayList;
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
 * Puts the files of the databases into a native image: all below the locations on the class path that are configured when
 * the image is built. The files of an application that builds its migrators and schema builders itself are its own to name.
 */
final class LocationHints implements BeanFactoryInitializationAotProcessor {
    private static final String DEFAULT_LOCATION = "classpath:db/migrations";

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beanFactory) {
        if (beanFactory.getBeanNamesForType(ConfitureProperties.class, true, false).length == 0) {
            return null;
        }
        Binder binder = Binder.get(beanFactory.getBean(Environment.class));
        Named ofDefault = binder.bindOrCreate("confiture", Named.class);
        Set<String> folders = new LinkedHashSet<>(
                ofDefault.migrate() == null || ofDefault.migrate().locations() == null
                        ? List.of(DEFAULT_LOCATION)
                        : List.of());
        if (ofDefault.build() == null || ofDefault.build().include() == null) {
            folders.add(SchemaBuilders.DEFAULT_INCLUDE);
        }
        Set<String> files = new LinkedHashSet<>();
        // As a map: not every name of a database can be written as a part of the name of a property.
        List<Named> all = new ArrayList<>(binder.bind("confiture.databases", Bindable.mapOf(String.class, Named.class))
                .orElse(Map.of())
                .values());
        all.add(ofDefault);
        all.forEach(named -> {
            named.addFolders(folders);
            named.addFiles(files);
        });
        return (generationContext, code) -> {
            ResourceHints hints = generationContext.getRuntimeHints().resources();
            onClassPath(folders).forEach(folder -> hints.registerPattern(folder + "/**"));
            onClassPath(files).forEach(hints::registerPattern);
            hints.registerPattern("io/confiture/version.properties");
            hints.registerPattern("io/confiture/project/**");
        };
    }

    private static List<String> onClassPath(Set<String> locations) {
        return locations.stream()
                .filter(location -> location.startsWith("classpath:") || location.startsWith("classpath*:"))
                .map(location -> location.substring(location.indexOf(':') + 1).replaceAll("^/+|/+$", ""))
                .toList();
    }

    /** What a database says of its places; null where nothing is set below it. */
    record Named(
            @Nullable String config,
            @Nullable Located migrate,
            @Nullable Built build,
            @Nullable Drift drift) {
        void addFolders(Set<String> folders) {
            addAll(folders, migrate == null ? null : migrate.locations());
            if (build != null) {
                if (build.include() != null) {
                    build.include().forEach(entry -> folders.add(String.valueOf(entry.getPath())));
                }
                addAll(folders, build.seeds() == null ? null : build.seeds().dirs());
            }
        }

        void addFiles(Set<String> files) {
            files.add(String.valueOf(config));
            files.add(String.valueOf(drift == null ? null : drift.expected()));
        }

        private static void addAll(Set<String> folders, @Nullable List<String> some) {
            folders.addAll(some == null ? List.of() : some);
        }
    }

    /** @param locations null where none are set */
    record Located(@Nullable List<String> locations) {}

    /** What is null is not set. */
    record Built(
            @Nullable List<BuildProperties.Include> include,
            @Nullable Seeds seeds) {}

    /** @param dirs null where none are set */
    record Seeds(@Nullable List<String> dirs) {}

    /** @param expected null where none is set */
    record Drift(@Nullable String expected) {}
}
