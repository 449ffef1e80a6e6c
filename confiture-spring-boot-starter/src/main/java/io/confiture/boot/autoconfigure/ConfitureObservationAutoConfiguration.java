package io.confiture.boot.autoconfigure;

import io.confiture.boot.actuate.DatabaseReadings;
import io.confiture.boot.observation.MigrationObservationConvention;
import io.confiture.boot.observation.MigrationStateMetrics;
import io.confiture.boot.observation.RunMeters;
import io.confiture.boot.observation.RunObservationConvention;
import io.confiture.boot.observation.RunObservations;
import io.confiture.migrate.Migrator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of observations and meters, for applications that have Micrometer and a registry.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        after = ConfitureAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
@ConditionalOnClass(Migrator.class)
@ConditionalOnBooleanProperty(name = "confiture.enabled", matchIfMissing = true)
public final class ConfitureObservationAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ObservationRegistry.class)
    @ConditionalOnSingleCandidate(ObservationRegistry.class)
    static class ObservationConfiguration {

        @Bean
        @ConditionalOnMissingBean
        RunObservations confitureRunObservations(
                ObservationRegistry registry,
                ObjectProvider<RunObservationConvention> runs,
                ObjectProvider<MigrationObservationConvention> migrations) {
            return new RunObservations(registry, runs.getIfAvailable(), migrations.getIfAvailable());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnSingleCandidate(MeterRegistry.class)
    @Import(DatabaseReadingsConfiguration.class)
    static class MeterConfiguration {

        @Bean
        @ConditionalOnMissingBean
        RunMeters confitureRunMeters(MeterRegistry registry) {
            return new RunMeters(registry);
        }

        @Bean
        @ConditionalOnBean(DatabaseReadings.class)
        @ConditionalOnMissingBean
        MigrationStateMetrics confitureMigrationStateMetrics(DatabaseReadings readings) {
            return new MigrationStateMetrics(readings);
        }
    }
}
