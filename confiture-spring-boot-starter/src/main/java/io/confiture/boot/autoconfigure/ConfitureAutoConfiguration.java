package io.confiture.boot.autoconfigure;

import io.confiture.boot.event.ConfitureEvents;
import io.confiture.error.ConfitureException;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.MigratorBuilder;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.io.ResourceLoader;

/**
 * Auto-configuration of migrations.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = DataSourceAutoConfiguration.class)
@ConditionalOnClass(Migrator.class)
@Conditional(ConfitureAutoConfiguration.SomethingToMigrate.class)
@ConditionalOnBooleanProperty(name = "confiture.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ConfitureProperties.class)
@Import(DatabaseInitializationDependencyConfigurer.class)
public final class ConfitureAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ConfigurationPropertiesBindHandlerAdvisor confiturePropertiesBindHandlerAdvisor() {
        return PropertiesBindHandler::new;
    }

    @Bean
    static LazyInitializationExcludeFilter confitureLazyInitializationExcludeFilter() {
        return LazyInitializationExcludeFilter.forBeanTypes(ConfitureMigrationInitializer.class);
    }

    @Bean
    ConfitureEvents confitureEvents(AbstractApplicationContext context) {
        return new ConfitureEvents(context);
    }

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    ConfitureMigrationInitializer confitureMigrationInitializer(
            ListableBeanFactory beanFactory, ConfitureProperties properties, ConfitureEvents events) {
        try {
            return new ConfitureMigrationInitializer(
                    MigratorBeans.startups(MigratorBeans.byDatabase(beanFactory), properties), events);
        } catch (ConfitureException e) {
            throw new ConfitureStartupException(e);
        }
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
        return new ExitAfterMigrations(context, properties.isMode(MigrateMode.MIGRATE_AND_EXIT), events, exit);
    }

    /** The migrator of the database {@code default}, unless the application has its own migrators. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(Migrator.class)
    static class DefaultMigratorConfiguration {

        @Bean
        @ConditionalOnMissingBean(ConfitureConnectionDetails.class)
        PropertiesConnectionDetails confitureConnectionDetails(ConfitureProperties properties) {
            return new PropertiesConnectionDetails(properties);
        }

        @Bean
        MigrationDataSource confitureMigrationDataSource(
                @ConfitureDataSource ObjectProvider<DataSource> marked,
                ObjectProvider<DataSource> dataSource,
                ConfitureConnectionDetails connectionDetails,
                ObjectProvider<JdbcConnectionDetails> applications) {
            try {
                return MigrationDataSource.choose(
                        marked.getIfAvailable(), dataSource, connectionDetails, applications.getIfUnique());
            } catch (ConfitureException e) {
                throw new ConfitureStartupException(e);
            }
        }

        @Bean
        ConfitureSchemaManagementProvider confitureSchemaManagementProvider(
                ObjectProvider<MigrationDataSource> migrated) {
            return new ConfitureSchemaManagementProvider(migrated);
        }

        @Bean(MigratorBeans.DEFAULT_MIGRATOR)
        Migrator confitureMigrator(
                MigrationDataSource dataSource,
                ConfitureProperties properties,
                ResourceLoader resourceLoader,
                ObjectProvider<ConfitureMigratorCustomizer> customizers,
                ObjectProvider<MigrationHook> hooks,
                ConfitureEvents events) {
            try {
                MigratorBuilder builder = Migrator.builder(QuietPool.of(dataSource.dataSource()))
                        .lockDataSource(dataSource.outsidePool())
                        .classLoader(resourceLoader.getClassLoader());
                apply(properties, builder);
                builder.hooks(hooks.orderedStream().toList());
                customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
                // Last, so that nothing is told that another hook then vetoes.
                return builder.hook(events.hook(MigratorBeans.DEFAULT_DATABASE)).build();
            } catch (ConfitureException e) {
                throw new ConfitureStartupException(e);
            }
        }

        private static void apply(ConfitureProperties properties, MigratorBuilder builder) {
            ConfitureProperties.Migrate migrate = properties.getMigrate();
            List<String> locations = migrate.getLocations();
            if (locations == null) {
                builder.defaultLocations("classpath:db/migrations");
            } else {
                builder.locations(locations);
            }
            PropertyMapper map = PropertyMapper.get();
            map.from(properties::getEnvironment).to(builder::environment);
            map.from(migrate::getTable).to(builder::table);
            map.from(migrate::getSchema).whenHasText().to(builder::schema);
            map.from(migrate::getOutOfOrder).to(builder::outOfOrder);
            map.from(migrate::getMissing).to(builder::missing);
            map.from(migrate::getChanged).to(builder::changed);
            map.from(migrate::getLockTimeout).to(builder::lockTimeout);
            map.from(migrate::getLockWait).to(builder::lockWait);
            map.from(migrate::getRetries).to(builder::retries);
            map.from(migrate::getStatementTimeout).to(builder::statementTimeout);
        }
    }

    /** Whether there is a database: a data source, the details of one, or a migrator that has its own. */
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

        @ConditionalOnProperty("confiture.url")
        private static final class Url {}
    }
}
