package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.config.Config;
import io.confiture.error.SchemaException;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page on schemas shows, run. */
class DocumentedSchemaTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose("shutdown")
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @TempDir
    Path target;

    private final DataSource dataSource = database.dataSource();
    private final Path project = Path.of("src/test/resources/docs-schema");
    private final List<Object> told = new ArrayList<>();

    @Test
    void thePagesTextAndHashAreBuilt() {
        Path generated = target.resolve("db/generated/schema_local.sql");
        // text
        SchemaBuilder builder = SchemaBuilder.of(Config.load(project, "local"));
        String schema = builder.build(); // with seeds; nothing is written
        String hash = builder.computeHash();
        builder.writeTo(generated, BuildOptions.schemaOnly()); // in bounded memory
        List<SchemaFile> files = builder.findSqlFiles();
        CompletableFuture<String> later = builder.buildAsync(executor);
        // end
        assertThat(files)
                .extracting(SchemaFile::name)
                .containsExactly("00_common/types.sql", "10_tables/orders.sql", "seeds/common/orders.sql");
        assertThat(schema).contains(hash).contains("COPY orders");
        assertThat(generated).content().contains(hash).doesNotContain("COPY orders");
        assertThat(later.join()).isEqualTo(schema);
    }

    @Test
    void thePagesSchemaIsRun() {
        SchemaBuilder builder = SchemaBuilder.of(Config.load(project, "local"));
        // execute
        BuildResult result = builder.execute(dataSource);
        told.add(result.tablesCreated() + " tables in " + result.duration());
        told.addAll(result.warnings()); // what the server warned of
        // end
        assertThat(told).singleElement().asString().startsWith("1 tables in PT");
        assertThat(database.value("SELECT count(*) FROM orders")).isEqualTo("2");
        database.execute("CREATE SCHEMA reports", "CREATE VIEW reports.open AS SELECT count(*) FROM orders");
        // drop
        ExecuteOptions afresh = ExecuteOptions.defaults()
                .withDropExisting("public") // what lives there, and nothing else
                .withTransaction(TransactionMode.SINGLE); // or PER_FILE, SEGMENTS
        try {
            builder.execute(dataSource, afresh);
        } catch (SchemaException e) {
            told.add(e.code()); // SCHEMA_204: a view in another schema reads from it
            told.add(e.getMessage()); // and this is its name
        }
        // end
        assertThat(told.get(1)).hasToString("SCHEMA_204");
        assertThat(told.get(2)).asString().contains("view reports.open");
    }

    @Test
    void theErrorOfThePageTellsWhatItSays() {
        database.execute("CREATE TABLE orders ()");
        SchemaBuilder builder = SchemaBuilder.of(Config.load(project, "local"));
        assertThatThrownBy(() -> builder.execute(dataSource))
                .isInstanceOfSatisfying(SchemaException.class, e -> {
                    assertThat(e.line()).isEqualTo(1);
                    assertThat(e.sqlState()).isEqualTo("42P07");
                })
                .hasMessageContaining("10_tables/orders.sql:1:1")
                .hasMessageContaining("Nothing was changed");
    }
}
