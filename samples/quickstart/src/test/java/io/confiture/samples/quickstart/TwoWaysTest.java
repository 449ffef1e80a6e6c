package io.confiture.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.build.SchemaBuilder;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.SchemaOrigin;
import io.confiture.verification.EquivalenceReport;
import io.confiture.verification.SchemaVerification;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One application on an empty database and on an old one. The settings are those of {@link QuickstartTest}, to share its server. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "spring.config.additional-location=classpath:settings/")
class TwoWaysTest {
    @Autowired
    private EmbeddedPostgres server;

    @Autowired
    private SchemaBuilder builder;

    @Autowired
    private Migrator migrator;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void anEmptyDatabaseIsBuiltFromItsSchema() {
        assertThat(migrator.status().origin())
                .isNotNull()
                .extracting(SchemaOrigin::hash)
                .isEqualTo(builder.computeHash());
        assertThat(migrator.pending()).isEmpty();
        assertThat(titles(jdbc)).hasSize(3);
    }

    @Test
    void anOldDatabaseIsMigrated() throws Exception {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE old");
        }
        DataSource old = server.getDatabase("postgres", "old");
        Migrator asLastYear =
                Migrator.builder(old).locations("classpath:db/migrations").build();
        asLastYear.applyAll("002");
        try (ConfigurableApplicationContext context = SpringApplication.run(
                QuickstartApplication.class,
                "--server.port=0",
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + server.getPort() + "/old",
                "--spring.datasource.username=postgres")) {
            assertThat(context.getBean(Migrator.class).status().origin()).isNull();
            assertThat(asLastYear.pending()).isEmpty();
            assertThat(titles(context.getBean(JdbcClient.class))).isEqualTo(titles(jdbc));
            requireTheSame(builder, context.getBean(Migrator.class));
        }
    }

    private static void requireTheSame(SchemaBuilder builder, Migrator migrator) {
        // proof
        EquivalenceReport report = SchemaVerification.of(builder, migrator).verifyEquivalence();
        // end
        assertThat(report.proven()).as(report.toString()).isTrue();
    }

    private static List<@Nullable String> titles(JdbcClient jdbc) {
        return jdbc.sql("SELECT title FROM book ORDER BY title")
                .query(String.class)
                .list();
    }
}
