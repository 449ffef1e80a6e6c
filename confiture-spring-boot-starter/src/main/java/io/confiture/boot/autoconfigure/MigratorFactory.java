package io.confiture.boot.autoconfigure;

import io.confiture.boot.event.ConfitureEvents;
import io.confiture.boot.observation.RunListenerFactory;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.LedgerOwners;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.MigratorBuilder;
import io.confiture.verification.SchemaVerification;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.core.io.ResourceLoader;

/** Builds the migrators that the properties describe. */
final class MigratorFactory {
    /** Read with all that lies below it. */
    static final String DEFAULT_LOCATION = "classpath:db/migrations";

    private final ConfitureProperties properties;
    private final ResourceLoader resourceLoader;
    private final ObjectProvider<ConfitureMigratorCustomizer> customizers;
    private final ObjectProvider<MigrationHook> hooks;
    private final ObjectProvider<RunListenerFactory> listeners;
    private final JavaMigrationBeans javaMigrations;
    private final SchemaBuilders schemas;
    private final ConfitureEvents events;
    private final LedgerOwners owners = new LedgerOwners();

    MigratorFactory(
            ConfitureProperties properties,
            ResourceLoader resourceLoader,
            ObjectProvider<ConfitureMigratorCustomizer> customizers,
            ObjectProvider<MigrationHook> hooks,
            ObjectProvider<RunListenerFactory> listeners,
            JavaMigrationBeans javaMigrations,
            SchemaBuilders schemas,
            ConfitureEvents events) {
        this.properties = properties;
        this.resourceLoader = resourceLoader;
        this.customizers = customizers;
        this.hooks = hooks;
        this.listeners = listeners;
        this.javaMigrations = javaMigrations;
        this.schemas = schemas;
        this.events = events;
    }

    /** The migrator of a database. Connects to nothing. */
    Migrator create(String database, MigrationDataSource dataSource) {
        try {
            MigratorBuilder builder = Migrator.builder(QuietPool.of(dataSource.dataSource()))
                    .lockDataSource(dataSource.outsidePool())
                    .classLoader(resourceLoader.getClassLoader())
                    .database(database)
                    .environment(properties.environmentOf(database))
                    .owner(owners, database, dataSource.identity());
            locate(database, builder);
            apply(properties.of(database), builder);
            if (properties.of(database).getBuild().getOnStartup() == BuildOnStartup.WHEN_EMPTY) {
                builder.initialSchema(SchemaVerification.initialSchema(schemas.ofInitialSchema(database)));
            }
            builder.javaMigrations(javaMigrations.of(database));
            builder.hooks(hooks.orderedStream().toList());
            listeners.orderedStream().forEach(factory -> builder.listener(factory.create(database)));
            customizers.orderedStream().forEach(customizer -> customizer.customize(builder, database));
            // Last, so that nothing is told that another hook then vetoes.
            return builder.hook(events.hook(database)).build();
        } catch (ConfitureException e) {
            throw new ConfitureStartupException(e);
        }
    }

    private void locate(String database, MigratorBuilder builder) {
        List<String> locations = properties.of(database).getMigrate().getLocations();
        if (locations != null) {
            builder.locations(locations);
        } else if (database.equals(MigratorBeans.DEFAULT_DATABASE)) {
            requireNobodyElsesBelowTheDefault();
            builder.defaultLocations(DEFAULT_LOCATION);
        } else {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Where the migrations of database '" + database + "' are is not said. Nothing was done",
                    "Set " + NamedDatabases.PREFIX + database + ".migrate.locations, for instance to classpath:db/"
                            + database + ". There is no default for a database with a name: all that is in "
                            + DEFAULT_LOCATION + " belongs to '" + MigratorBeans.DEFAULT_DATABASE + "'.");
        }
    }

    private void requireNobodyElsesBelowTheDefault() {
        properties.getDatabases().forEach((database, settings) -> {
            List<String> locations = settings.getMigrate().getLocations();
            for (String location : locations == null ? List.<String>of() : locations) {
                if (location.replace("classpath:/", "classpath:").startsWith(DEFAULT_LOCATION + "/")) {
                    throw new ConfigurationException(
                            ErrorCode.INVALID_CONFIGURATION,
                            "The location " + location + " of database '" + database + "' lies in " + DEFAULT_LOCATION
                                    + ", which database '" + MigratorBeans.DEFAULT_DATABASE
                                    + "' reads with all its folders: it would apply them too. Nothing was done",
                            "Move the folder, for instance to classpath:db/" + database
                                    + ", or say with confiture.migrate.locations what belongs to '"
                                    + MigratorBeans.DEFAULT_DATABASE + "'.");
                }
            }
        });
    }

    private static void apply(DatabaseProperties properties, MigratorBuilder builder) {
        MigrateProperties migrate = properties.getMigrate();
        PropertyMapper map = PropertyMapper.get();
        map.from(properties::getConnectRetries).to(builder::connectRetries);
        map.from(properties::getInitSql).whenHasText().to(builder::initSql);
        map.from(properties::getRole).whenHasText().to(builder::role);
        map.from(properties::isProtected).to(builder::protectedDatabase);
        map.from(migrate::getNaming).to(builder::naming);
        map.from(migrate::getAdopt).to(builder::adopt);
        map.from(migrate::getFlywayTable).to(builder::flywayTable);
        map.from(migrate::getTable).to(builder::table);
        map.from(migrate::getSchema).whenHasText().to(builder::schema);
        map.from(migrate::isCreateSchema).to(builder::createSchema);
        map.from(migrate::getPlaceholders).to(builder::placeholders);
        map.from(migrate::getLabels).to(builder::labels);
        map.from(migrate::getOutOfOrder).to(builder::outOfOrder);
        map.from(migrate::getMissing).to(builder::missing);
        map.from(migrate::getChanged).to(builder::changed);
        map.from(migrate::getLockTimeout).to(builder::lockTimeout);
        map.from(migrate::getLockWait).to(builder::lockWait);
        map.from(migrate::getRetries).to(builder::retries);
        map.from(migrate::getStatementTimeout).to(builder::statementTimeout);
    }
}
