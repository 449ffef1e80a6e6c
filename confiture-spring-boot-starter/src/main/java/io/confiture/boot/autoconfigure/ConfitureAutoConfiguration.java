package io.confiture.boot.autoconfigure;

import io.confiture.boot.event.ConfitureEvents;
import io.confiture.boot.observation.RunListenerFactory;
import io.confiture.boot.observation.SlowHookWarnings;
import io.confiture.build.SchemaBuilder;
import io.confiture.error.ConfitureException;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.Migrator;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Role;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Auto-configuration of migrations.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        after = DataSourceAutoConfiguration.class,
        afterName = "org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration")
@ConditionalOnClass(Migrator.class)
@Conditional(ConfitureAutoConfiguration.SomethingToMigrate.class)
@ConditionalOnBooleanProperty(name = "confiture.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ConfitureProperties.class)
@Import({DatabaseInitializationDependencyConfigurer.class, NamedDatabases.Registrar.class})
public final class ConfitureAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ConfigurationPropertiesBindHandlerAdvisor confiturePropertiesBindHandlerAdvisor(Environment environment) {
        return parent -> new PropertiesBindHandler(parent, environment);
    }

    @Bean
    static LazyInitializationExcludeFilter confitureLazyInitializationExcludeFilter() {
        return LazyInitializationExcludeFilter.forBeanTypes(SingleRun.class, ConfitureMigrationInitializer.class);
    }

    @Bean
    static LazyRun confitureLazyRun(Environment environment) {
        return new LazyRun(environment);
    }

    @Bean
    ConfitureEvents confitureEvents(AbstractApplicationContext context) {
        return new ConfitureEvents(context);
    }

    @Bean
    SingleRun confitureSingleRun(
            ListableBeanFactory beanFactory,
            ConfitureProperties properties,
            SchemaBuilders schemas,
            Verifications verifications,
            ConfitureEvents events) {
        return new SingleRun(beanFactory, properties, schemas, verifications, events);
    }

    @Bean
    @ConditionalOnMissingBean(value = ConfitureMigrationInitializer.class, search = SearchStrategy.CURRENT)
    StartupMigrations confitureMigrationInitializer(
            ListableBeanFactory beanFactory, ConfitureProperties properties, ConfitureEvents events) {
        OtherTools.warn(beanFactory);
        try {
            return new StartupMigrations(
                    MigratorBeans.startups(MigratorBeans.byDatabase(beanFactory), properties),
                    events,
                    properties.getRun() != null);
        } catch (ConfitureException e) {
            throw new ConfitureStartupException(e);
        }
    }

    @Bean
    SlowHookWarnings confitureSlowHookWarnings(ConfitureProperties properties) {
        return new SlowHookWarnings(properties::slowHookThresholdOf);
    }

    @Bean
    @ConditionalOnMissingBean
    ProcessExit confitureProcessExit() {
        return ProcessExit.ofThisProcess();
    }

    @Bean
    ExitAfterMigrations confitureExitAfterMigrations(
            AbstractApplicationContext context,
            ConfitureProperties properties,
            ConfitureEvents events,
            ProcessExit exit) {
        String reason = properties.getRun() != null
                ? "confiture.run=" + properties.getRun()
                : properties.isMode(MigrateMode.MIGRATE_AND_EXIT) ? "confiture.migrate.mode=migrate-and-exit" : null;
        return new ExitAfterMigrations(context, reason, events, exit);
    }

    @Bean
    MigratorFactory confitureMigratorFactory(
            ConfitureProperties properties,
            ResourceLoader resourceLoader,
            ObjectProvider<ConfitureMigratorCustomizer> customizers,
            ObjectProvider<MigrationHook> hooks,
            ObjectProvider<RunListenerFactory> listeners,
            ListableBeanFactory beanFactory,
            SchemaBuilders schemas,
            ConfitureEvents events) {
        JavaMigrationBeans javaMigrations =
                new JavaMigrationBeans(beanFactory, properties.getDatabases().keySet());
        return new MigratorFactory(
                properties, resourceLoader, customizers, hooks, listeners, javaMigrations, schemas, events);
    }

    @Bean
    NamedDatabases confitureNamedDatabases(
            ConfitureProperties properties,
            MigratorFactory migrators,
            SchemaBuilders builders,
            ListableBeanFactory beanFactory) {
        return new NamedDatabases(properties, migrators, builders, beanFactory);
    }

    @Bean
    SchemaBuilders confitureSchemaBuilders(
            ConfitureProperties properties, ResourceLoader resourceLoader, ListableBeanFactory beanFactory) {
        return new SchemaBuilders(properties, resourceLoader, beanFactory);
    }

    @Bean
    Verifications confitureVerifications(ConfitureProperties properties, SchemaBuilders builders) {
        return new Verifications(properties, builders);
    }

    /** Primary, so that it stays the one to be injected when other databases are added. */
    @Bean(SchemaBuilders.DEFAULT_BUILDER)
    @Primary
    @Conditional(OnDefaultSchemaBuilder.class)
    SchemaBuilder confitureSchemaBuilder(SchemaBuilders builders) {
        return builders.create(MigratorBeans.DEFAULT_DATABASE);
    }

    @Bean
    ConfitureSchemaManagementProvider confitureSchemaManagementProvider(ObjectProvider<MigrationDataSource> migrated) {
        return new ConfitureSchemaManagementProvider(migrated);
    }

    /** The migrator of the database {@code default}. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(OnDefaultDatabase.class)
    static class DefaultMigratorConfiguration {

        @Bean
        @ConditionalOnMissingBean(value = ConfitureConnectionDetails.class, search = SearchStrategy.CURRENT)
        PropertiesConnectionDetails confitureConnectionDetails(ConfitureProperties properties) {
            return new PropertiesConnectionDetails(properties, PropertyNames.prefix(MigratorBeans.DEFAULT_DATABASE));
        }

        @Bean
        MigrationDataSource confitureMigrationDataSource(
                @ConfitureDataSource ObjectProvider<DataSource> marked,
                ObjectProvider<DataSource> dataSource,
                ConfitureConnectionDetails connectionDetails,
                ObjectProvider<JdbcConnectionDetails> applications,
                ConfigurableListableBeanFactory beanFactory) {
            try {
                return MigrationDataSource.choose(
                        marked.getIfAvailable(),
                        dataSource,
                        OnDefaultDatabase.ofChild(beanFactory),
                        connectionDetails,
                        () -> applications.getIfUnique(() -> ReactiveConnection.asJdbc(beanFactory)));
            } catch (ConfitureException e) {
                throw new ConfitureStartupException(e);
            }
        }

        /** Primary, so that it stays the one to be injected when other databases are added. */
        @Bean(MigratorBeans.DEFAULT_MIGRATOR)
        @Primary
        Migrator confitureMigrator(
                MigratorFactory migrators, @Qualifier("confitureMigrationDataSource") MigrationDataSource dataSource) {
            return migrators.create(MigratorBeans.DEFAULT_DATABASE, dataSource);
        }
    }

    /** Whether there is a database: a data source, the details of one, or a migrator that has its own. */
    @SuppressWarnings("UnusedNestedClass") // AnyNestedCondition reads them
    static final class SomethingToMigrate extends AnyNestedCondition {

        SomethingToMigrate() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnBean(DataSource.class)
        private static final class DataSourceBean {}

        @ConditionalOnBean(JdbcConnectionDetails.class)
        private static final class ConnectionDetailsBean {}

        @ConditionalOnBean(ConfitureConnectionDetails.class)
        private static final class ConfitureConnectionDetailsBean {}

        @ConditionalOnBean(Migrator.class)
        private static final class MigratorBean {}

        @Conditional(UrlIsSet.class)
        private static final class Url {}

        @ConditionalOnBean(type = "io.r2dbc.spi.ConnectionFactory")
        private static final class ReactiveConnectionBean {}

        @Conditional(NamedDatabases.Present.class)
        private static final class Named {}
    }

    /** Reads no value, which may hold a password beside a variable that nothing sets: Spring's error would show both. */
    static final class UrlIsSet extends SpringBootCondition {

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            boolean set = context.getEnvironment().containsProperty("confiture.url");
            ConditionMessage.Builder message = ConditionMessage.forCondition("confiture.url");
            return new ConditionOutcome(set, message.because(set ? "it is set" : "it is not set"));
        }
    }
}
