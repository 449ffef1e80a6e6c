package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.build.PrivilegeSplit.Part;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three outputs of a split, each run by the role that it is for. */
class PrivilegeSplitRunTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final String app = "app_of_" + database.name();

    @TempDir
    Path project;

    private SchemaBuilder builder;

    @BeforeEach
    void sources() {
        TestServer.execute("CREATE ROLE " + app + " LOGIN");
        // Only a superuser may make a function in C, and only after the application has its tables is there anything to
        // audit.
        builder = new SourceTree(project)
                .write(
                        "db/schema/00_super/1.sql",
                        "CREATE SCHEMA app AUTHORIZATION " + app
                                + "; CREATE FUNCTION app.one() RETURNS int LANGUAGE internal AS 'pg_backend_pid';")
                .write(
                        "db/schema/10_app/1.sql",
                        "CREATE TABLE app.a (b_id int REFERENCES app.b, n int DEFAULT app.one());")
                .write("db/schema/10_app/2.sql", "CREATE TABLE app.b (id int PRIMARY KEY);")
                .write("db/schema/90_after/1.sql", "ALTER TABLE app.b OWNER TO postgres;")
                .write("db/seeds/1.sql", "COPY app.b FROM stdin;\n1\n\\.\n")
                .builder(config -> config.superuserDirs("db/schema/00_super")
                        .superuserPostDirs("db/schema/90_after")
                        .seedDirs("db/seeds")
                        .twoPass(true));
    }

    @AfterEach
    void roleIsDropped() {
        database.execute("DROP OWNED BY " + app + " CASCADE", "DROP ROLE " + app);
    }

    private void run(Part part, String role) throws SQLException {
        String text = builder.split().text(part);
        try (Connection connection = DriverManager.getConnection(database.url(role))) {
            SchemaSources.run(connection, List.of(SchemaSources.file(part + ".sql", text)));
        }
    }

    @Test
    void theApplicationsRoleRunsItsOwnPartBetweenThoseOfASuperuser() throws SQLException {
        assertThatThrownBy(() -> run(Part.SUPERUSER_PRE, app)).isInstanceOf(SQLException.class);
        run(Part.SUPERUSER_PRE, "postgres");
        run(Part.APP, app);
        assertThatThrownBy(() -> run(Part.SUPERUSER_POST, app)).isInstanceOf(SQLException.class);
        run(Part.SUPERUSER_POST, "postgres");
        assertThat(database.values(
                        "SELECT tablename || ' ' || tableowner FROM pg_tables WHERE schemaname = 'app' ORDER BY 1"))
                .containsExactly("a " + app, "b postgres");
        assertThat(database.value("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"))
                .isEqualTo("FOREIGN KEY (b_id) REFERENCES app.b(id)");
        assertThat(database.value("SELECT count(*) FROM app.b")).isEqualTo("1");
    }
}
