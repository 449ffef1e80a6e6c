package io.confiture.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.build.FreshDatabase;
import io.confiture.test.TestServer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

class FreshDatabaseExtensionTest {
    // extension
    @RegisterExtension
    static final FreshDatabaseExtension DATABASES =
            FreshDatabaseExtension.migrated(() -> TestServer.url("postgres"), "classpath:db/migrations");

    @Test
    void peopleCanBeAdded(JdbcClient jdbc) {
        jdbc.sql("INSERT INTO people (name) VALUES ('Linus')").update();
        assertThat(jdbc.sql("SELECT count(*) FROM people WHERE name = 'Linus'")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }
    // end

    private static final Set<String> NAMES = new HashSet<>();

    @RepeatedTest(2)
    void eachTestHasItsOwnMigratedDatabase(FreshDatabase database, DataSource dataSource, JdbcClient jdbc) {
        assertThat(NAMES.add(database.name())).isTrue();
        assertThat(JdbcClient.create(dataSource)
                        .sql("SELECT current_database()")
                        .query(String.class)
                        .single())
                .isEqualTo(database.name());
        assertThat(jdbc.sql("SELECT count(*) FROM people").query(Long.class).single())
                .isEqualTo(2);
        jdbc.sql("DELETE FROM people").update();
        // That of the test before is gone.
        List<@Nullable String> left = jdbc.sql(
                        "SELECT datname FROM pg_database WHERE datname LIKE 'confiture\\_fresh\\_%'")
                .query(String.class)
                .list();
        assertThat(NAMES.stream().filter(left::contains)).containsExactly(database.name());
    }
}
