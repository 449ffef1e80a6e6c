package io.confiture.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.build.SchemaBuilder;
import io.confiture.config.Config;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.confiture.verification.SchemaVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an endpoint shows of an operation that has failed. */
class OperationFailureTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void ofASchemaThatCannotBeBuiltNeitherStatementNorRowIsShown(@TempDir Path temp) throws IOException {
        Files.createDirectories(temp.resolve("schema"));
        Files.createDirectories(temp.resolve("migrations"));
        Files.writeString(temp.resolve("schema/1.sql"), """
                CREATE TABLE users (name text UNIQUE);
                INSERT INTO users VALUES ('hunter2'), ('hunter2');
                """);
        SchemaBuilder schema = SchemaBuilder.of(
                Config.builder().projectDir(temp).schemaDirs("schema").build());
        Migrator migrator = Migrator.builder(database.dataSource())
                .locations("file:" + temp.resolve("migrations"))
                .initialSchema(SchemaVerification.initialSchema(schema))
                .build();
        Throwable failure = Assertions.catchThrowable(migrator::applyAll);
        assertThat(failure).hasMessageContaining("hunter2");
        OperationDescriptor.Failed shown = OperationFailure.of("default", "migrate", failure);
        assertThat(shown.toString())
                .contains("SCHEMA_201")
                .contains("1.sql:2:")
                .contains("duplicate key")
                .doesNotContain("hunter2");
    }
}
