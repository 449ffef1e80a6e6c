package io.confiture.verification;

import io.confiture.build.SchemaBuilder;
import io.confiture.config.Config;
import io.confiture.migrate.MigrationFolder;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.MigratorBuilder;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A project whose schema and migrations say the same, until a test writes something else. */
final class Project {
    final Path folder;
    final MigrationFolder schema;
    final MigrationFolder seeds;
    final MigrationFolder migrations;

    Project(Path folder) {
        this.folder = folder;
        this.schema = new MigrationFolder(folder.resolve("db/schema"))
                .write("10_users.sql", """
                        CREATE TABLE users (
                            id int PRIMARY KEY,
                            name text NOT NULL DEFAULT '',
                            email text UNIQUE
                        );
                        CREATE INDEX users_name ON users (name);
                        """)
                .write("20_names.sql", "CREATE VIEW names AS SELECT name FROM users;");
        this.seeds = new MigrationFolder(folder.resolve("db/seeds"))
                .write("users.sql", "INSERT INTO users VALUES (1, 'a', 'a@b.c');");
        this.migrations = new MigrationFolder(folder.resolve("db/migrations"))
                .write("001_create_users.up.sql", "CREATE TABLE users (id int PRIMARY KEY, email text UNIQUE);")
                .write(
                        "002_add_name.up.sql",
                        "ALTER TABLE users ADD COLUMN name text NOT NULL DEFAULT '';"
                                + " CREATE INDEX CONCURRENTLY users_name ON users (name);")
                .write("003_first.up.sql", "INSERT INTO users VALUES (1, 'a@b.c', 'a');")
                .write("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT users.name FROM public.users;");
    }

    SchemaBuilder builder() {
        return SchemaBuilder.of(Config.builder()
                .projectDir(folder)
                .schemaDirs("db/schema")
                .seedDirs("db/seeds")
                .build());
    }

    MigratorBuilder migrator(TestDatabase database) {
        return Migrator.builder(database.url()).locations(migrations.location());
    }

    SchemaVerification verification(TestDatabase database) {
        return SchemaVerification.of(builder(), migrator(database).build());
    }

    /** Scratch databases that are on the server now. */
    static List<@Nullable String> scratchDatabases(TestDatabase any) {
        return any.values("SELECT datname FROM pg_database WHERE datname LIKE 'confiture\\_scratch\\_%'");
    }

    /** A role that may log in, connect and read, and not create databases. */
    static String weakRole(TestDatabase database) {
        String role = "weak_" + database.name();
        TestServer.execute("DROP ROLE IF EXISTS " + role, "CREATE ROLE " + role + " LOGIN");
        return role;
    }
}
