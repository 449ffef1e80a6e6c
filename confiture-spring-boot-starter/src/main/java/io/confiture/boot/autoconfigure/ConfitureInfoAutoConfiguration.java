package io.confiture.boot.autoconfigure;

import io.confiture.boot.actuate.ConfitureInfoContributor;
import io.confiture.boot.actuate.DatabaseReadings;
import io.confiture.migrate.Migrator;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorFallback;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of what the endpoint {@code info} says about the databases, if that is wanted.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ConfitureAutoConfiguration.class, before = InfoContributorAutoConfiguration.class)
@ConditionalOnClass({Migrator.class, InfoContributor.class, ConditionalOnEnabledInfoContributor.class})
@ConditionalOnEnabledInfoContributor(value = "confiture", fallback = InfoContributorFallback.DISABLE)
@Import(DatabaseReadingsConfiguration.class)
public final class ConfitureInfoAutoConfiguration {

    @Bean
    @ConditionalOnBean(DatabaseReadings.class)
    @ConditionalOnMissingBean(name = "confitureInfoContributor", search = SearchStrategy.CURRENT)
    ConfitureInfoContributor confitureInfoContributor(DatabaseReadings readings) {
        return new ConfitureInfoContributor(readings);
    }
}
