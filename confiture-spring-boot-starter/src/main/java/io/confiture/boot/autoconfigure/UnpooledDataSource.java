package io.confiture.boot.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Connections with the settings of a data source that come from no pool. The settings are read again for each connection,
 * because a pool's password may be renewed while the application runs.
 */
final class UnpooledDataSource extends AbstractDataSource {
    private static final Logger log = LoggerFactory.getLogger(UnpooledDataSource.class);
    private static final boolean HIKARI =
            ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", UnpooledDataSource.class.getClassLoader());

    private final DataSource source;

    private UnpooledDataSource(DataSource source) {
        this.source = source;
    }

    /** Null where the settings of {@code source} cannot be told. Connects to nothing. */
    static @Nullable DataSource derivedFrom(DataSource source) {
        if (source instanceof SimpleDriverDataSource) {
            return source;
        }
        return derive(source) == null ? null : new UnpooledDataSource(source);
    }

    /** Null where they cannot be told. Connects to nothing. */
    static @Nullable SimpleDriverDataSource settingsOf(DataSource source) {
        return source instanceof SimpleDriverDataSource own ? own : derive(source);
    }

    private static @Nullable SimpleDriverDataSource derive(DataSource source) {
        try {
            SimpleDriverDataSource derived = DataSourceBuilder.derivedFrom(behindProxies(source))
                    .type(SimpleDriverDataSource.class)
                    .build();
            if (!StringUtils.hasText(derived.getUrl())) {
                return null;
            }
            return withPropertiesOf(source, derived);
        } catch (RuntimeException e) {
            // Not every data source shows its settings, such as one of a server's registry; the core then does without.
            log.debug("No connection outside of the pool can be derived from {}", source.getClass(), e);
            return null;
        }
    }

    /** Spring Boot looks behind them by itself only from 4.1 on. */
    private static DataSource behindProxies(DataSource source) {
        Object target = source instanceof DelegatingDataSource delegating
                ? delegating.getTargetDataSource()
                : AopProxyUtils.getSingletonTarget(source);
        return target instanceof DataSource next ? behindProxies(next) : source;
    }

    /** Hands on what a pool gives the driver beside URL and credentials, the schema among it. */
    static SimpleDriverDataSource withPropertiesOf(DataSource source, SimpleDriverDataSource derived) {
        if (HIKARI) {
            Hikari.copyProperties(source, derived);
        }
        return derived;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return settings().getConnection();
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return settings().getConnection(username, password);
    }

    private SimpleDriverDataSource settings() throws SQLException {
        SimpleDriverDataSource derived = derive(source);
        if (derived == null) {
            throw new SQLException("The settings of the data source can no longer be told");
        }
        return derived;
    }

    /** Apart, because an application may use another pool. */
    private static final class Hikari {
        static void copyProperties(DataSource source, SimpleDriverDataSource target) {
            HikariDataSource pool = DataSourceUnwrapper.unwrap(source, HikariDataSource.class);
            if (pool != null) {
                Properties properties = new Properties();
                properties.putAll(pool.getDataSourceProperties());
                if (pool.getSchema() != null) {
                    properties.putIfAbsent("currentSchema", pool.getSchema());
                }
                target.setConnectionProperties(properties);
                if (pool.getConnectionInitSql() != null) {
                    log.info("The connection-init-sql of the pool is not run on connections outside of it");
                }
            }
        }
    }
}
