package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.sql.Connection;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.SchemaManagement;
import org.springframework.boot.jdbc.SchemaManagementProvider;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

class DataSourceChoiceTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(DataSourceAutoConfiguration.class, ConfitureAutoConfiguration.class))
            .withPropertyValues(
                    "confiture.migrate.mode=off",
                    "spring.datasource.url=jdbc:postgresql://app.invalid/app",
                    "spring.datasource.username=app",
                    "spring.datasource.password=secret");

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void theOnlyDataSource() {
        runner.run(context -> assertThat(chosen(context)).isSameAs(context.getBean(DataSource.class)));
    }

    @Test
    void thePrimaryDataSource() {
        runner.withUserConfiguration(TwoDataSources.class)
                .run(context -> assertThat(chosen(context)).isSameAs(context.getBean("first")));
    }

    @Test
    void theMarkedDataSourceBeforeAnythingElse() {
        runner.withUserConfiguration(Marked.class)
                .withPropertyValues("confiture.url=jdbc:postgresql://own.invalid/own")
                .run(context -> assertThat(chosen(context)).isSameAs(context.getBean("marked")));
    }

    @Test
    void itsOwnUrlBeforeTheApplications() {
        runner.withPropertyValues(
                        "confiture.url=jdbc:postgresql://own.invalid/own",
                        "confiture.username=owner",
                        "confiture.password=pw")
                .run(context -> {
                    SimpleDriverDataSource own = (SimpleDriverDataSource) chosen(context);
                    assertThat(own.getUrl()).isEqualTo("jdbc:postgresql://own.invalid/own");
                    assertThat(own.getUsername()).isEqualTo("owner");
                    assertThat(own.getPassword()).isEqualTo("pw");
                });
    }

    @Test
    void anotherRoleOnTheApplicationsDatabase() {
        runner.withPropertyValues("confiture.username=owner", "confiture.password=pw")
                .run(context -> {
                    SimpleDriverDataSource derived = (SimpleDriverDataSource) chosen(context);
                    assertThat(derived.getUrl()).isEqualTo("jdbc:postgresql://app.invalid/app");
                    assertThat(derived.getUsername()).isEqualTo("owner");
                    assertThat(derived.getPassword()).isEqualTo("pw");
                });
    }

    @Test
    void connectionDetailsTakeThePlaceOfTheProperties() {
        runner.withPropertyValues("confiture.url=jdbc:postgresql://own.invalid/own")
                .withBean(ConfitureConnectionDetails.class, Details::new)
                .run(context -> {
                    assertThat(context).hasSingleBean(ConfitureConnectionDetails.class);
                    assertThat(((SimpleDriverDataSource) chosen(context)).getUrl())
                            .isEqualTo("jdbc:postgresql://details.invalid/d");
                });
    }

    @Test
    void severalWithoutAPrimaryOneIsAnErrorThatNamesTheWays() {
        runner.withUserConfiguration(TwoEqualDataSources.class).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("there are several DataSource beans")
                    .hasMessageContaining("@ConfitureDataSource")
                    .hasMessageContaining("confiture.url");
            assertThat(PropertiesTest.exitCode(context.getStartupFailure())).isEqualTo(5);
        });
    }

    @Test
    void choosingOpensNoConnection() {
        runner.withBean("dataSource", DataSource.class, Untouchable::new)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Migrator.class));
    }

    @Test
    void aDataSourceThatShowsNothingHasNoConnectionOutsideOfItsPool() {
        assertThat(UnpooledDataSource.derivedFrom(new Untouchable())).isNull();
    }

    @Test
    void connectionsOutsideOfThePoolAreFoundBehindProxies() throws Exception {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.url());
            pool.setMaximumPoolSize(1);
            pool.addDataSourceProperty("ApplicationName", "from-pool-properties");
            DataSource proxied = new TransactionAwareDataSourceProxy(new LazyConnectionDataSourceProxy(pool));
            DataSource outside = UnpooledDataSource.derivedFrom(proxied);
            assertThat(outside).isNotNull();
            assertThat(pool.isRunning()).as("the pool was started").isFalse();
            try (Connection held = pool.getConnection();
                    Connection free = outside.getConnection()) {
                assertThat(held.isValid(1)).isTrue();
                assertThat(free.isWrapperFor(org.postgresql.PGConnection.class)).isTrue();
                assertThat(free.getClientInfo("ApplicationName")).isEqualTo("from-pool-properties");
            }
        }
    }

    @Test
    void aRenewedPasswordIsUsed() throws Exception {
        database.execute(
                "DROP ROLE IF EXISTS renewed", "CREATE ROLE renewed LOGIN", "GRANT ALL ON SCHEMA public TO renewed");
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.url("nobody_at_all"));
            DataSource outside = UnpooledDataSource.derivedFrom(pool);
            assertThat(outside).isNotNull();
            pool.setJdbcUrl(database.url("renewed"));
            try (Connection connection = outside.getConnection()) {
                assertThat(connection.getMetaData().getUserName()).isEqualTo("renewed");
            }
        }
    }

    @Test
    void theSchemaOfTheMigratedDataSourceIsManaged() {
        runner.withUserConfiguration(TwoDataSources.class).run(context -> {
            SchemaManagementProvider provider = context.getBean(SchemaManagementProvider.class);
            assertThat(provider.getSchemaManagement(context.getBean("first", DataSource.class)))
                    .isEqualTo(SchemaManagement.MANAGED);
            assertThat(provider.getSchemaManagement(context.getBean("second", DataSource.class)))
                    .isEqualTo(SchemaManagement.UNMANAGED);
        });
    }

    private static DataSource chosen(org.springframework.context.ApplicationContext context) {
        return context.getBean(MigrationDataSource.class).dataSource();
    }

    private static SimpleDriverDataSource dataSource(String name) {
        return new SimpleDriverDataSource(new org.postgresql.Driver(), "jdbc:postgresql://" + name + ".invalid/x");
    }

    /** Fails whoever connects. */
    private static final class Untouchable extends AbstractDataSource {
        @Override
        public Connection getConnection() {
            throw new AssertionError("connected");
        }

        @Override
        public Connection getConnection(String username, String password) {
            throw new AssertionError("connected");
        }
    }

    private static final class Details implements ConfitureConnectionDetails {
        @Override
        public String getJdbcUrl() {
            return "jdbc:postgresql://details.invalid/d";
        }

        @Override
        public String getUsername() {
            return "details";
        }

        @Override
        public String getPassword() {
            return "";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoDataSources {
        @Bean
        @Primary
        DataSource first() {
            return dataSource("first");
        }

        @Bean
        DataSource second() {
            return dataSource("second");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoEqualDataSources {
        @Bean
        DataSource first() {
            return dataSource("first");
        }

        @Bean
        DataSource second() {
            return dataSource("second");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Marked {
        @Bean(defaultCandidate = false)
        @ConfitureDataSource
        DataSource marked() {
            return dataSource("marked");
        }
    }
}
