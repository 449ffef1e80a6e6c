package io.confiture.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import jakarta.persistence.EntityManager;
import java.util.Objects;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.data.jdbc.test.autoconfigure.DataJdbcTest;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.data.r2dbc.test.autoconfigure.DataR2dbcTest;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.boot.jooq.test.autoconfigure.JooqTest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Slice tests of an application work on the migrated schema. */
class SlicesTest {
    private static final String PEOPLE = "SELECT count(*) FROM people";

    @SpringBootConfiguration
    @AutoConfigurationPackage
    static class App {}

    private static void database(DynamicPropertyRegistry registry) {
        // Never dropped: contexts are cached until the process ends, and so does the server.
        TestDatabase database = TestDatabase.create();
        registry.add("spring.datasource.url", database::url);
    }

    @Nested
    @JdbcTest
    @AutoConfigureTestDatabase(replace = AutoConfigureTestDatabase.Replace.NONE)
    class Jdbc {
        @DynamicPropertySource
        static void properties(DynamicPropertyRegistry registry) {
            database(registry);
        }

        @Test
        void isMigrated(@Autowired JdbcClient jdbc, @Autowired JdbcTemplate template) {
            assertThat(jdbc.sql(PEOPLE).query(Long.class).single()).isEqualTo(2);
            assertThat(template.queryForObject(PEOPLE, Long.class)).isEqualTo(2);
        }
    }

    @Nested
    @DataJdbcTest
    @AutoConfigureTestDatabase(replace = AutoConfigureTestDatabase.Replace.NONE)
    class DataJdbc {
        @DynamicPropertySource
        static void properties(DynamicPropertyRegistry registry) {
            database(registry);
        }

        @Test
        void isMigrated(@Autowired JdbcClient jdbc) {
            assertThat(jdbc.sql(PEOPLE).query(Long.class).single()).isEqualTo(2);
        }
    }

    @Nested
    @DataJpaTest
    @AutoConfigureTestDatabase(replace = AutoConfigureTestDatabase.Replace.NONE)
    class DataJpa {
        @DynamicPropertySource
        static void properties(DynamicPropertyRegistry registry) {
            database(registry);
        }

        @Test
        void isMigrated(@Autowired EntityManager entities) {
            assertThat(entities.createNativeQuery(PEOPLE, Long.class).getSingleResult())
                    .isEqualTo(2L);
        }
    }

    @Nested
    @JooqTest
    class Jooq {
        @DynamicPropertySource
        static void properties(DynamicPropertyRegistry registry) {
            database(registry);
        }

        @Test
        void isMigrated(@Autowired DSLContext jooq) {
            assertThat(jooq.fetchValue(PEOPLE)).isEqualTo(2L);
        }
    }

    @Nested
    @DataR2dbcTest(properties = "spring.autoconfigure.exclude=")
    class DataR2dbc {
        @DynamicPropertySource
        static void properties(DynamicPropertyRegistry registry) {
            TestDatabase database = TestDatabase.create();
            registry.add(
                    "spring.r2dbc.url",
                    () -> "r2dbc:postgresql://postgres@127.0.0.1:" + TestServer.port() + "/" + database.name());
        }

        @Test
        void isMigrated(@Autowired DatabaseClient client) {
            assertThat(client.sql(PEOPLE)
                            .map(row -> Objects.requireNonNull(row.get(0, Long.class)))
                            .one()
                            .block())
                    .isEqualTo(2L);
        }
    }
}
