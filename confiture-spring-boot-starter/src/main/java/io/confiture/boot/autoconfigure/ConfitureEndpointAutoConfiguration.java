package io.confiture.boot.autoconfigure;

import io.confiture.boot.actuate.ConfitureEndpoint;
import io.confiture.boot.actuate.ConfitureEndpointWebExtension;
import io.confiture.boot.actuate.DatabaseDrift;
import io.confiture.boot.actuate.DatabaseReadings;
import io.confiture.boot.actuate.EndpointOperations;
import io.confiture.boot.actuate.EndpointRequests;
import io.confiture.migrate.Migrator;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of the endpoint {@code confiture}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ConfitureAutoConfiguration.class)
@ConditionalOnClass({Migrator.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnAvailableEndpoint(ConfitureEndpoint.class)
@Import(DatabaseDriftConfiguration.class)
public final class ConfitureEndpointAutoConfiguration {

    @Bean
    @ConditionalOnBean(Migrator.class)
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    ConfitureEndpoint confitureEndpoint(
            ListableBeanFactory beanFactory, DatabaseDrift drift, EndpointOperations operations) {
        return new ConfitureEndpoint(MigratorBeans.visibleByDatabase(beanFactory), drift, operations);
    }

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    EndpointOperations confitureEndpointOperations(ObjectProvider<DatabaseReadings> readings) {
        return new EndpointOperations(readings);
    }

    @Bean
    EndpointRequests confitureEndpointRequests() {
        return new EndpointRequests();
    }

    @Bean
    @ConditionalOnBean(ConfitureEndpoint.class)
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    ConfitureEndpointWebExtension confitureEndpointWebExtension(ConfitureEndpoint endpoint) {
        return new ConfitureEndpointWebExtension(endpoint);
    }
}
