package io.confiture.boot.autoconfigure;

import io.confiture.boot.event.ConfitureEvents;
import io.confiture.build.SchemaBuilder;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.migrate.MigrationResult;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.Repair;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Does what {@code confiture.run} says, before any other initialization of the databases. {@link ExitAfterMigrations} then
 * ends the process.
 */
final class SingleRun implements InitializingBean {
    private static final Logger log = LoggerFactory.getLogger(SingleRun.class);

    private final ListableBeanFactory beanFactory;
    private final ConfitureProperties properties;
    private final SchemaBuilders schemas;
    private final Verifications verifications;
    private final ConfitureEvents events;

    SingleRun(
            ListableBeanFactory beanFactory,
            ConfitureProperties properties,
            SchemaBuilders schemas,
            Verifications verifications,
            ConfitureEvents events) {
        this.beanFactory = beanFactory;
        this.properties = properties;
        this.schemas = schemas;
        this.verifications = verifications;
        this.events = events;
    }

    @Override
    public void afterPropertiesSet() {
        RunOperation operation = properties.getRun();
        if (operation == null) {
            return;
        }
        try {
            requireOurInitializer(operation);
            Map<String, Migrator> migrators = MigratorBeans.byDatabase(beanFactory);
            boolean none = migrators.isEmpty();
            migrators.keySet().removeIf(database -> isLeftAlone(database, operation));
            if (migrators.isEmpty() && !none) {
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "confiture.run=" + operation
                                + " has no database to work on: the mode of each is off. Nothing was done",
                        "Set " + NamedDatabases.PREFIX + "<name>.migrate.mode to another mode in this process.");
            }
            events.prepare();
            run(operation, migrators);
        } catch (ConfitureException e) {
            throw new ConfitureStartupException(e);
        }
    }

    /** One of the application's own might migrate as well. */
    private void requireOurInitializer(RunOperation operation) {
        for (String name : beanFactory.getBeanNamesForType(ConfitureMigrationInitializer.class, true, false)) {
            if (beanFactory.getType(name) != StartupMigrations.class) {
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "confiture.run=" + operation + " cannot be done: the bean '" + name
                                + "' decides in this application what happens to its databases at the start. Nothing was"
                                + " done",
                        "Leave that bean out of this process, for instance by a profile.");
            }
        }
    }

    /** The application's own mode says nothing here; a database that is excepted by its own mode stays so. */
    private boolean isLeftAlone(String database, RunOperation operation) {
        ConfitureProperties.NamedDatabase named = properties.getDatabases().get(database);
        boolean leftAlone = named != null && named.getMigrate().modeOr(MigrateMode.MIGRATE) == MigrateMode.OFF;
        if (leftAlone) {
            log.info("confiture.run={} leaves the database '{}' alone: its mode is off", operation, database);
        }
        return leftAlone;
    }

    private void run(RunOperation operation, Map<String, Migrator> migrators) {
        switch (operation) {
            case MIGRATE ->
                migrators.forEach((database, migrator) ->
                        tell(operation, database, migrator.applyAll(properties.targetOf(database))));
            case ROLLBACK_TO ->
                withParameter(
                        operation,
                        "migrate.target",
                        migrators,
                        properties::targetOf,
                        (database, target) -> tell(
                                operation, database, at(migrators, database).rollbackTo(target)));
            case BASELINE ->
                withParameter(
                        operation,
                        "migrate.baseline-version",
                        migrators,
                        properties::baselineVersionOf,
                        (database, version) -> tell(
                                operation, database, at(migrators, database).baseline(version)));
            case BUILD -> build(migrators);
            case VERIFY -> new VerifyRun(properties, verifications).verify(migrators);
            case REPAIR -> migrators.forEach(this::repair);
        }
    }

    private static Migrator at(Map<String, Migrator> migrators, String database) {
        return Objects.requireNonNull(migrators.get(database));
    }

    private interface Parameter {
        @Nullable
        String of(String database);
    }

    /** For the databases that the parameter is set for, if there is one at all. */
    private static void withParameter(
            RunOperation operation,
            String property,
            Map<String, Migrator> migrators,
            Parameter parameter,
            BiConsumer<String, String> work) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String database : migrators.keySet()) {
            String value = parameter.of(database);
            if (value != null) {
                values.put(database, value);
            }
        }
        if (values.isEmpty()) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "confiture.run=" + operation + " needs confiture." + property + ". Nothing was done",
                    "Set confiture." + property + " (confiture.databases.<name>." + property
                            + " for a database that has a name).");
        }
        values.forEach(work);
    }

    private static void tell(RunOperation operation, String database, List<MigrationResult> results) {
        results.forEach(result ->
                result.warnings().forEach(warning -> log.warn("{}_{}: {}", result.version(), result.name(), warning)));
        log.info(
                "confiture.run={} of the database '{}': {}",
                operation,
                database,
                results.isEmpty() ? "there was nothing to do" : results.size() + " migrations, " + names(results));
    }

    private static String names(List<MigrationResult> results) {
        MigrationResult first = results.get(0);
        MigrationResult last = results.get(results.size() - 1);
        return first.version() + "_" + first.name() + " to " + last.version() + "_" + last.name();
    }

    /** Whatever is not said is told before the first is built. */
    private void build(Map<String, Migrator> migrators) {
        Map<String, SchemaBuilder> builders = new LinkedHashMap<>();
        migrators.keySet().forEach(database -> builders.put(database, schemas.ofInitialSchema(database)));
        builders.forEach((database, builder) -> BuildRun.build(database, at(migrators, database), builder));
    }

    private void repair(String database, Migrator migrator) {
        Repair wanted = properties.repairOf(database);
        // What is asked for nothing shows what could be asked.
        var report = wanted.equals(Repair.nothing()) ? migrator.planRepair(wanted) : migrator.repair(wanted);
        log.info("confiture.run=repair of the database '{}':\n{}", database, report);
    }
}
