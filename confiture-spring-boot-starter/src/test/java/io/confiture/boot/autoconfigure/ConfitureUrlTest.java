package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** The forms of {@code confiture.url}, of which {@code DatabaseUrlTest} has more. */
class ConfitureUrlTest {
    private static final String ORDERS = "confiture.databases.orders.migrate.locations=classpath:orders";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ConfitureAutoConfiguration.class))
            .withPropertyValues("confiture.connect-retries=0");

    private final ApplicationContextRunner off = runner.withPropertyValues("confiture.migrate.mode=off");

    private static String url(ApplicationContext context, String dataSource) {
        MigrationDataSource chosen = context.getBean(dataSource, MigrationDataSource.class);
        return String.valueOf(((SimpleDriverDataSource) chosen.dataSource()).getUrl());
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://ada:p%40ss@db.invalid:6432/shop, jdbc:postgresql://db.invalid:6432/shop?user=ada&password=p%40ss",
        "postgres://ada@[::1]/shop, jdbc:postgresql://[::1]/shop?user=ada",
        "'postgresql://a.invalid,b.invalid:5433/shop?target_session_attrs=read-write',"
                + " 'jdbc:postgresql://a.invalid,b.invalid:5433/shop?targetServerType=primary'",
        "postgresql://db.invalid/shop?sslmode=require&application_name=shop,"
                + " jdbc:postgresql://db.invalid/shop?sslmode=require&ApplicationName=shop",
        "jdbc:postgresql://db.invalid/shop?user=ada&currentSchema=app,"
                + " jdbc:postgresql://db.invalid/shop?user=ada&currentSchema=app",
        "jdbc:postgresql:shop, jdbc:postgresql://localhost/shop",
        "jdbc:tc:postgresql:17:///shop, jdbc:tc:postgresql:17:///shop"
    })
    void areThoseOfEveryOtherMedium(String said, String driver) {
        off.withPropertyValues("confiture.url=" + said)
                .run(context ->
                        assertThat(url(context, "confitureMigrationDataSource")).isEqualTo(driver));
        off.withPropertyValues("confiture.databases.orders.url=" + said, ORDERS)
                .run(context ->
                        assertThat(url(context, "ordersMigrationDataSource")).isEqualTo(driver));
    }

    @Test
    void migrationsRunBySuchAUrl() {
        String url = "postgresql://postgres@127.0.0.1:" + TestServer.port() + "/" + database.name();
        runner.withPropertyValues("confiture.url=" + url, "confiture.databases.orders.url=" + url, ORDERS)
                .withPropertyValues("confiture.databases.orders.migrate.table=of_orders")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(Migrator.class).status().pendingCount())
                            .isZero();
                    assertThat(database.values("SELECT version FROM of_orders")).containsExactly("001");
                });
    }

    @Test
    void whatTheUrlDoesNotSayIsSaidBeside() {
        off.withPropertyValues("confiture.url=postgresql://ada@db.invalid/shop", "confiture.password=hunter2")
                .run(context -> {
                    SimpleDriverDataSource chosen = (SimpleDriverDataSource)
                            context.getBean(MigrationDataSource.class).dataSource();
                    assertThat(chosen.getUrl()).isEqualTo("jdbc:postgresql://db.invalid/shop?user=ada");
                    assertThat(chosen.getPassword()).isEqualTo("hunter2");
                });
        off.withPropertyValues(
                        "confiture.url=postgresql://ada:hunter2@db.invalid/shop",
                        "confiture.username=ada",
                        "confiture.password=hunter2")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @CsvSource({
        "confiture.url=postgresql://ada:hunter2@db.invalid/shop, confiture.username=grace, confiture.username is another",
        "confiture.url=jdbc:postgresql://db.invalid/shop?user=ada&password=hunter2, confiture.password=hunter3,"
                + " confiture.password is another",
        "confiture.databases.orders.url=postgresql://ada:hunter2@db.invalid/x,"
                + " confiture.databases.orders.password=hunter3, confiture.databases.orders.password is another",
        "confiture.url=postgresql://ada:hunter2@/var/run/shop, confiture.protected=false, confiture.url: ",
        "confiture.url=postgresql://ada:hunter2@db.invalid/shop?aplication_name=x, confiture.protected=false,"
                + " Did you mean application_name?",
        "confiture.databases.orders.url=r2dbc:postgresql://ada:hunter2@db.invalid/x, confiture.protected=false,"
                + " confiture.databases.orders.url: Not a PostgreSQL URL"
    })
    void whatCannotBeMeantIsAnErrorThatTellsNoPassword(String url, String more, String told) {
        off.withPropertyValues(url, more, ORDERS)
                .withPropertyValues(
                        url.contains("orders")
                                ? new String[0]
                                : new String[] {"confiture.databases.orders.url=postgresql://o.invalid/o"})
                .run(context -> {
                    assertThat(context.getStartupFailure())
                            .rootCause()
                            .hasMessageContaining(told)
                            .hasMessageNotContaining("hunter");
                    assertThat(PropertiesTest.exitCode(context.getStartupFailure()))
                            .isEqualTo(5);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:nosuch://x", "jdbc:"})
    void aDriverThatIsNotKnownIsAnError(String url) {
        off.withPropertyValues("confiture.url=" + url)
                .run(context ->
                        assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("There is no driver"));
    }
}
