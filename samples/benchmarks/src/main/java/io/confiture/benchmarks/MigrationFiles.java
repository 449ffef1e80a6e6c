package io.confiture.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The same migrations in each tool's own form: a table, an index on it, a row. */
final class MigrationFiles {
    static final String LIQUIBASE_ROOT = "changelog.xml";

    private MigrationFiles() {}

    /** Writes {@code count} migrations of three statements. */
    static Path write(Path folder, Tool tool, int count) throws IOException {
        Files.createDirectories(folder);
        for (int i = 1; i <= count; i++) {
            writeOne(folder, tool, i);
        }
        if (tool == Tool.LIQUIBASE) {
            Files.writeString(folder.resolve(LIQUIBASE_ROOT), """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
                        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                        xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
                            http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
                        %s
                    </databaseChangeLog>
                    """.formatted(
                            count == 0 ? "" : "<includeAll path=\"changes\" relativeToChangelogFile=\"true\"/>"));
        }
        return folder;
    }

    /** Writes the migration of this number beside the others. */
    static void writeOne(Path folder, Tool tool, int i) throws IOException {
        switch (tool) {
            case BARE, CONFITURE -> Files.writeString(folder.resolve("%05d_table.up.sql".formatted(i)), statements(i));
            case FLYWAY_NEWEST, FLYWAY_BOOT ->
                Files.writeString(folder.resolve("V%05d__table.sql".formatted(i)), statements(i));
            case LIQUIBASE -> {
                Files.createDirectories(folder.resolve("changes"));
                Files.writeString(
                        folder.resolve("changes/%05d_table.sql".formatted(i)),
                        "--liquibase formatted sql\n\n--changeset benchmark:%d\n".formatted(i) + statements(i));
            }
        }
    }

    /** As many for Confiture, each of three statements, the first of which changes the session. */
    static Path writeSessionChanging(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        for (int i = 1; i <= count; i++) {
            Files.writeString(folder.resolve("%05d_table.up.sql".formatted(i)), """
                    SET search_path = public, pg_catalog;
                    CREATE TABLE bench_%1$d (id bigint PRIMARY KEY, name text NOT NULL);
                    CREATE INDEX bench_%1$d_name ON bench_%1$d (name);
                    """.formatted(i));
        }
        return folder;
    }

    private static String statements(int i) {
        return """
                CREATE TABLE bench_%1$d (id bigint PRIMARY KEY, name text NOT NULL);
                CREATE INDEX bench_%1$d_name ON bench_%1$d (name);
                INSERT INTO bench_%1$d (id, name) VALUES (%1$d, 'row of table %1$d');
                """.formatted(i);
    }
}
