package io.confiture.boot.autoconfigure;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.migrate.Migrator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;

/** The migrators of a context by the names of their databases. */
final class MigratorBeans {
    private static final Logger log = LoggerFactory.getLogger(MigratorBeans.class);

    /** The database described by {@code confiture.*}. */
    static final String DEFAULT_DATABASE = "default";

    static final String DEFAULT_MIGRATOR = "confitureMigrator";

    private MigratorBeans() {}

    /** The migrators defined in this context itself: those of a parent were run when the parent started. */
    static Map<String, Migrator> byDatabase(ListableBeanFactory beanFactory) {
        // One by one: getBeansOfType leaves out, without a word, a bean whose creation has led here.
        Map<String, Migrator> beans = new LinkedHashMap<>();
        for (String name : beanFactory.getBeanNamesForType(Migrator.class, true, false)) {
            try {
                beans.put(name, beanFactory.getBean(name, Migrator.class));
            } catch (BeansException e) {
                throw cycle(name, e);
            }
        }
        return byDatabase(beans);
    }

    /** What the start does to each database; says so if the application's own migrators leave out its database. */
    static List<DatabaseStartup> startups(Map<String, Migrator> migrators, ConfitureProperties properties) {
        if (!migrators.isEmpty()
                && !migrators.containsKey(DEFAULT_DATABASE)
                && !properties.getDatabases().keySet().containsAll(migrators.keySet())) {
            log.warn(
                    "The Migrator beans of the application stand for the databases {}; none is made from confiture.*,"
                            + " and the database of spring.datasource.* is migrated only if one of them is for it",
                    migrators.keySet());
        }
        List<DatabaseStartup> startups = new ArrayList<>();
        migrators.forEach((database, migrator) -> startups.add(new DatabaseStartup(
                database,
                migrator,
                properties.modeOf(database),
                properties.targetOf(database),
                properties.waitTimeoutOf(database))));
        return startups;
    }

    private static RuntimeException cycle(String migrator, BeansException failure) {
        String needed = migrator;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof BeanCurrentlyInCreationException) {
                return new ConfigurationException(
                        ErrorCode.LISTENER_CYCLE,
                        "The bean '" + needed + "', which the migrations need, itself needs a bean that is created only"
                                + " after the migrations. Nothing was applied",
                        "A MigrationHook, a JavaMigration, a ConfitureMigratorCustomizer or a Migrator bean must not have JdbcTemplate,"
                                + " JdbcClient, a repository or the like injected: a hook is given the migration's own"
                                + " connection by context.jdbc(); others take the DataSource.",
                        failure);
            }
            if (t instanceof BeanCreationException creation && creation.getBeanName() != null) {
                needed = creation.getBeanName();
            }
        }
        return failure;
    }

    /** Those of the parents too. */
    static Map<String, Migrator> visibleByDatabase(ListableBeanFactory beanFactory) {
        return byDatabase(BeanFactoryUtils.beansOfTypeIncludingAncestors(beanFactory, Migrator.class));
    }

    private static Map<String, Migrator> byDatabase(Map<String, Migrator> beans) {
        Map<String, Migrator> migrators = new LinkedHashMap<>();
        beans.forEach((bean, migrator) -> {
            if (migrators.put(database(bean), migrator) != null) {
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Two Migrator beans stand for the database '" + database(bean) + "'; one of them is '" + bean
                                + "'.",
                        "Rename one: the database is called like the bean without its suffix Migrator, and "
                                + DEFAULT_MIGRATOR + " stands for '" + DEFAULT_DATABASE + "'.");
            }
        });
        return migrators;
    }

    static String bean(String database) {
        return DatabaseBeans.MIGRATOR.bean(database);
    }

    static String database(String bean) {
        return DatabaseBeans.MIGRATOR.database(bean);
    }
}
