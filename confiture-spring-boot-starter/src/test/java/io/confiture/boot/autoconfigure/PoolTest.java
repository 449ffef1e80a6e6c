package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.boot.fixture.Apps;
import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** The pool as users set it up. */
@ExtendWith(OutputCaptureExtension.class)
class PoolTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.datasource.hikari.maximum-pool-size=1",
                "spring.datasource.hikari.auto-commit=false",
                "spring.datasource.hikari.transaction-isolation=TRANSACTION_REPEATABLE_READ",
                "spring.datasource.hikari.transaction-isolation=TRANSACTION_SERIALIZABLE",
                "spring.datasource.connection-fetch=lazy",
                "spring.datasource.hikari.schema=pg_catalog",
                "spring.datasource.hikari.data-source-properties.ApplicationName=an-app",
                "spring.datasource.type=org.springframework.jdbc.datasource.SimpleDriverDataSource"
            })
    void migratesWith(String property) {
        try (ConfigurableApplicationContext context = Apps.start(
                database,
                property,
                "spring.datasource.hikari.connection-timeout=5000",
                "confiture.migrate.schema=public",
                // Where the pool sets another schema, the migrations have to say where theirs is.
                "confiture.migrate.locations=classpath:qualified")) {
            assertThat(context.isActive()).isTrue();
            assertThat(database.value("SELECT count(*) FROM public.qualified")).isEqualTo("1");
        }
    }

    @Test
    void allAtOnceAndTheConnectionComesBackAsItWas() throws SQLException {
        try (ConfigurableApplicationContext context = Apps.start(
                        database,
                        "spring.datasource.hikari.maximum-pool-size=1",
                        "spring.datasource.hikari.connection-timeout=5000",
                        "spring.datasource.hikari.auto-commit=false",
                        "spring.datasource.hikari.transaction-isolation=TRANSACTION_REPEATABLE_READ",
                        "spring.datasource.hikari.connection-init-sql=SET search_path = public, pg_catalog",
                        "confiture.migrate.locations=classpath:session");
                Connection connection = context.getBean(DataSource.class).getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
            assertThat(show(statement, "search_path")).isEqualTo("public, pg_catalog");
            assertThat(show(statement, "statement_timeout")).isEqualTo("0");
            assertThat(show(statement, "lock_timeout")).isEqualTo("0");
            assertThat(show(statement, "role")).isEqualTo("none");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.datasource.connection-fetch=eager", "spring.datasource.connection-fetch=lazy"})
    void aMigrationLongerThanTheLeakThresholdIsNoLeak(String fetch, CapturedOutput output) {
        try (ConfigurableApplicationContext context = Apps.start(
                database,
                "spring.datasource.hikari.leak-detection-threshold=2000",
                fetch,
                "confiture.migrate.locations=classpath:slow")) {
            assertThat(context.isActive()).isTrue();
            assertThat(database.value("SELECT count(*) FROM tb_confiture")).isEqualTo("1");
            HikariDataSource pool =
                    DataSourceUnwrapper.unwrap(context.getBean(DataSource.class), HikariDataSource.class);
            assertThat(pool).isNotNull();
            assertThat(pool.getLeakDetectionThreshold())
                    .as("the application's own leaks are found")
                    .isEqualTo(2000);
        }
        assertThat(output).doesNotContain("leak detection").doesNotContain("Apparent connection leak");
    }

    private static String show(Statement statement, String setting) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SHOW " + setting)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
