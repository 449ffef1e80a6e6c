package io.confiture.boot.autoconfigure;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Auto-configuration for an application in which no database was found: a job that is there to migrate or to validate one
 * must not end as if it had.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ConfitureAutoConfiguration.class)
@ConditionalOnMissingBean(ConfitureMigrationInitializer.class)
public final class ConfitureWithoutDatabaseAutoConfiguration {

    @Bean
    InitializingBean confitureDatabaseRequired(Environment environment) {
        return () -> {
            boolean enabled = environment.getProperty("confiture.enabled", Boolean.class, true);
            String run = environment.getProperty("confiture.run");
            if (StringUtils.hasText(run)) {
                throw new ConfitureStartupException(new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "confiture.run=" + run + " asks for a database, and "
                                + (enabled ? "the application has none" : "confiture.enabled is false")
                                + ". Nothing was done",
                        enabled ? "Set spring.datasource.url, or confiture.url." : "Set confiture.enabled=true."));
            }
            MigrateMode mode = Binder.get(environment)
                    .bind("confiture.migrate.mode", MigrateMode.class)
                    .orElse(MigrateMode.MIGRATE);
            if (enabled
                    && (mode == MigrateMode.MIGRATE_AND_EXIT
                            || mode == MigrateMode.VALIDATE
                            || mode == MigrateMode.WAIT)) {
                throw new ConfitureStartupException(new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "confiture.migrate.mode asks for a database, and the application has none: there is no"
                                + " DataSource bean, no connection details and no confiture.url. Nothing was done",
                        "Set spring.datasource.url, or confiture.url."));
            }
        };
    }
}
