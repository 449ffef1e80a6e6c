package io.confiture.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.autoconfigure.ConfitureConnectionDetails;
import io.confiture.boot.fixture.JdbcApp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The database in a container takes the place of what is configured, {@code confiture.url} included. */
@Tag("containers")
@Testcontainers
@SpringBootTest(
        classes = JdbcApp.class,
        properties = {
            "spring.datasource.url=jdbc:postgresql://production.invalid/shop",
            "confiture.url=jdbc:postgresql://production.invalid/shop"
        })
class ContainersTest {
    @Container
    @ServiceConnection
    static final PostgreSQLContainer POSTGRES =
            new PostgreSQLContainer(System.getenv().getOrDefault("TESTCONTAINERS_POSTGRES_IMAGE", "postgres:17"));

    @Test
    void isMigrated(@Autowired JdbcClient jdbc, @Autowired ConfitureConnectionDetails details) {
        assertThat(jdbc.sql("SELECT count(*) FROM people").query(Long.class).single())
                .isEqualTo(2);
        assertThat(details.getJdbcUrl()).isEqualTo(POSTGRES.getJdbcUrl());
    }
}
