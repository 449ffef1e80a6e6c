package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.error.SqlScriptException;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A schema that is run on a database. */
class SchemaExecuteTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path project;

    private SourceTree tree;

    @BeforeEach
    void tree() {
        tree = new SourceTree(project);
    }

    private BuildResult execute(ExecuteOptions options) {
        return tree.builder(config -> config.seedDirs("db/seeds")).execute(database.dataSource(), options);
    }

    private BuildResult execute() {
        tree.write("db/seeds/.keep", "");
        return execute(ExecuteOptions.defaults());
    }

    private String tables() {
        return String.join(
                " ", database.values("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"));
    }

    @Test
    void everythingIsBuiltAndCountedInTheCatalog() {
        tree.write("db/schema/1.sql", """
                        CREATE SCHEMA app;
                        CREATE TABLE app.users (id bigserial PRIMARY KEY, name text UNIQUE);
                        DO $$ BEGIN FOR i IN 1..3 LOOP EXECUTE 'CREATE TABLE app.p' || i || ' ()'; END LOOP; END $$;
                        CREATE VIEW app.names AS SELECT name FROM app.users;
                        CREATE FUNCTION app.f(text) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;""")
                .write("db/schema/2.sql", """
                        CREATE MATERIALIZED VIEW app.m AS SELECT 1 AS one;
                        CREATE TYPE app.mood AS ENUM ('ok');
                        CREATE PROCEDURE app.p() LANGUAGE sql AS 'SELECT 1';
                        DO $$ BEGIN RAISE NOTICE 'half way'; RAISE WARNING 'look'; END $$
                        """)
                .write("db/seeds/1.sql", "COPY app.users (name) FROM stdin;\nada\nt\\tab\n\\.\n");
        BuildResult result = execute(ExecuteOptions.defaults());
        assertThat(result.tablesCreated()).isEqualTo(4);
        assertThat(result.indexesCreated()).isEqualTo(2);
        assertThat(result.viewsCreated()).isEqualTo(1);
        assertThat(result.functionsCreated()).isEqualTo(1);
        assertThat(result.created())
                .containsEntry("schemas", 1L)
                .containsEntry("materialized views", 1L)
                .containsEntry("types", 1L)
                .containsEntry("procedures", 1L)
                .containsEntry("sequences", 1L)
                .doesNotContainKey("triggers");
        assertThat(result.files()).isEqualTo(3);
        assertThat(result.statements()).isEqualTo(10);
        assertThat(result.bytes())
                .isEqualTo(tree.builder(c -> c.seedDirs("db/seeds")).findSqlFiles().stream()
                        .mapToLong(file -> SchemaSources.text(file).length())
                        .sum());
        assertThat(result.warnings()).singleElement().asString().contains("look");
        assertThat(result.notices()).anyMatch(notice -> notice.contains("half way"));
        assertThat(database.values("SELECT name FROM app.users ORDER BY id")).containsExactly("ada", "t\tab");
    }

    @Test
    void seedsAreLeftOutOnRequest() {
        tree.write("db/schema/1.sql", "CREATE TABLE t (i int);").write("db/seeds/1.sql", "INSERT INTO t VALUES (1);");
        execute(ExecuteOptions.defaults().withSeeds(false));
        assertThat(database.value("SELECT count(*) FROM t")).isEqualTo("0");
    }

    @Test
    void aFailingStatementIsToldWithItsPlaceAndLeavesNothing() {
        tree.write("db/schema/1.sql", "CREATE TABLE a ();")
                .write("db/schema/2.sql", "CREATE TABLE b ();\r\n\r\nCREATE TABLE c (é int,\r\n  x nope);");
        assertThatThrownBy(this::execute)
                .isInstanceOfSatisfying(SchemaException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_STATEMENT_FAILED);
                    assertThat(Path.of(String.valueOf(e.file()))).isEqualTo(project.resolve("db/schema/2.sql"));
                    assertThat(e.line()).isEqualTo(4);
                    assertThat(e.column()).isEqualTo(5);
                    assertThat(e.sqlState()).isEqualTo("42704");
                    assertThat(e.sql()).isEqualTo("CREATE TABLE c (é int,\n  x nope)");
                    assertThat(e.position()).isEqualTo(28);
                })
                .hasMessageContaining("2.sql:4:5")
                .hasMessageContaining("Nothing was changed");
        assertThat(tables()).isEmpty();
    }

    @Test
    void aRowThatFailsIsToldByItsLine() {
        tree.write("db/schema/1.sql", "CREATE TABLE t (i int);\nCOPY t FROM stdin;\n1\n2\nthree\n\\.\n");
        assertThatThrownBy(this::execute).isInstanceOfSatisfying(SchemaException.class, e -> {
            assertThat(e.line()).isEqualTo(5);
            assertThat(e.sql()).isEqualTo("COPY t FROM stdin");
        });
        assertThat(tables()).isEmpty();
    }

    @Test
    void aDeferredConstraintFailsBeforeTheCommit() {
        tree.write("db/schema/1.sql", """
                CREATE TABLE p (id int PRIMARY KEY);
                CREATE TABLE c (p int CONSTRAINT to_p REFERENCES p DEFERRABLE INITIALLY DEFERRED);
                INSERT INTO c VALUES (1)""");
        assertThatThrownBy(this::execute)
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("to_p")
                .hasMessageContaining("Nothing was changed");
        assertThat(tables()).isEmpty();
    }

    @Test
    void anExtensionThatCannotBeCreatedIsAWarning() {
        tree.write("db/schema/1.sql", "CREATE EXTENSION no_such_extension;")
                .write("db/schema/2.sql", "CREATE TABLE t (x no_such_type);");
        assertThatThrownBy(this::execute)
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("1.sql:1:1")
                .hasMessageContaining("no_such_extension");
        assertThat(tables()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE b ();\n CREATE INDEX CONCURRENTLY i ON a (x)",
                "SELECT 1;\n COMMIT",
                "BEGIN;\n\n SELECT 1; COMMIT; SELECT 2",
                "SELECT 1;\n SET client_encoding = 'LATIN1'",
                "SELECT 1;\n \\i other.sql",
                "BEGIN; SELECT 1;\n VACUUM; COMMIT",
            })
    void whatCannotRunIsRefusedWithItsPlaceBeforeAnythingRuns(String text) {
        tree.write("db/schema/1.sql", "CREATE TABLE a (x int);").write("db/schema/2.sql", text);
        assertThatThrownBy(this::execute)
                .isInstanceOfAny(SchemaException.class, SqlScriptException.class)
                .hasMessageContaining("2.sql:")
                .satisfies(e -> assertThat(((ConfitureException) e).hint()).isNotBlank());
        assertThat(tables()).isEmpty();
    }

    @Test
    void beginAndCommitAroundAFileAreNotRunAndTold() {
        tree.write("db/schema/1.sql", "BEGIN; CREATE TABLE a (); COMMIT;")
                .write("db/schema/2.sql", "CREATE TABLE b ();");
        assertThat(execute().warnings()).singleElement().asString().contains("1.sql: BEGIN and COMMIT");
        assertThat(tables()).isEqualTo("a b");
    }

    @Test
    void segmentsCommitAroundWhatCannotRunInATransaction() {
        tree.write("db/schema/1.sql", "CREATE TABLE a (x int);\nCREATE INDEX CONCURRENTLY i ON a (x);")
                .write("db/schema/2.sql", "CREATE TABLE b ();")
                .write("db/schema/3.sql", "SELECT nonsense;");
        ExecuteOptions options = ExecuteOptions.defaults().withSeeds(false).withTransaction(TransactionMode.SEGMENTS);
        assertThatThrownBy(() -> tree.builder().execute(database.dataSource(), options))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("Committed, and stays: what stands up to")
                .hasMessageContaining("1.sql:2");
        assertThat(tables()).isEqualTo("a");
        assertThat(database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
                .isEqualTo("t");
    }

    @Test
    void aStatementThatFailsOutsideOfATransactionMayLeaveAnInvalidIndexAndSaysSo() {
        tree.write(
                "db/schema/1.sql",
                "CREATE TABLE a (x int);\nINSERT INTO a VALUES (1), (1);\nCREATE UNIQUE INDEX CONCURRENTLY i ON a (x);");
        ExecuteOptions options = ExecuteOptions.defaults().withSeeds(false).withTransaction(TransactionMode.SEGMENTS);
        assertThatThrownBy(() -> tree.builder().execute(database.dataSource(), options))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("what stands before")
                .hasMessageContaining("may have left a part, such as an invalid index");
        assertThat(database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
                .isEqualTo("f");
    }

    @Test
    void eachFileIsATransactionOnRequest() {
        tree.write("db/schema/1.sql", "CREATE TABLE a ();")
                .write("db/schema/2.sql", "CREATE SCHEMA s; SET search_path = s; CREATE TABLE b ();")
                .write("db/schema/3.sql", "CREATE TABLE c ();")
                .write("db/schema/4.sql", "CREATE TABLE d (); SELECT nonsense;");
        ExecuteOptions options = ExecuteOptions.defaults().withTransaction(TransactionMode.PER_FILE);
        assertThatThrownBy(() -> tree.builder().execute(database.dataSource(), options))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("Committed, and stays: the first 3 of 4 files, up to")
                .hasMessageContaining("3.sql");
        assertThat(database.values("SELECT schemaname || '.' || tablename FROM pg_tables"
                        + " WHERE schemaname IN ('public', 's') ORDER BY 1"))
                .as("what a file sets holds for those behind it")
                .containsExactly("public.a", "s.b", "s.c");
    }

    @Test
    void anEnumValueIsUsedInALaterFile() {
        tree.write("db/schema/1.sql", "CREATE TYPE mood AS ENUM ('ok');")
                .write("db/schema/2.sql", "ALTER TYPE mood ADD VALUE 'sad';")
                .write("db/schema/3.sql", "CREATE TABLE t (m mood DEFAULT 'sad');");
        BuildResult result = tree.builder()
                .execute(database.dataSource(), ExecuteOptions.defaults().withTransaction(TransactionMode.PER_FILE));
        assertThat(result.tablesCreated()).isEqualTo(1);
    }

    @Test
    void outOfSharedMemory() {
        StringBuilder many = new StringBuilder();
        long room = Long.parseLong(String.valueOf(database.value(
                "SELECT current_setting('max_locks_per_transaction')::int * (current_setting('max_connections')::int"
                        + " + current_setting('max_prepared_transactions')::int)")));
        long tables = room / 6 + 1;
        for (int i = 0; i < tables; i++) {
            many.append("CREATE TABLE t").append(i).append(" (id serial PRIMARY KEY, name text UNIQUE);\n");
        }
        tree.write("db/schema/1.sql", many.toString());
        assertThatThrownBy(() -> tree.builder().execute(database.dataSource()))
                .isInstanceOfSatisfying(SchemaException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_TOO_LARGE);
                    assertThat(e.hint())
                            .contains("max_locks_per_transaction = ")
                            .contains("PER_FILE");
                })
                .hasMessageContaining("about " + 6 * tables)
                .hasMessageContaining("Nothing was run");
    }

    @ParameterizedTest
    @EnumSource(TransactionMode.class)
    void theCallersConnectionIsGivenBackAsItCame(TransactionMode mode) throws SQLException {
        database.execute("DROP ROLE IF EXISTS builder_" + database.name(), "CREATE ROLE builder_" + database.name());
        tree.write("db/schema/1.sql", "CREATE SCHEMA s; SET search_path = s; SET ROLE builder_" + database.name() + ";")
                .write("db/schema/2.sql", "SET statement_timeout = '1h'; SELECT set_config('app.tenant', 'x', false);");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = pg_catalog; SET application_name = 'mine'; SET app.tenant = 'mine'");
            connection.setAutoCommit(false);
            tree.builder().execute(connection, ExecuteOptions.defaults().withTransaction(mode));
            assertThat(connection.getAutoCommit()).isFalse();
            for (String[] setting : new String[][] {
                {"search_path", "pg_catalog"},
                {"role", "none"},
                {"statement_timeout", "0"},
                {"application_name", "mine"},
                {"app.tenant", "mine"},
            }) {
                try (ResultSet rs = statement.executeQuery("SHOW " + setting[0])) {
                    rs.next();
                    assertThat(rs.getString(1)).as(setting[0]).isEqualTo(setting[1]);
                }
            }
            connection.rollback();
        } finally {
            database.execute("DROP ROLE builder_" + database.name());
        }
        assertThat(database.value("SELECT 1 FROM pg_namespace WHERE nspname = 's'"))
                .isEqualTo("1");
    }

    @Test
    void aConnectionWithAnOpenTransactionIsRefused() throws SQLException {
        tree.write("db/schema/1.sql", "CREATE TABLE a ();");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE TABLE mine ()");
            assertThatThrownBy(() -> tree.builder().execute(connection))
                    .isInstanceOfSatisfying(
                            SchemaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INSIDE_TRANSACTION));
            connection.commit();
        }
        assertThat(tables()).isEqualTo("mine");
    }

    @Test
    void cancellingEndsTheStatementInTheServer() {
        tree.write("db/schema/1.sql", "CREATE TABLE a (); SELECT pg_sleep(600);");
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            CompletableFuture<BuildResult> build =
                    tree.builder().executeAsync(executor, database.dataSource(), ExecuteOptions.defaults());
            String running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND datname = '"
                    + database.name() + "'";
            await().until(() -> "1".equals(database.value(running)));
            build.cancel(true);
            await().until(() -> "0"
                    .equals(database.value(
                            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'confiture build%' AND datname = '"
                                    + database.name() + "'")));
        } finally {
            executor.shutdown();
        }
        assertThat(tables()).isEmpty();
    }

    @Test
    void twoPassesBuildTablesInAnyOrder() {
        tree.write("db/schema/1.sql", "CREATE TABLE child (id int PRIMARY KEY, p int REFERENCES parent);")
                .write("db/schema/2.sql", "CREATE TABLE parent (id int PRIMARY KEY, c int REFERENCES child);");
        assertThatThrownBy(() -> tree.builder().execute(database.dataSource())).isInstanceOf(SchemaException.class);
        SchemaBuilder twoPass = tree.builder(config -> config.twoPass(true));
        twoPass.execute(database.dataSource());
        assertThat(database.value("SELECT count(*) FROM pg_constraint WHERE contype = 'f'"))
                .isEqualTo("2");
        assertThat(twoPass.computeHash()).isEqualTo(tree.builder().computeHash());
        assertThat(twoPass.build()).contains(twoPass.computeHash(), "ALTER TABLE");
    }
}
