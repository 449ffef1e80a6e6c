package io.confiture.boot.autoconfigure;

import io.confiture.build.SchemaBuilder;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.migrate.Migrator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.core.type.AnnotationMetadata;

/** The databases below {@code confiture.databases}: makes their data sources, migrators and schema builders. */
final class NamedDatabases {
    static final String PREFIX = "confiture.databases.";

    private static final String BEAN = "confitureNamedDatabases";

    private final ConfitureProperties properties;
    private final MigratorFactory migrators;
    private final SchemaBuilders builders;
    private final ListableBeanFactory beanFactory;

    NamedDatabases(
            ConfitureProperties properties,
            MigratorFactory migrators,
            SchemaBuilders builders,
            ListableBeanFactory beanFactory) {
        this.properties = properties;
        this.migrators = migrators;
        this.builders = builders;
        this.beanFactory = beanFactory;
    }

    MigrationDataSource dataSource(String database) {
        try {
            return MigrationDataSource.ofNamed(database, properties.named(database), beanFactory);
        } catch (ConfitureException e) {
            throw new ConfitureStartupException(e);
        }
    }

    Migrator migrator(String database, MigrationDataSource dataSource) {
        return migrators.create(database, dataSource);
    }

    SchemaBuilder schemaBuilder(String database) {
        return builders.create(database);
    }

    static Set<String> names(Environment environment) {
        return new TreeSet<>(Binder.get(environment)
                .bind("confiture.databases", Bindable.mapOf(String.class, Object.class))
                .map(Map::keySet)
                .orElse(Set.of()));
    }

    /** The beans that named databases use. */
    static List<String> dataSources(Environment environment) {
        return Binder.get(environment)
                .bind("confiture.databases", Bindable.mapOf(String.class, UsedBean.class))
                .map(used -> used.values().stream().map(UsedBean::dataSource).toList())
                .orElse(List.of());
    }

    /** @param dataSource its name, or null */
    record UsedBean(@Nullable String dataSource) {}

    /** There is no default for a database with a name: the files of the default place belong to another. */
    private static boolean saysWhereItsSchemaIs(Environment environment, String database) {
        // As what it is, whatever is wrong with it: what is, is told when the properties are bound.
        Map<String, Object> databases = Binder.get(environment)
                .bind("confiture.databases", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of());
        return databases.get(database) instanceof Map<?, ?> settings
                && settings.get("build") instanceof Map<?, ?> build
                && build.containsKey("include");
    }

    /** Whether a parent of a context has the bean already; its migrator was run when it started. */
    private static boolean inherits(BeanFactory beanFactory, String bean) {
        return beanFactory instanceof HierarchicalBeanFactory child
                && child.getParentBeanFactory() != null
                && child.getParentBeanFactory().containsBean(bean);
    }

    /** Defines a migrator for each name, and a schema builder where its files are, unless the application has its own bean of that name. */
    static final class Registrar implements ImportBeanDefinitionRegistrar {
        private final Environment environment;
        private final BeanFactory beanFactory;

        Registrar(Environment environment, BeanFactory beanFactory) {
            this.environment = environment;
            this.beanFactory = beanFactory;
        }

        @Override
        public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
            Map<String, String> alike = new HashMap<>();
            for (String database : names(environment)) {
                requireFreeName(database);
                requireUnlike(database, alike.put(asVariable(database), database));
                String migrator = MigratorBeans.bean(database);
                if (!registry.containsBeanDefinition(migrator) && !inherits(beanFactory, migrator)) {
                    String dataSource = database + "MigrationDataSource";
                    registry.registerBeanDefinition(
                            dataSource, definition(MigrationDataSource.class, "dataSource", database));
                    RootBeanDefinition definition = definition(Migrator.class, "migrator", database);
                    definition
                            .getConstructorArgumentValues()
                            .addIndexedArgumentValue(1, new RuntimeBeanReference(dataSource));
                    registry.registerBeanDefinition(migrator, definition);
                }
                String builder = DatabaseBeans.SCHEMA_BUILDER.bean(database);
                if (!registry.containsBeanDefinition(builder)
                        && !inherits(beanFactory, builder)
                        && saysWhereItsSchemaIs(environment, database)) {
                    registry.registerBeanDefinition(
                            builder, definition(SchemaBuilder.class, "schemaBuilder", database));
                }
            }
        }

        private static RootBeanDefinition definition(Class<?> type, String factoryMethod, String database) {
            RootBeanDefinition definition = new RootBeanDefinition(type);
            definition.setFactoryBeanName(BEAN);
            definition.setFactoryMethodName(factoryMethod);
            definition.getConstructorArgumentValues().addIndexedArgumentValue(0, database);
            return definition;
        }

        /** As a variable of the environment says the name. */
        private static String asVariable(String database) {
            return database.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
        }

        private static void requireUnlike(String database, @Nullable String other) {
            if (other != null) {
                throw new ConfitureStartupException(new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "The databases '" + other + "' and '" + database
                                + "' are probably one: their names differ by dashes or capitals only, which a variable of"
                                + " the environment cannot say. Nothing was done",
                        "Give the database a name in lower case without dashes, such as '" + asVariable(database)
                                + "'; or set all of it in files."));
            }
        }

        private static void requireFreeName(String database) {
            if (MigratorBeans.bean(database).equals(MigratorBeans.DEFAULT_MIGRATOR)
                    || database.equals(MigratorBeans.DEFAULT_DATABASE)) {
                throw new ConfitureStartupException(new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "A database cannot be named '" + database + "': that stands for the one that confiture.*"
                                + " itself describes. Nothing was done",
                        "Move " + PREFIX + database + ".* to confiture.*, or choose another name."));
            }
        }
    }

    /** Whether there is any. */
    static final class Present extends SpringBootCondition {
        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Set<String> names = names(context.getEnvironment());
            ConditionMessage.Builder message = ConditionMessage.forCondition("Confiture databases");
            return names.isEmpty()
                    ? ConditionOutcome.noMatch(message.because("nothing is set below confiture.databases"))
                    : ConditionOutcome.match(message.because("confiture.databases names " + names));
        }
    }
}
