package io.confiture.benchmarks;

import io.confiture.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A project of a schema in so many files, for the original and for Confiture: a table and two indexes each. */
final class BuildProject {
    private BuildProject() {}

    static Path write(Path project, int files) throws IOException {
        Path schema = Files.createDirectories(project.resolve("db/schema"));
        int digits = Math.max(3, String.valueOf(files - 1).length());
        for (int i = 0; i < files; i++) {
            Files.writeString(schema.resolve(("%0" + digits + "d_table.sql").formatted(i)), table(i));
        }
        Path environments = Files.createDirectories(project.resolve("db/environments"));
        Files.writeString(environments.resolve("local.yaml"), """
                name: local
                include_dirs:
                  - db/schema
                database_url: postgresql://localhost/none
                """);
        return project;
    }

    static Config config(Path project) {
        return Config.builder().projectDir(project).schemaDirs("db/schema").build();
    }

    static String table(int i) {
        return """
                -- Table number %1$d
                CREATE TABLE bench_%1$d (
                    pk_bench_%1$d BIGSERIAL PRIMARY KEY,
                    id UUID NOT NULL UNIQUE DEFAULT gen_random_uuid(),
                    slug TEXT NOT NULL UNIQUE,
                    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
                    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
                    data JSONB
                );

                CREATE INDEX idx_bench_%1$d_created_at ON bench_%1$d (created_at);
                CREATE INDEX idx_bench_%1$d_data ON bench_%1$d USING gin (data);
                """.formatted(i);
    }
}
