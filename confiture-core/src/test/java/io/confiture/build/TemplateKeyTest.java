package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.config.Config;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A template is found again by the hash of the sources and by the profile of the seeds. */
class TemplateKeyTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose
    private final TemplateDatabases templates = TemplateDatabases.on(database.url());

    @TempDir
    Path project;

    private SourceTree tree;

    @BeforeEach
    void sources() {
        tree = new SourceTree(project)
                .write("db/schema/1.sql", "CREATE TABLE t (v text);")
                .write("db/seeds/one.sql", "INSERT INTO t VALUES ('one " + database.name() + "');")
                .write("db/seeds/two.sql", "INSERT INTO t VALUES ('two');");
    }

    @AfterEach
    void templatesAreDropped() {
        for (String name :
                database.values("SELECT datname FROM pg_database WHERE datname LIKE 'confiture\\_template\\_%'")) {
            TestServer.execute("ALTER DATABASE " + name + " IS_TEMPLATE false", "DROP DATABASE " + name);
        }
    }

    private List<String> contents(String profile) {
        tree.write("confiture.yaml", """
                version: 1
                environments:
                  local:
                    seed_dirs: [db/seeds]
                    seed: {profile: %s, profiles: {all: {}, first: {include: [one.sql]}}}
                """.formatted(profile));
        SchemaBuilder schema = SchemaBuilder.of(Config.load(project, "local"));
        try (FreshDatabase fresh = templates.create(TemplateDatabases.key(schema), schema::execute)) {
            return JdbcClient.create(fresh.dataSource())
                    .sql("SELECT v FROM t ORDER BY v")
                    .query((row, number) -> Objects.requireNonNull(row.getString(1)))
                    .list();
        }
    }

    @Test
    void aSeedThatWasChangedAndAnotherProfileAreInTheNextClone() {
        assertThat(contents("all")).containsExactly("one " + database.name(), "two");
        assertThat(contents("first")).containsExactly("one " + database.name());
        tree.write("db/seeds/one.sql", "INSERT INTO t VALUES ('changed');");
        assertThat(contents("first")).containsExactly("changed");
        tree.write("db/schema/1.sql", "CREATE TABLE t (v text DEFAULT 'x');");
        assertThat(contents("all")).containsExactly("changed", "two");
    }
}
