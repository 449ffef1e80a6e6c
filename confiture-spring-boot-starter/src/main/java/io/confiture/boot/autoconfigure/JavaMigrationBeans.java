package io.confiture.boot.autoconfigure;

import io.confiture.error.ConfigurationException;
import io.confiture.error.EditDistance;
import io.confiture.error.ErrorCode;
import io.confiture.migrate.JavaMigration;
import io.confiture.migrate.Migrator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;

/**
 * The migrations that are beans, for the database each belongs to: the one that its {@code @Qualifier} names, else the
 * database {@code default}.
 */
final class JavaMigrationBeans {
    private final ListableBeanFactory beanFactory;
    private final Set<String> namedDatabases;

    JavaMigrationBeans(ListableBeanFactory beanFactory, Set<String> namedDatabases) {
        this.beanFactory = beanFactory;
        this.namedDatabases = Set.copyOf(namedDatabases);
    }

    /** @throws ConfigurationException if one, of whatever database, is for a database that is not there */
    List<JavaMigration> of(String database) {
        List<JavaMigration> migrations = new ArrayList<>();
        // One by one: the methods that give all beans of a type leave out one whose creation has led here.
        for (String bean :
                BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, JavaMigration.class, true, false)) {
            if (database.equals(databaseOf(bean))) {
                migrations.add(beanFactory.getBean(bean, JavaMigration.class));
            }
        }
        return migrations;
    }

    private String databaseOf(String bean) {
        Qualifier qualifier = qualifier(beanFactory, bean);
        if (qualifier == null) {
            return MigratorBeans.DEFAULT_DATABASE;
        }
        requireKnown(bean, qualifier.value());
        return qualifier.value();
    }

    /** The annotation itself: the name of a bean counts as a qualifier elsewhere. */
    private static @Nullable Qualifier qualifier(BeanFactory factory, String bean) {
        if (factory instanceof HierarchicalBeanFactory child
                && !child.containsLocalBean(bean)
                && child.getParentBeanFactory() != null) {
            return qualifier(child.getParentBeanFactory(), bean);
        }
        return factory instanceof ListableBeanFactory owner ? owner.findAnnotationOnBean(bean, Qualifier.class) : null;
    }

    /** To apply it to another database instead would change one that it was never meant for. */
    private void requireKnown(String bean, String database) {
        TreeSet<String> known = new TreeSet<>(namedDatabases);
        known.add(MigratorBeans.DEFAULT_DATABASE);
        for (String migrator :
                BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, Migrator.class, true, false)) {
            known.add(MigratorBeans.database(migrator));
        }
        if (known.contains(database)) {
            return;
        }
        String nearest = known.stream()
                .min(Comparator.comparingInt(name -> EditDistance.between(name, database)))
                .orElseThrow();
        throw new ConfigurationException(
                ErrorCode.INVALID_CONFIGURATION,
                "The JavaMigration bean '" + bean + "' is for the database '" + database
                        + "' by its @Qualifier, and there is none of that name; the nearest is '" + nearest + "' of "
                        + String.join(", ", known) + ". Nothing was done",
                "Correct the @Qualifier, configure " + NamedDatabases.PREFIX + database
                        + ", or leave the bean out where that database is not there, for instance by a profile.");
    }
}
