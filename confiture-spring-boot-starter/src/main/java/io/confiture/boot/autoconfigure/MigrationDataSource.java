package io.confiture.boot.autoconfigure;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jdbc.DataSourceBuilder;
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
            ConfitureConnectionDetails details,
            @Nullable JdbcConnectionDetails applications) {
        if (marked != null) {
            return of(marked);
        }
        String url = details.getJdbcUrl();
        if (StringUtils.hasText(url)) {
            return of(withCredentials(
                    DataSourceBuilder.create()
                            .type(SimpleDriverDataSource.class)
                            .url(url),
                    details));
        }
        DataSource unique = dataSources.getIfUnique();
        if (unique == null
                && applications != null
                && dataSources.stream().findAny().isEmpty()) {
            // An application without JDBC, such as a reactive one, may still say where its database is.
            unique = DataSourceBuilder.create()
                    .type(SimpleDriverDataSource.class)
                    .url(applications.getJdbcUrl())
                    .username(applications.getUsername())
                    .password(applications.getPassword())
                    .build();
        }
        if (unique == null) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Which data source to migrate is unknown: there are several DataSource beans and none of them is"
                            + " primary, or there is none.",
                    "Mark one with @ConfitureDataSource or @Primary, or set confiture.url.");
        }
        if (StringUtils.hasText(details.getUsername())) {
            return of(UnpooledDataSource.withPropertiesOf(
                    unique,
                    withCredentials(
                            DataSourceBuilder.derivedFrom(unique).type(SimpleDriverDataSource.class), details)));
        }
        return of(unique);
    }

    private static <T extends DataSource> T withCredentials(
            DataSourceBuilder<T> builder, ConfitureConnectionDetails details) {
        return builder.username(details.getUsername())
                .password(details.getPassword())
                .build();
    }
}
