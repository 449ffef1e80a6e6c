package io.confiture.boot.autoconfigure;

import io.confiture.build.SchemaBuilder;
import io.confiture.config.Config;
import io.confiture.config.IncludeDir;
import io.confiture.config.SeedConfig;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.StringUtils;

/** Makes the schema builders that the properties describe, and finds those that there are. Reads no files. */
final class SchemaBuilders {
    static final String DEFAULT_BUILDER = "confitureSchemaBuilder";

    /** Where the files of the schema of the database {@code default} are. */
    static final String DEFAULT_INCLUDE = "classpath:db/schema";

    private final ConfitureProperties properties;
    private final ResourceLoader resourceLoader;
    private final ListableBeanFactory beanFactory;

    SchemaBuilders(ConfitureProperties properties, ResourceLoader resourceLoader, ListableBeanFactory beanFactory) {
        this.properties = properties;
        this.resourceLoader = resourceLoader;
        this.beanFactory = beanFactory;
    }

    /** The one that the properties describe. */
    SchemaBuilder create(String database) {
        try {
            SchemaBuilder builder = SchemaBuilder.of(config(database));
            ClassLoader classLoader = resourceLoader.getClassLoader();
            return classLoader == null ? builder : builder.withClassLoader(classLoader);
        } catch (ConfitureException e) {
            throw new ConfitureStartupException(e);
        }
    }

    /** The one of a database, whoever has made it; the parents' too. */
    Optional<SchemaBuilder> find(String database) {
        return Arrays.stream(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                        beanFactory, SchemaBuilder.class, true, false))
                .filter(bean -> DatabaseBeans.SCHEMA_BUILDER.database(bean).equals(database))
                .findFirst()
                .map(bean -> beanFactory.getBean(bean, SchemaBuilder.class));
    }

    /** @throws ConfigurationException if there is none */
    SchemaBuilder of(String database) {
        return find(database)
                .orElseThrow(() -> new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Where the files of the schema of database '" + database
                                + "' are is not said. Nothing was done",
                        "Set " + PropertyNames.prefix(database) + ".build.include, for instance to classpath:db/"
                                + database + "/schema; or declare a SchemaBuilder bean named "
                                + DatabaseBeans.SCHEMA_BUILDER.bean(database) + "."));
    }

    /**
     * The one that builds the database when it is empty, in one transaction.
     *
     * @throws ConfigurationException if there is none, or it is to load its seeds as one transaction cannot
     */
    SchemaBuilder ofInitialSchema(String database) {
        SchemaBuilder builder = of(database);
        SeedConfig seeds = builder.config().seeds();
        boolean each = seeds.transactionMode() == SeedConfig.TransactionMode.TRANSACTION;
        if (seeds.continueOnError() || each) {
            String property = PropertyNames.prefix(database) + ".build.seeds."
                    + (seeds.continueOnError() ? "on-error" : "transaction");
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    property
                            + (seeds.continueOnError()
                                    ? " is continue, which leaves a seed file out that fails"
                                    : " is transaction, which commits each seed file by itself")
                            + "; an empty database gets schema and seeds in one transaction, everything or nothing."
                            + " Nothing was done",
                    "Set " + property + (seeds.continueOnError() ? "=stop" : "=savepoint")
                            + "; or load the seeds afterwards, with SeedLoader.");
        }
        return builder;
    }

    private Config config(String database) {
        DatabaseProperties settings = properties.of(database);
        BuildProperties build = settings.getBuild();
        String prefix = PropertyNames.prefix(database) + ".build";
        Config.Builder config = Config.builder();
        PropertyMapper map = PropertyMapper.get();
        map.from(() -> properties.environmentOf(database)).whenHasText().to(config::environment);
        map.from(settings::getProjectDir).whenHasText().as(Path::of).to(config::projectDir);
        map.from(build.getExclude()).as(SchemaBuilders::array).to(config::excludeDirs);
        map.from(build.getSuperuserDirs()).as(SchemaBuilders::array).to(config::superuserDirs);
        map.from(build.getSuperuserPostDirs()).as(SchemaBuilders::array).to(config::superuserPostDirs);
        return config.protectedDatabase(settings.isProtected())
                .includeDirs(includes(database, build.getInclude()))
                .sortMode(build.getSortMode())
                .separators(build.getSeparators().asConfig(prefix + ".separators"))
                .twoPass(build.isTwoPass())
                .hashSeeds(build.isHashSeeds())
                .seeds(build.getSeeds().asConfig(prefix + ".seeds"))
                .build();
    }

    private static String[] array(List<String> values) {
        return values.toArray(String[]::new);
    }

    private static List<IncludeDir> includes(String database, @Nullable List<BuildProperties.Include> entries) {
        if (entries == null) {
            return List.of(IncludeDir.of(DEFAULT_INCLUDE));
        }
        List<IncludeDir> includes = new ArrayList<>();
        for (BuildProperties.Include entry : entries) {
            if (!StringUtils.hasText(entry.getPath())) {
                String property = PropertyNames.prefix(database) + ".build.include[" + includes.size() + "]";
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        property + " has no path. Nothing was done",
                        "Set " + property + ".path to a folder, or remove the entry.");
            }
            includes.add(entry.asEntry());
        }
        return includes;
    }
}
