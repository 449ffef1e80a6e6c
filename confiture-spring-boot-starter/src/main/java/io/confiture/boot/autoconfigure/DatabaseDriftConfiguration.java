package io.confiture.boot.autoconfigure;

import io.confiture.boot.actuate.DatabaseDrift;
import io.confiture.migrate.Migrator;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ResourceLoader;

/** What the endpoint and health share, imported by those of them that are there. */
@Configuration(proxyBeanMethods = false)
class DatabaseDriftConfiguration {

    @Bean
    @ConditionalOnBean(Migrator.class)
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    DatabaseDrift confitureDatabaseDrift(
            ListableBeanFactory beanFactory, ResourceLoader resourceLoader, ObjectProvider<Verifications> configured) {
        Map<String, Migrator> migrators = MigratorBeans.visibleByDatabase(beanFactory);
        Verifications verifications =
                configured.getIfAvailable(() -> Verifications.unconfigured(resourceLoader, beanFactory));
        return database -> verifications.drift(database, Objects.requireNonNull(migrators.get(database), database));
    }
}
