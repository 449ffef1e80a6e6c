package io.confiture.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.build.BuildResult;
import io.confiture.build.SchemaBuilder;
import io.confiture.config.Config;
import io.confiture.migrate.MigrationResult;
import io.confiture.migrate.Migrator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The library without Spring Boot, as the documentation shows it. */
class PlainJavaTest {
    @Test
    void buildsAnEmptyDatabase() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            DataSource dataSource = server.getPostgresDatabase();
            // build
            SchemaBuilder schema = SchemaBuilder.of(Config.builder()
                    .schemaDirs("classpath:db/schema")
                    .seedDirs("classpath:db/seeds")
                    .build());
            BuildResult built = schema.execute(dataSource);
            // end
            assertThat(built.tablesCreated()).isEqualTo(2);
            assertThat(JdbcClient.create(dataSource)
                            .sql("SELECT count(*) FROM book")
                            .query(Long.class)
                            .single())
                    .isEqualTo(3);
        }
    }

    @Test
    void migratesAndRollsBack() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            DataSource dataSource = server.getPostgresDatabase();
            // plain
            Migrator migrator = Migrator.builder(dataSource)
                    .locations("classpath:db/migrations")
                    .build();
            List<MigrationResult> results = migrator.applyAll();
            // end
            assertThat(results).extracting(MigrationResult::version).containsExactly("001", "002", "003", "004");
            assertThat(migrator.applyAll()).isEmpty();
            // rollback
            migrator.rollback("004_index_titles"); // the newest one
            migrator.rollbackTo("001"); // every one newer than 001
            // end
            assertThat(migrator.status().appliedCount()).isEqualTo(1);
        }
    }
}
