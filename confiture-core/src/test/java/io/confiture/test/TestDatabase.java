package io.confiture.test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A fresh, empty database of one test, dropped when closed. */
public final class TestDatabase implements AutoCloseable {
    private final String name;

    private TestDatabase(String name) {
        this.name = name;
    }

    /** A new database, cloned from an empty template. */
    public static TestDatabase create() {
        return new TestDatabase(TestServer.cloneDatabase(TestServer.TEMPLATE));
    }

    /** A new database that holds what another one does, to which nobody may be connected. */
    public static TestDatabase cloneOf(TestDatabase original) {
        return new TestDatabase(TestServer.cloneDatabase(original.name));
    }

    public String name() {
        return name;
    }

    public String url() {
        return TestServer.url(name);
    }

    public String url(String role) {
        return TestServer.url(name, role);
    }

    /** A data source without a pool: each connection is a new one. */
    public DataSource dataSource() {
        return new DriverManagerDataSource(url());
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(dataSource());
    }

    /** Runs statements one by one, each in its own transaction. */
    public void execute(String... statements) {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of the first row as text; null for SQL NULL or no row. */
    public @Nullable String value(String sql) {
        List<@Nullable String> values = values(sql);
        return values.isEmpty() ? null : values.get(0);
    }

    /** The first column of all rows as text. */
    public List<@Nullable String> values(String sql) {
        return jdbc().sql(sql)
                .<@Nullable String>query((rs, row) -> rs.getString(1))
                .list();
    }

    @Override
    public void close() {
        TestServer.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }
}
