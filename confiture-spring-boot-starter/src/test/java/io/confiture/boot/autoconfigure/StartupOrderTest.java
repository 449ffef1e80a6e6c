package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.JdbcApp;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

class StartupOrderTest {
    private static final String PEOPLE = "SELECT count(*) FROM people";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void beansThatUseTheDatabaseSeeTheMigratedSchema() {
        try (ConfigurableApplicationContext context = Apps.start(database, Readers.class)) {
            assertThat(context.getBean(Readers.class).seen)
                    .containsExactlyInAnyOrder("template 2", "named template 2", "client 2", "jOOQ 2", "marked 2");
        }
    }

    @Test
    void jpaSeesAndMayValidateTheMigratedSchema() {
        try (ConfigurableApplicationContext context =
                Apps.start(database, Jpa.class, "spring.jpa.hibernate.ddl-auto=validate")) {
            assertThat(namesByJpa(context)).containsExactlyInAnyOrder("Ada", "Grace");
        }
    }

    @Test
    void jpaLeavesTheSchemaAloneByDefault() {
        try (ConfigurableApplicationContext context = Apps.start(database, Jpa.class)) {
            assertThat(namesByJpa(context)).hasSize(2);
            assertThat(database.values("SELECT column_name FROM information_schema.columns WHERE table_name='people'"))
                    .containsExactlyInAnyOrder("id", "name", "email");
        }
    }

    @Test
    void lazyInitializationMigratesAllTheSame() {
        try (ConfigurableApplicationContext context = Apps.start(database, "spring.main.lazy-initialization=true")) {
            assertThat(context.isRunning()).isTrue();
            assertThat(database.value(PEOPLE)).isEqualTo("2");
        }
    }

    @Test
    void scriptsOfSpringBootRunAfterwards() {
        try (ConfigurableApplicationContext context = Apps.start(
                database,
                Scripts.class,
                "spring.sql.init.mode=always",
                "spring.sql.init.data-locations=classpath:after-migrations.sql")) {
            assertThat(database.value(PEOPLE)).isEqualTo("3");
        }
    }

    @Test
    void migratorsOfTheApplicationRunOnceEach() {
        try (TestDatabase other = TestDatabase.create();
                ConfigurableApplicationContext context = Apps.app(JdbcApp.class, TwoMigrators.class)
                        .run(Apps.arguments(database, "other.url=" + other.url()))) {
            assertThat(context.getBeansOfType(Migrator.class)).containsOnlyKeys("peopleMigrator", "stepsMigrator");
            assertThat(database.value(PEOPLE)).isEqualTo("2");
            assertThat(other.values("SELECT migration FROM output ORDER BY 1"))
                    .containsExactly("1", "2", "3", "4", "5");
            assertThat(context.getBean(TwoMigrators.class).runs).hasSize(2);
        }
    }

    @Test
    void aSecondStartDoesNothing() {
        Apps.start(database).close();
        List<@Nullable String> before = ledger();
        Apps.start(database).close();
        assertThat(ledger()).hasSize(2).isEqualTo(before);
    }

    @Test
    void hooksAndCustomizersAreCalledInOrder() {
        try (ConfigurableApplicationContext context = Apps.start(database, Hooked.class)) {
            assertThat(context.getBean(Hooked.class).calls)
                    .containsExactly("customized first", "customized second", "hook 1", "hook 2", "hook of customizer");
        }
    }

    @Test
    void theTargetIsTheLastThatIsApplied() {
        try (ConfigurableApplicationContext context = Apps.start(database, "confiture.migrate.target=001")) {
            assertThat(database.values("SELECT version FROM tb_confiture")).containsExactly("001");
        }
    }

    @Test
    void whatIsConfiguredReachesTheMigrator() {
        database.execute("CREATE SCHEMA ops");
        try (ConfigurableApplicationContext context = Apps.start(
                database,
                "confiture.migrate.schema=ops",
                "confiture.migrate.table=ledger",
                "confiture.migrate.locations=classpath:changed")) {
            assertThat(database.values("SELECT version FROM ops.ledger ORDER BY 1"))
                    .containsExactly("001", "002");
            assertThat(database.value(PEOPLE)).isEqualTo("3");
        }
    }

    private List<@Nullable String> ledger() {
        return database.values("SELECT id || version || applied_at FROM tb_confiture ORDER BY pk_confiture");
    }

    private static List<String> namesByJpa(ConfigurableApplicationContext context) {
        try (EntityManager entities =
                context.getBean(EntityManagerFactory.class).createEntityManager()) {
            return entities.createQuery("SELECT p.name FROM Person p", String.class)
                    .getResultList();
        }
    }

    /** Reads in constructors and factory methods: as early as a bean can. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(JooqAutoConfiguration.class)
    static class Readers {
        final List<String> seen = new ArrayList<>();

        @Bean
        String byTemplate(JdbcTemplate jdbc) {
            return add("template " + jdbc.queryForObject(PEOPLE, Long.class));
        }

        @Bean
        String byNamedTemplate(NamedParameterJdbcTemplate jdbc) {
            return add("named template " + jdbc.getJdbcTemplate().queryForObject(PEOPLE, Long.class));
        }

        @Bean
        String byClient(JdbcClient jdbc) {
            return add("client " + jdbc.sql(PEOPLE).query(Long.class).single());
        }

        @Bean
        String byJooq(DSLContext jooq) {
            return add("jOOQ " + jooq.fetchValue(PEOPLE));
        }

        @Bean
        @DependsOnDatabaseInitialization
        String byMark(DataSource dataSource) {
            return add("marked " + new JdbcTemplate(dataSource).queryForObject(PEOPLE, Long.class));
        }

        private String add(String what) {
            seen.add(what);
            return what;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @AutoConfigurationPackage
    @ImportAutoConfiguration(HibernateJpaAutoConfiguration.class)
    static class Jpa {}

    @Entity(name = "Person")
    @Table(name = "people")
    static class Person {
        @Id
        @GeneratedValue(strategy = GenerationType.IDENTITY)
        @Nullable
        Long id;

        @Nullable
        String name;

        @Nullable
        String email;
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(DataSourceInitializationAutoConfiguration.class)
    static class Scripts {}

    @Configuration(proxyBeanMethods = false)
    static class TwoMigrators {
        final List<HookPoint> runs = new ArrayList<>();

        @Bean
        Migrator peopleMigrator(DataSource dataSource) {
            return Migrator.builder(dataSource)
                    .locations("classpath:db/migrations")
                    .hook(MigrationHook.at(HookPoint.BEFORE_RUN, context -> runs.add(context.point())))
                    .build();
        }

        @Bean
        Migrator stepsMigrator(org.springframework.core.env.Environment environment) {
            return Migrator.builder(environment.getRequiredProperty("other.url"))
                    .locations("classpath:concurrent")
                    .hook(MigrationHook.at(HookPoint.BEFORE_RUN, context -> runs.add(context.point())))
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Hooked {
        final List<String> calls = new ArrayList<>();

        @Bean
        @Order(2)
        ConfitureMigratorCustomizer second() {
            return builder -> calls.add("customized second");
        }

        @Bean
        @Order(1)
        ConfitureMigratorCustomizer first() {
            return builder -> {
                calls.add("customized first");
                builder.hook(MigrationHook.at(HookPoint.BEFORE_RUN, context -> calls.add("hook of customizer")));
            };
        }

        @Bean
        @Order(2)
        MigrationHook hook2() {
            return MigrationHook.at(HookPoint.BEFORE_RUN, context -> calls.add("hook 2"));
        }

        @Bean
        @Order(1)
        MigrationHook hook1() {
            return MigrationHook.at(HookPoint.BEFORE_RUN, context -> calls.add("hook 1"));
        }
    }
}
