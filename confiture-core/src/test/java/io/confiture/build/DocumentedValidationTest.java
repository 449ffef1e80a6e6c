package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.build.PrivilegeSplit.Part;
import io.confiture.build.SchemaReport.Outcome;
import io.confiture.config.Config;
import io.confiture.test.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page on schemas shows of validation and the split, run. */
class DocumentedValidationTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    private Path target;

    private final DataSource dataSource = database.dataSource();
    private final List<SchemaFinding> told = new ArrayList<>();

    @Test
    void thePagesSchemaIsValidated() {
        SchemaBuilder builder = SchemaBuilder.of(Config.load(Path.of("src/test/resources/docs-schema"), "local"));
        // validate
        SchemaReport text = builder.validate(); // no database: NOT_CHECKED or FAILED, never OK
        SchemaReport parsed = builder.validate(dataSource, ValidationOptions.parsed()); // nothing is run
        SchemaReport built = builder.validate(dataSource, ValidationOptions.inScratchDatabase()); // OK or FAILED
        told.addAll(built.errors()); // severity, code, message, file, line, column
        // end
        assertThat(text.outcome()).isEqualTo(Outcome.NOT_CHECKED);
        assertThat(parsed.outcome()).isEqualTo(Outcome.NOT_CHECKED);
        assertThat(parsed.notChecked()).containsExactly(SchemaCheck.BUILD);
        assertThat(built.outcome()).as(built.toString()).isEqualTo(Outcome.OK);
        assertThat(told).isEmpty();
    }

    @Test
    void thePagesSplitIsWritten() throws IOException {
        for (String file : List.of("00_roles/roles.sql", "10_tables/orders.sql", "90_grants/grants.sql")) {
            Path path = target.resolve("db/schema").resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "SELECT '" + file + "';\n");
        }
        // split
        Config config = Config.builder()
                .projectDir(target)
                .superuserDirs("db/schema/00_roles")
                .superuserPostDirs("db/schema/90_grants")
                .build();
        PrivilegeSplit split = SchemaBuilder.of(config).split();
        List<Path> written = split.writeTo(target.resolve("db/generated")); // schema_local_superuser_pre.sql, …
        String app = split.text(Part.APP);
        // end
        assertThat(app).contains("10_tables/orders.sql").doesNotContain("00_roles/", "90_grants/");
        assertThat(written)
                .extracting(path -> path.getFileName().toString())
                .containsExactly(
                        "schema_local_superuser_pre.sql", "schema_local_app.sql", "schema_local_superuser_post.sql");
    }
}
