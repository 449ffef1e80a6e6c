package io.confiture.boot.autoconfigure;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitializationDetector;
import org.springframework.util.ClassUtils;

/** Makes reactive users of a database wait for the migrations, which Spring Boot does for those of JDBC. */
final class ReactiveDependsOnDatabaseInitializationDetector implements DependsOnDatabaseInitializationDetector {

    @Override
    public Set<String> detect(ConfigurableListableBeanFactory beanFactory) {
        Set<String> names = new HashSet<>();
        if (beanFactory.getBeanNamesForType(ConfitureMigrationInitializer.class, true, false).length == 0) {
            return names;
        }
        add(beanFactory, "org.springframework.r2dbc.core.DatabaseClient", names);
        add(beanFactory, "org.springframework.data.r2dbc.core.R2dbcEntityOperations", names);
        Set<String> scripts = new HashSet<>();
        add(beanFactory, "org.springframework.boot.r2dbc.init.R2dbcScriptDatabaseInitializer", scripts);
        if (scripts.isEmpty()) {
            // The initializer of SQL scripts itself needs the connection, which then cannot wait for it.
            add(beanFactory, "io.r2dbc.spi.ConnectionFactory", names);
        }
        return names;
    }

    private static void add(ConfigurableListableBeanFactory beanFactory, String type, Set<String> names) {
        Class<?> present = resolve(type, beanFactory.getBeanClassLoader());
        if (present != null) {
            names.addAll(Set.of(beanFactory.getBeanNamesForType(present, true, false)));
        }
    }

    private static @Nullable Class<?> resolve(String type, @Nullable ClassLoader classLoader) {
        return ClassUtils.isPresent(type, classLoader) ? ClassUtils.resolveClassName(type, classLoader) : null;
    }
}
