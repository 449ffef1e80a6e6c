package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ErrorCode;
import io.confiture.migrate.JavaMigration;
import io.confiture.migrate.MigrationContext;
import io.confiture.migrate.MigrationFolder;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

class JavaMigrationBeansTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose
    private final TestDatabase orders = TestDatabase.create();

    @TempDir
    private Path temp;

    private ApplicationContextRunner application;

    @BeforeEach
    void application() {
        String folder = new MigrationFolder(temp.resolve("main")).three().location();
        application = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        ConfitureAutoConfiguration.class))
                .withPropertyValues(
                        "spring.datasource.url=" + database.url(), "confiture.migrate.locations=file:" + folder);
    }

    static class CreateAudit implements JavaMigration {
        @Override
        public String version() {
            return "002.5";
        }

        @Override
        public String name() {
            return "create_audit";
        }

        @Override
        public void up(MigrationContext context) {
            context.jdbc().sql("CREATE TABLE audit (id int)").update();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OneMigration {
        @Bean
        CreateAudit createAudit() {
            return new CreateAudit();
        }
    }

    @Test
    void aBeanIsAppliedAmongTheScripts() {
        application.withUserConfiguration(OneMigration.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(database.values("SELECT version FROM tb_confiture ORDER BY pk_confiture"))
                    .containsExactly("001", "002", "002.5", "003");
            assertThat(database.value("SELECT count(*) FROM audit")).isEqualTo("0");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class NeedsTheMigratedDatabase {
        @Bean
        CreateAudit createAudit(JdbcTemplate jdbc) {
            return new CreateAudit();
        }
    }

    @Test
    void oneThatNeedsJdbcTemplateFailsWithTheReasonAndIsNotLeftOut() {
        application.withUserConfiguration(NeedsTheMigratedDatabase.class).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure())
                    .hasStackTraceContaining(ErrorCode.LISTENER_CYCLE.code())
                    .hasStackTraceContaining("createAudit");
            assertThat(database.value("SELECT to_regclass('tb_confiture')")).isNull();
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class MigrationOfOrders {
        @Bean
        @Qualifier("orders")
        CreateAudit createAudit() {
            return new CreateAudit();
        }
    }

    @Test
    void oneThatIsQualifiedBelongsToTheDatabaseOfThatNameOnly() {
        String folder = new MigrationFolder(temp.resolve("orders"))
                .write("001_create_orders.up.sql", "CREATE TABLE orders (id int);")
                .location();
        application
                .withUserConfiguration(MigrationOfOrders.class)
                .withPropertyValues(
                        "confiture.databases.orders.url=" + orders.url(),
                        "confiture.databases.orders.migrate.locations=file:" + folder)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(orders.values("SELECT version FROM tb_confiture ORDER BY pk_confiture"))
                            .containsExactly("001", "002.5");
                    assertThat(database.values("SELECT version FROM tb_confiture ORDER BY pk_confiture"))
                            .containsExactly("001", "002", "003");
                });
    }

    @Test
    void oneThatIsQualifiedForADatabaseThatIsNotThereIsNotAppliedToAnother() {
        application.withUserConfiguration(MigrationOfOrders.class).run(context -> {
            assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("The JavaMigration bean 'createAudit' is for the database 'orders'")
                    .hasStackTraceContaining("default");
            assertThat(database.value("SELECT to_regclass('tb_confiture')")).isNull();
        });
        application
                .withUserConfiguration(MigrationOfOrders.class)
                .withPropertyValues(
                        "confiture.databases.order.url=" + orders.url(),
                        "confiture.databases.order.migrate.locations=classpath:orders")
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("the nearest is 'order'"));
        assertThat(database.value("SELECT to_regclass('tb_confiture')")).isNull();
    }

    @Configuration(proxyBeanMethods = false)
    static class CalledLikeADatabase {
        @Bean
        CreateAudit orders() {
            return new CreateAudit();
        }
    }

    @Test
    void theNameOfABeanIsNoQualifier() {
        application
                .withUserConfiguration(CalledLikeADatabase.class)
                .withPropertyValues(
                        "confiture.databases.orders.url=" + orders.url(),
                        "confiture.databases.orders.migrate.locations=classpath:orders")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(database.values("SELECT version FROM tb_confiture"))
                            .contains("002.5");
                    assertThat(orders.values("SELECT version FROM tb_confiture"))
                            .containsExactly("001");
                });
    }

    @Test
    void labelsComeFromThePropertyOrElseFromTheEnvironment() {
        new MigrationFolder(temp.resolve("main"))
                .write("004_demo.up.sql", "-- confiture: labels=demo\nCREATE TABLE demo (id int);");
        application
                .withPropertyValues("confiture.environment=demo", "confiture.migrate.labels=eu,other")
                .run(context ->
                        assertThat(context.getBean(Migrator.class).pending()).isEmpty());
        assertThat(database.value("SELECT to_regclass('demo')")).isNull();
        application
                .withPropertyValues("confiture.environment=demo")
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(database.value("SELECT count(*) FROM demo")).isEqualTo("0");
    }
}
