package io.confiture.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.Http;
import io.confiture.boot.fixture.WebApp;
import io.confiture.migrate.MigrationFolder;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;

/** An old application: 2,000 migrations, some of them pending, many of them a problem. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointSizeTest {
    private static final int MIGRATIONS = 2_000;
    private static final int PENDING = 500;
    private static final int CHANGED = 1_000;

    private final TestDatabase database = TestDatabase.create();
    private final JdbcClient server = JdbcClient.create(new DriverManagerDataSource(TestServer.url("postgres")));
    private ConfigurableApplicationContext context;
    private MigrationFolder folder;
    private Http http;

    @BeforeAll
    void start(@TempDir Path temp) {
        folder = new MigrationFolder(temp).write("0001_migration_of_an_ordinary_length.up.sql", "SELECT 1;\n");
        context = Apps.app(WebApp.class)
                .web(WebApplicationType.SERVLET)
                .run(Apps.arguments(
                        database,
                        "server.port=0",
                        // More would be opened in the background, and the driver asks on each of them.
                        "spring.datasource.hikari.maximum-pool-size=1",
                        "confiture.migrate.locations=file:" + temp,
                        "management.endpoints.web.exposure.include=confiture"));
        http = new Http(context);
        server.sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").update();
    }

    private void grow() {
        for (int i = 2; i <= MIGRATIONS; i++) {
            folder.write(String.format("%04d_migration_of_an_ordinary_length.up.sql", i), "SELECT 1;\n");
        }
        database.execute("INSERT INTO tb_confiture (id, slug, version, name, checksum)"
                + " SELECT gen_random_uuid(), 'm' || i, lpad(i::text, 4, '0'), 'migration_of_an_ordinary_length',"
                + " CASE WHEN i > " + CHANGED + " THEN (SELECT checksum FROM tb_confiture) ELSE repeat('a', 64) END"
                + " FROM generate_series(2, " + (MIGRATIONS - PENDING) + ") i");
    }

    @AfterAll
    void stop() {
        context.close();
        database.close();
    }

    @Test
    void whatIsShownUnaskedStaysSmallAndCostsAsManyCallsAsOneMigration() {
        long one = calls("/confiture/default");
        grow();
        Http.Answer summary = http.get("/confiture/default");
        JsonNode json = summary.json();
        assertThat(json.get("applied").asInt()).isEqualTo(MIGRATIONS - PENDING);
        assertThat(json.get("pending").asInt()).isEqualTo(PENDING);
        assertThat(json.get("problems").asInt()).isEqualTo(CHANGED - 1);
        assertThat(json.get("next").size()).isEqualTo(10);
        assertThat(json.get("attention").size()).isEqualTo(10);
        assertThat(summary.text().length()).isLessThan(8_000);
        assertThat(http.get("/confiture").text().length()).isLessThan(8_000);
        assertThat(calls("/confiture/default")).isEqualTo(one).isPositive().isLessThanOrEqualTo(8);
        for (String section : new String[] {"migrations", "verification", "plan"}) {
            assertThat(http.get("/confiture/default/" + section).text().length())
                    .as(section)
                    .isLessThan(40_000);
        }
        JsonNode last =
                http.get("/confiture/default/migrations?state=pending&page=4").json();
        assertThat(last.get("total").asInt()).isEqualTo(PENDING);
        assertThat(last.get("migrations").size()).isEqualTo(100);
        assertThat(last.get("migrations").get(99).get("version").asString()).isEqualTo("2000");
    }

    private long calls(String path) {
        http.get(path);
        server.sql("SELECT pg_stat_statements_reset(0, oid, 0) FROM pg_database WHERE datname = ?")
                .param(database.name())
                .query()
                .listOfRows();
        http.get(path);
        return server.sql("SELECT sum(calls) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
                        + " WHERE datname = ?")
                .param(database.name())
                .query(Long.class)
                .single();
    }
}
