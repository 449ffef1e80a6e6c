package io.confiture.boot.autoconfigure;

import io.confiture.boot.actuate.ConfitureHealthIndicator;
import io.confiture.boot.actuate.DatabaseReadings;
import io.confiture.migrate.Migrator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of the health indicator {@code confiture}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ConfitureAutoConfiguration.class, before = HealthContributorAutoConfiguration.class)
@ConditionalOnClass({Migrator.class, Health.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("confiture")
@Import(DatabaseReadingsConfiguration.class)
public final class ConfitureHealthAutoConfiguration {

    @Bean
    @ConditionalOnBean(DatabaseReadings.class)
    @ConditionalOnMissingBean(name = "confitureHealthIndicator", search = SearchStrategy.CURRENT)
    ConfitureHealthIndicator confitureHealthIndicator(DatabaseReadings readings) {
        return new ConfitureHealthIndicator(readings);
    }
}
