package io.confiture.boot.autoconfigure;

import io.confiture.boot.actuate.ConfitureHealthIndicator;
import io.confiture.migrate.Migrator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health indicator {@code confiture}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ConfitureAutoConfiguration.class, before = HealthContributorAutoConfiguration.class)
@ConditionalOnClass({Migrator.class, Health.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("confiture")
public final class ConfitureHealthAutoConfiguration {

    @Bean
    @ConditionalOnBean(Migrator.class)
    @ConditionalOnMissingBean(name = "confitureHealthIndicator")
    ConfitureHealthIndicator confitureHealthIndicator(
            ListableBeanFactory beanFactory, ObjectProvider<ConfitureProperties> properties) {
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
        return new ConfitureHealthIndicator(migrators, targets, leftAlone);
    }
}
