package io.confiture.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.build.FreshDatabase;
import io.confiture.build.SchemaBuilder;
import io.confiture.build.TemplateDatabases;
import io.confiture.config.Config;
import io.confiture.migrate.Migrator;
import io.confiture.test.ChildJvm;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight processes that start at once, as the instances of an application or the forks of a build do. */
@Tag("conformance")
class EightProcessesTest {
    private static final int PROCESSES = 8;

    @TempDir
    private Path project;

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    /** All that they have said, line by line, none of them having failed. */
    private static List<String> outputs(Class<?> main, String... arguments) {
        List<ChildJvm> processes = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(ChildJvm.start(main, arguments));
            }
            List<String> lines = new ArrayList<>();
            for (ChildJvm process : processes) {
                String output = process.output();
                assertThat(process.exitCode()).as(output).isZero();
                output.lines().filter(line -> !line.startsWith("SLF4J")).forEach(lines::add);
            }
            return lines;
        } finally {
            processes.forEach(ChildJvm::close);
        }
    }

    @Test
    void anEmptyDatabaseIsBuiltByOne() throws IOException {
        Files.createDirectories(project.resolve("db/schema"));
        Files.createDirectories(project.resolve("db/migrations"));
        Files.writeString(
                project.resolve("db/schema/1.sql"),
                "CREATE TABLE users (id int PRIMARY KEY, note text); SELECT pg_sleep(0.5);");
        Files.writeString(
                project.resolve("db/migrations/001_users.up.sql"), "CREATE TABLE users (id int PRIMARY KEY);");
        Files.writeString(
                project.resolve("db/migrations/002_note.up.sql"), "ALTER TABLE fails_when_run ADD note text;");
        List<String> said = outputs(WhenEmpty.class, project.toString(), database.url());
        System.out.printf("Empty database: %d processes, %s%n", PROCESSES, said);
        assertThat(said).filteredOn("recorded 2"::equals).hasSize(1);
        assertThat(said).filteredOn("recorded 0"::equals).hasSize(PROCESSES - 1);
        assertThat(database.values("SELECT version FROM tb_confiture ORDER BY version"))
                .containsExactly("001", "002");
        assertThat(database.value("SELECT count(*) FROM tb_confiture_run WHERE kind = 'baseline'"))
                .isEqualTo("1");
    }

    /** Arguments: the project, the URL of the database. */
    static final class WhenEmpty {
        public static void main(String[] arguments) {
            Path project = Path.of(arguments[0]);
            int recorded = Migrator.builder(arguments[1])
                    .locations(project.resolve("db/migrations").toString())
                    .initialSchema(SchemaVerification.initialSchema(SchemaBuilder.of(
                            Config.builder().projectDir(project).build())))
                    .build()
                    .applyAll()
                    .size();
            System.out.println("recorded " + recorded);
        }
    }

    @Test
    void aTemplateIsMadeByOneAndClonedByAll() {
        List<String> said = outputs(Template.class, database.url(), "eight processes " + System.nanoTime());
        System.out.printf("Template: %d processes, %s%n", PROCESSES, said);
        try {
            assertThat(said).filteredOn("makes"::equals).hasSize(1);
            assertThat(said).filteredOn("has t"::equals).hasSize(PROCESSES);
        } finally {
            for (String name :
                    database.values("SELECT datname FROM pg_database WHERE datname ~ '^confiture_template_'")) {
                TestServer.execute("ALTER DATABASE " + name + " IS_TEMPLATE false", "DROP DATABASE " + name);
            }
        }
    }

    /** Arguments: the URL of the server, the key of the template. */
    static final class Template {
        public static void main(String[] arguments) throws SQLException {
            try (TemplateDatabases templates = TemplateDatabases.on(arguments[0]);
                    FreshDatabase fresh = templates.create(arguments[1], target -> {
                        System.out.println("makes");
                        execute(target.getConnection(), "CREATE TABLE t AS SELECT 1 AS id FROM pg_sleep(0.5)");
                    })) {
                execute(fresh.dataSource().getConnection(), "INSERT INTO t VALUES (2)");
                System.out.println("has t");
            }
        }

        private static void execute(Connection connection, String sql) throws SQLException {
            try (connection;
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }
}
