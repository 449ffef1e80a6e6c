package io.confiture.boot.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.util.ClassUtils;

/**
 * A HikariCP pool that does not take a connection for leaked because a migration works on it for long. The pool reads its
 * threshold when it starts, which is usually when the first migration asks for a connection, and again moments later: so
 * the threshold is away only while that connection is handed out.
 */
final class QuietPool extends AbstractDataSource {
    private static final boolean HIKARI =
            ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", QuietPool.class.getClassLoader());

    private final HikariDataSource pool;

    private QuietPool(HikariDataSource pool) {
        this.pool = pool;
    }

    /** The data source itself unless it is a pool that looks for leaks. */
    static DataSource of(DataSource dataSource) {
        return HIKARI ? Hikari.quiet(dataSource) : dataSource;
    }

    @Override
    public Connection getConnection() throws SQLException {
        long threshold = pool.getLeakDetectionThreshold();
        if (threshold == 0 || pool.isRunning()) {
            return pool.getConnection();
        }
        pool.setLeakDetectionThreshold(0);
        try {
            return pool.getConnection();
        } finally {
            pool.setLeakDetectionThreshold(threshold);
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return pool.getConnection(username, password);
    }

    /** Apart, because an application may use another pool. */
    private static final class Hikari {
        static DataSource quiet(DataSource dataSource) {
            DataSource target = dataSource;
            // Spring's proxies that only put off or share the connection; others may choose it, and stay.
            while (target != null
                    && (target.getClass() == LazyConnectionDataSourceProxy.class
                            || target.getClass() == TransactionAwareDataSourceProxy.class)) {
                target = ((DelegatingDataSource) target).getTargetDataSource();
            }
            return target instanceof HikariDataSource pool && pool.getLeakDetectionThreshold() > 0
                    ? new QuietPool(pool)
                    : dataSource;
        }
    }
}
