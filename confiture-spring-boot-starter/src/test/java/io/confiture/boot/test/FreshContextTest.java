package io.confiture.boot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.boot.fixture.JdbcApp;
import io.confiture.migrate.JavaMigration;
import io.confiture.migrate.MigrationContext;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestContextManager;

/** Test classes with Spring that share a server, and no database. */
class FreshContextTest {
    private static final Set<String> NAMES = new HashSet<>();

    private static void isItsOwn(JdbcClient jdbc) {
        String name = jdbc.sql("SELECT current_database()").query(String.class).single();
        assertThat(name).startsWith("confiture_fresh_");
        assertThat(NAMES.add(name)).isTrue();
        assertThat(jdbc.sql("SELECT count(*) FROM people").query(Long.class).single())
                .isEqualTo(2);
        jdbc.sql("DELETE FROM people").update();
    }

    @Nested
    // spring
    @WithFreshDatabase
    @SpringBootTest
    class PeopleTest {
        @Test
        void startWithTwo(@Autowired JdbcClient jdbc) {
            assertThat(jdbc.sql("SELECT count(*) FROM people").query(Long.class).single())
                    .isEqualTo(2);
            isItsOwn(jdbc);
        }
        // end

        @Configuration
        @Import(JdbcApp.class)
        static class App {}

        @DynamicPropertySource
        static void properties(DynamicPropertyRegistry registry) {
            registry.add("spring.datasource.url", () -> TestServer.url("postgres"));
        }
    }

    @Nested
    @WithFreshDatabase
    @SpringBootTest(classes = JdbcApp.class)
    class AnotherTest {
        @DynamicPropertySource
        static void properties(DynamicPropertyRegistry registry) {
            registry.add("spring.datasource.url", () -> TestServer.url("postgres"));
        }

        @Test
        void hasItsOwn(@Autowired JdbcClient jdbc) {
            isItsOwn(jdbc);
        }
    }

    @Nested
    @WithFreshDatabase
    @SpringBootTest(classes = {JdbcApp.class, InJavaTest.More.class})
    class InJavaTest {
        @DynamicPropertySource
        static void properties(DynamicPropertyRegistry registry) {
            registry.add("spring.datasource.url", () -> TestServer.url("postgres"));
        }

        @Configuration(proxyBeanMethods = false)
        static class More {
            @Bean
            JavaMigration between() {
                return new JavaMigration() {
                    @Override
                    public String version() {
                        return "001.5";
                    }

                    @Override
                    public String name() {
                        return "between";
                    }

                    @Override
                    public void up(MigrationContext context) {
                        context.jdbc().sql("CREATE TABLE between ()").update();
                    }
                };
            }
        }

        @Test
        void migrationsInJavaTakeTheirPlaceBetweenTheOthers(@Autowired JdbcClient jdbc) {
            isItsOwn(jdbc);
            assertThat(jdbc.sql("SELECT version FROM tb_confiture ORDER BY pk_confiture")
                            .query(String.class)
                            .list())
                    .containsExactly("001", "001.5", "002");
        }
    }

    @Test
    void aNamedDatabaseIsNotMigratedWhereItReallyIs() {
        try (TestDatabase real = TestDatabase.create()) {
            NamedApp.realUrl = real.url();
            assertThatThrownBy(() -> new TestContextManager(NamedApp.class)
                            .getTestContext()
                            .getApplicationContext())
                    .rootCause()
                    .hasMessageContaining("confiture.databases is set (orders)");
            assertThat(real.value("SELECT to_regclass('tb_confiture')")).isNull();
        }
    }

    /** Not run as a test: its context does not start. */
    @WithFreshDatabase
    @SpringBootTest(classes = JdbcApp.class)
    static class NamedApp {
        static String realUrl = "";

        @DynamicPropertySource
        static void properties(DynamicPropertyRegistry registry) {
            registry.add("spring.datasource.url", () -> TestServer.url("postgres"));
            registry.add("confiture.databases.orders.url", () -> realUrl);
            registry.add("confiture.databases.orders.migrate.locations", () -> "classpath:orders");
        }
    }
}
