package io.confiture.boot.autoconfigure;

import io.confiture.boot.actuate.ConfitureHealthIndicator;
import io.confiture.boot.actuate.DatabaseDrift;
import io.confiture.boot.actuate.DatabaseReadings;
import io.confiture.boot.actuate.DriftReadings;
import io.confiture.migrate.Migrator;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
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
@Import({DatabaseReadingsConfiguration.class, DatabaseDriftConfiguration.class})
public final class ConfitureHealthAutoConfiguration {

    @Bean
    @ConditionalOnBean(DatabaseReadings.class)
    @ConditionalOnMissingBean(name = "confitureHealthIndicator", search = SearchStrategy.CURRENT)
    ConfitureHealthIndicator confitureHealthIndicator(
            DatabaseReadings readings, DatabaseDrift drift, ObjectProvider<ConfitureProperties> properties) {
        ConfitureProperties settings = properties.getIfAvailable(ConfitureProperties::new);
        Map<String, Duration> keptFor = new HashMap<>();
        for (String database : readings.databases()) {
            Duration wanted = settings.of(database).getDrift().getHealth();
            if (wanted != null) {
                keptFor.put(database, wanted);
            }
        }
        return new ConfitureHealthIndicator(readings, new DriftReadings(drift, keptFor));
    }
}
