package io.confiture.migrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of migrations that a test writes. */
public final class MigrationFolder {
    private final Path folder;

    public MigrationFolder(Path folder) {
        this.folder = folder;
    }

    public MigrationFolder write(String fileName, String sql) {
        try {
            Path file = folder.resolve(fileName);
            Files.createDirectories(file.getParent());
            Files.writeString(file, sql);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void delete(String fileName) {
        try {
            Files.delete(folder.resolve(fileName));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String location() {
        return folder.toString();
    }

    /** Three small migrations with their rollbacks. */
    public MigrationFolder three() {
        return write("001_create_users.up.sql", "CREATE TABLE users (id int PRIMARY KEY, email text);")
                .write("001_create_users.down.sql", "DROP TABLE users;")
                .write("002_add_name.up.sql", "ALTER TABLE users ADD COLUMN name text;")
                .write("002_add_name.down.sql", "ALTER TABLE users DROP COLUMN name;")
                .write("003_seed.up.sql", "INSERT INTO users VALUES (1, 'a@b.c', 'A'), (2, 'd@e.f', 'D');")
                .write("003_seed.down.sql", "DELETE FROM users;");
    }
}
