package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.migrate.Migrator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The application on a database of its own in a container, which each of the usual ways to write that down gives it. */
@Tag("containers")
@SpringBootTest(properties = "server.port=0")
abstract class ShopTestCase {
    static final String IMAGE = System.getenv().getOrDefault("TESTCONTAINERS_POSTGRES_IMAGE", "postgres:15");

    @Test
    void theMigrationsOfTheApplicationAndOfItsDependencyAreApplied(
            @Autowired JdbcClient jdbc, @Autowired Migrator migrator) {
        assertThat(jdbc.sql("SELECT name FROM product ORDER BY id")
                        .query(String.class)
                        .list())
                .containsExactly("apricot jam", "plum jam");
        assertThat(migrator.validate().valid()).isTrue();
    }
}
