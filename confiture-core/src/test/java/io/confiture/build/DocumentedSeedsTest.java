package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.config.Config;
import io.confiture.postgres.ConnectionSource;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the pages say of seeds and of fresh databases, run. */
class DocumentedSeedsTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final DataSource dataSource = database.dataSource();
    private final Config config = Config.load(Path.of("src/test/resources/docs-schema"), "local");
    private final List<Object> told = new ArrayList<>();

    @Test
    void seedsAreLoadedAndValidated() {
        ExecuteOptions schemaOnly = ExecuteOptions.defaults().withSeeds(false);
        SchemaBuilder.of(config).execute(dataSource, schemaOnly);
        // load
        SeedReport report = SeedLoader.of(config).load(dataSource);
        for (SeedFileResult file : report.files()) {
            told.add(file.file() + ": " + file.outcome() + ", " + file.rows() + " rows");
        }
        // end
        assertThat(report.complete()).isTrue();
        assertThat(told).isNotEmpty();
        // validate
        SeedValidation validation = SeedLoader.of(config)
                .validate(
                        ConnectionSource.of(dataSource),
                        scratch -> SchemaBuilder.of(config).execute(scratch, schemaOnly));
        told.addAll(validation.failures()); // each with file, line, table and row
        // end
        assertThat(validation.failures()).isEmpty();
        assertThat(validation.rows()).isEqualTo(report.rows());
    }

    @Test
    void aFreshDatabaseIsCloned() {
        // templates
        SchemaBuilder schema = SchemaBuilder.of(config);
        try (TemplateDatabases templates = TemplateDatabases.on(dataSource);
                FreshDatabase fresh = templates.create(TemplateDatabases.key(schema), schema::execute)) {
            told.add(JdbcClient.create(fresh.dataSource())
                    .sql("SELECT count(*) FROM orders")
                    .query(Long.class)
                    .single());
        }
        // end
        assertThat(told).hasSize(1);
    }
}
