package io.confiture.boot.autoconfigure;

import io.confiture.error.ConfigurationException;
import io.confiture.error.EditDistance;
import io.confiture.error.ErrorCode;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.StringUtils;

/**
 * The data source of the migrations.
 *
 * @param dataSource where migrations run
 * @param outsidePool connections that come from no pool, or null where their settings cannot be told
 */
record MigrationDataSource(DataSource dataSource, @Nullable DataSource outsidePool) {

    private static MigrationDataSource of(DataSource dataSource) {
        return new MigrationDataSource(dataSource, UnpooledDataSource.derivedFrom(dataSource));
    }

    /** Chooses in the order in which Spring Boot chooses for its own database tools. Connects to nothing. */
    static MigrationDataSource choose(
            @Nullable DataSource marked,
            ObjectProvider<DataSource> dataSources,
            @Nullable DataSource ofChild,
            ConfitureConnectionDetails details,
            Supplier<@Nullable JdbcConnectionDetails> applications) {
        if (marked != null) {
            return of(marked);
        }
        String url = details.getJdbcUrl();
        if (StringUtils.hasText(url)) {
            return ofUrl(url, details);
        }
        DataSource unique = ofChild == null ? dataSources.getIfUnique() : ofChild;
        if (unique == null && dataSources.stream().findAny().isEmpty()) {
            // An application without a data source, such as a reactive one, may still say where its database is.
            JdbcConnectionDetails said = applications.get();
            unique = said == null
                    ? null
                    : DataSourceBuilder.create()
                            .type(SimpleDriverDataSource.class)
                            .url(said.getJdbcUrl())
                            .username(said.getUsername())
                            .password(said.getPassword())
                            .build();
        }
        if (unique == null) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Which data source to migrate is unknown: there are several DataSource beans and none of them is"
                            + " primary, or there is none.",
                    "Mark one with @ConfitureDataSource or @Primary, or set confiture.url.");
        }
        return ofBean(unique, details);
    }

    /** The data source of a database with a name: its own URL, else the bean that it names. Connects to nothing. */
    static MigrationDataSource ofNamed(
            String database, ConfitureProperties.NamedDatabase properties, ListableBeanFactory beans) {
        ConfitureConnectionDetails details =
                new PropertiesConnectionDetails(properties, PropertyNames.prefix(database));
        String url = details.getJdbcUrl();
        String bean = properties.getDataSource();
        if (StringUtils.hasText(url)) {
            if (StringUtils.hasText(bean)) {
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Database '" + database + "' has a URL of its own and the DataSource bean '" + bean
                                + "', which may be two databases. Nothing was done",
                        "Remove " + NamedDatabases.PREFIX + database + ".url or " + NamedDatabases.PREFIX + database
                                + ".data-source.");
            }
            return ofUrl(url, details);
        }
        if (!StringUtils.hasText(bean)) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "How to connect to database '" + database + "' is not said. Nothing was done",
                    "Set " + NamedDatabases.PREFIX + database + ".url, or " + NamedDatabases.PREFIX + database
                            + ".data-source to the name of a DataSource bean.");
        }
        List<String> names =
                List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, DataSource.class, true, false));
        if (!names.contains(bean)) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Database '" + database + "' is to use the DataSource bean '" + bean
                            + "', and there is none of that name. Nothing was done",
                    names.stream()
                            .min(Comparator.comparingInt(name -> EditDistance.between(bean, name)))
                            .map(nearest -> "Did you mean '" + nearest + "'? Correct " + NamedDatabases.PREFIX
                                    + database + ".data-source.")
                            .orElse("Declare it, or set " + NamedDatabases.PREFIX + database + ".url."));
        }
        return ofBean(beans.getBean(bean, DataSource.class), details);
    }

    private static MigrationDataSource ofUrl(String url, ConfitureConnectionDetails details) {
        if (!url.startsWith("jdbc:") || DatabaseDriver.fromJdbcUrl(url) == DatabaseDriver.UNKNOWN) {
            // Not told: it may have a password.
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "There is no driver for the URL of the database to migrate. Nothing was done",
                    "Let it begin with jdbc:postgresql:// or postgresql://.");
        }
        return of(withCredentials(
                DataSourceBuilder.create().type(SimpleDriverDataSource.class).url(url), details));
    }

    /** With another role, if there is one in the details. */
    private static MigrationDataSource ofBean(DataSource dataSource, ConfitureConnectionDetails details) {
        if (!StringUtils.hasText(details.getUsername())) {
            return of(dataSource);
        }
        return of(UnpooledDataSource.withPropertiesOf(
                dataSource,
                withCredentials(
                        DataSourceBuilder.derivedFrom(dataSource).type(SimpleDriverDataSource.class), details)));
    }

    /** Equal for two that are known, without asking a server, to lead to the same database with the same role. */
    Object identity() {
        SimpleDriverDataSource settings = UnpooledDataSource.settingsOf(dataSource);
        if (settings == null) {
            return dataSource;
        }
        Properties properties = settings.getConnectionProperties();
        return List.of(
                String.valueOf(settings.getUrl()),
                String.valueOf(settings.getUsername()),
                properties == null ? new Properties() : properties);
    }

    private static <T extends DataSource> T withCredentials(
            DataSourceBuilder<T> builder, ConfitureConnectionDetails details) {
        return builder.username(details.getUsername())
                .password(details.getPassword())
                .build();
    }
}
