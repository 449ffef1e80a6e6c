package io.confiture.migrate;

import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** A database that the real Flyway has migrated with the files of the folder. */
abstract class FlywayTestCase extends MigratorTestCase {
    static final String HISTORY = "flyway_schema_history";

    @Override
    MigratorBuilder builder() {
        return super.builder().naming(Naming.FLYWAY);
    }

    FluentConfiguration configure() {
        return Flyway.configure().dataSource(database.dataSource()).locations("filesystem:" + folder.location());
    }

    Flyway flyway() {
        return configure().load();
    }

    /** Two versioned migrations and a view, as Flyway reads and Confiture finds them. */
    MigrationFolder shop() {
        return folder.write("V1__create_users.sql", "CREATE TABLE users (id int PRIMARY KEY);\n")
                .write("V1_1__add_name.sql", "ALTER TABLE users ADD COLUMN name text;\n")
                .write("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT name FROM users;\n");
    }

    static List<String> done(List<MigrationResult> results) {
        return results.stream()
                .map(result -> result.version() + " " + result.name() + " " + result.action())
                .toList();
    }

    List<String> states() {
        return migrator().status().migrations().stream()
                .map(info -> info.version() + "_" + info.name() + " " + info.state())
                .toList();
    }
}
