package io.confiture.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.build.FreshDatabase;
import io.confiture.build.SchemaBuilder;
import io.confiture.build.TemplateDatabases;
import io.confiture.config.Config;
import io.confiture.test.TestServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Databases of tests that are built from a schema with its seeds, and one that a class keeps. */
class FreshDatabaseContentTest {
    private static final SchemaBuilder SCHEMA = SchemaBuilder.of(Config.builder()
            .schemaDirs("classpath:schema/people")
            .seedDirs("classpath:schema/seeds")
            .build());

    @RegisterExtension
    static final FreshDatabaseExtension DATABASES = FreshDatabaseExtension.with(
            () -> TestServer.url("postgres"), () -> TemplateDatabases.key(SCHEMA), SCHEMA::execute);

    private static String ofClass = "";

    @BeforeAll
    static void aDatabaseForTheWholeClass(FreshDatabase database) {
        ofClass = database.name();
    }

    @RepeatedTest(2)
    void eachTestHasTheSchemaWithItsSeeds(FreshDatabase database, JdbcClient jdbc) {
        assertThat(database.name()).isNotEqualTo(ofClass);
        assertThat(jdbc.sql("SELECT count(*) FROM people").query(Long.class).single())
                .isEqualTo(2);
        jdbc.sql("DELETE FROM people").update();
        assertThat(jdbc.sql("SELECT count(*) FROM pg_database WHERE datname = ?")
                        .param(ofClass)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }
}
