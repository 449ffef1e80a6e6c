package io.confiture.boot.autoconfigure;

import io.confiture.migrate.JavaMigration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;

/**
 * The migrations that are beans, for the database each belongs to: the one whose name is its {@code @Qualifier}, else the
 * database {@code default}.
 */
final class JavaMigrationBeans {
    private final ListableBeanFactory beanFactory;
    private final Set<String> namedDatabases;

    JavaMigrationBeans(ListableBeanFactory beanFactory, Set<String> namedDatabases) {
        this.beanFactory = beanFactory;
        this.namedDatabases = Set.copyOf(namedDatabases);
    }

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
        return namedDatabases.stream()
                .filter(name -> BeanFactoryAnnotationUtils.isQualifierMatch(name::equals, bean, beanFactory))
                .findFirst()
                .orElse(MigratorBeans.DEFAULT_DATABASE);
    }
}
