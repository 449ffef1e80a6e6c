package io.confiture.boot.autoconfigure;

import io.confiture.boot.actuate.DatabaseChanges;
import io.confiture.boot.actuate.DatabaseReadings;
import io.confiture.boot.observation.RunListenerFactory;
import io.confiture.hook.RunListener;
import io.confiture.migrate.Migrator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What health, info and meters share, imported by those of them that are there. */
@Configuration(proxyBeanMethods = false)
class DatabaseReadingsConfiguration {

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    DatabaseChanges confitureDatabaseChanges() {
        return new DatabaseChanges();
    }

    /** A baseline or a repair publishes no event. */
    @Bean
    RunListenerFactory confitureLedgerChanges(DatabaseChanges changes) {
        return database -> new RunListener() {
            @Override
            public void ledgerChanged() {
                changes.add();
            }
        };
    }

    @Bean
    @ConditionalOnBean(Migrator.class)
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    DatabaseReadings confitureDatabaseReadings(
            ListableBeanFactory beanFactory, ObjectProvider<ConfitureProperties> properties, DatabaseChanges changes) {
        ConfitureProperties settings = properties.getIfAvailable(ConfitureProperties::new);
        Map<String, Migrator> migrators = MigratorBeans.visibleByDatabase(beanFactory);
        Map<String, String> targets = new HashMap<>();
        Set<String> leftAlone = new HashSet<>();
        for (String database : migrators.keySet()) {
            String target = settings.targetOf(database);
            if (target != null) {
                targets.put(database, target);
            }
            if (settings.modeOf(database) == MigrateMode.OFF) {
                leftAlone.add(database);
            }
        }
        return new DatabaseReadings(migrators, targets, leftAlone, changes);
    }
}
