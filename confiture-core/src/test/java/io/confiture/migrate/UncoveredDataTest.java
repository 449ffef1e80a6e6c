package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A schema stands for migrations only if what they do to data is in it. */
class UncoveredDataTest {
    private static final TestSchema SCHEMA = TestSchema.of("SELECT 1");

    @TempDir
    Path temp;

    private MigrationFolder folder;

    @BeforeEach
    void folder() {
        folder = new MigrationFolder(temp);
    }

    /** Why a database is not built in place of these migrations. */
    private List<String> reasons(InitialSchema schema) {
        List<LocalMigration> files = Migrator.builder("jdbc:postgresql://nowhere/none")
                .locations(folder.location())
                .build()
                .setup()
                .files()
                .load();
        return new UncoveredData(schema, files, folder.location(), "public")
                .reasons(files.stream().filter(file -> !file.repeatable()).toList());
    }

    private List<String> reasons(InitialSchema schema, String sql) {
        folder.write("001_a.up.sql", sql);
        return reasons(schema);
    }

    @Test
    void migrationsThatOnlyDefineAreCovered() {
        assertThat(reasons(SCHEMA, """
                        BEGIN;
                        SET search_path = app;
                        SELECT pg_catalog.set_config('search_path', '', false);
                        CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, b int GENERATED ALWAYS AS (id + 1) STORED);
                        CREATE TEMP TABLE x AS SELECT 1;
                        CREATE VIEW v AS SELECT 1 AS insert;
                        CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'INSERT INTO t DEFAULT VALUES';
                        CREATE FUNCTION g() RETURNS void LANGUAGE sql BEGIN ATOMIC DELETE FROM t; END;
                        CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM t);
                        ALTER TABLE t ADD COLUMN c int DEFAULT 1;
                        COMMENT ON TABLE t IS 'INSERT INTO t';
                        -- INSERT INTO t
                        GRANT INSERT ON t TO PUBLIC;
                        CREATE INDEX CONCURRENTLY i ON t (c);
                        DROP TABLE t;
                        """)).isEmpty();
    }

    @Test
    void whatAddsRowsNeedsASeedThatDoesSo() {
        for (String sql : List.of(
                "INSERT INTO t VALUES (1)",
                "insert into only_t_is_named_otherwise.t select 1",
                "MERGE INTO t USING s ON true WHEN NOT MATCHED THEN INSERT VALUES (1)",
                "COPY t (id) FROM stdin;\n1\n\\.",
                "COPY \"t\" FROM '/data'",
                "CREATE TABLE IF NOT EXISTS t (a, b) WITH (fillfactor = 70) AS SELECT 1, 2",
                "CREATE UNLOGGED TABLE t AS VALUES (1)",
                "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x")) {
            List<String> reasons = reasons(SCHEMA, sql);
            assertThat(reasons).as(sql).hasSize(1);
            assertThat(reasons.get(0))
                    .startsWith(folder.location())
                    .contains("001_a.up.sql:1: ")
                    .contains(" adds rows to ")
                    .endsWith(".t, and no seed does");
            String schema = sql.contains("otherwise") ? "only_t_is_named_otherwise.t" : "t";
            assertThat(reasons(SCHEMA.filling(schema))).as(sql).isEmpty();
            assertThat(reasons(SCHEMA.filling("other.t"))).as(sql).hasSize(1);
        }
        assertThat(reasons(SCHEMA.filling("public.t"), "INSERT INTO t VALUES (1)"))
                .isEmpty();
    }

    @Test
    void changingRowsCountsOnlyWhereAMigrationAddsAny() {
        String changes = "UPDATE ONLY t SET a = 1;\nDELETE FROM t;\nTRUNCATE t;\n"
                + "WITH x AS (DELETE FROM t RETURNING 1) UPDATE t SET a = 2";
        assertThat(reasons(SCHEMA, changes)).isEmpty();
        folder.write("002_b.up.sql", "INSERT INTO public.t VALUES (1)");
        assertThat(reasons(SCHEMA))
                .extracting(reason -> reason.replaceFirst(".*sql:", ""))
                .containsExactly(
                        "1: UPDATE changes rows of public.t, and no seed adds any",
                        "2: DELETE changes rows of public.t, and no seed adds any",
                        "3: TRUNCATE changes rows of public.t, and no seed adds any",
                        "4: DELETE changes rows of public.t, and no seed adds any",
                        "4: UPDATE changes rows of public.t, and no seed adds any",
                        "1: INSERT adds rows to public.t, and no seed does");
        assertThat(reasons(SCHEMA.filling("t"))).isEmpty();
    }

    @Test
    void whatReachesBeyondTheDatabaseIsRefusedUnlessTheMigrationIsCovered() {
        String sql = "CREATE TABLE t (id int);\nCREATE ROLE app PASSWORD 'secret';\nGRANT SELECT ON t TO app;"
                + "\nALTER DATABASE shop SET search_path = app";
        assertThat(reasons(SCHEMA, sql))
                .extracting(reason -> reason.replaceFirst(".*sql:", ""))
                .containsExactly(
                        "2: CREATE ROLE app PASSWORD reaches roles, which all databases of the server share, and no file"
                                + " of the schema covers it",
                        "4: ALTER DATABASE shop SET search_path reaches a database by its name, wherever the statement"
                                + " runs, and no file of the schema covers it");
        assertThat(reasons(SCHEMA.covering("001"))).isEmpty();
    }

    @Test
    void whatItsTextDoesNotTellIsRefusedUnlessTheMigrationIsCovered() {
        for (String sql : List.of(
                "DO $$ BEGIN NULL; END $$",
                "CALL p()",
                "SELECT f()",
                "SELECT * INTO u FROM t",
                "SELECT set_config('a.b', f(), false)",
                "WITH x AS (SELECT f()) SELECT * FROM x",
                "EXECUTE p",
                "VALUES (f())",
                "EXPLAIN ANALYZE INSERT INTO t VALUES (1)",
                "TRUNCATE t, u",
                "COPY (SELECT f()) TO '/dev/null'")) {
            assertThat(reasons(SCHEMA, sql))
                    .as(sql)
                    .singleElement()
                    .asString()
                    .contains("001_a.up.sql:1: its text does not tell what ")
                    .endsWith(" does to data, and no file of the schema covers it");
            assertThat(reasons(SCHEMA.covering("1"))).isEmpty();
            assertThat(reasons(SCHEMA.covering("001_a"))).isEmpty();
        }
    }

    @Test
    void aMigrationThatDoesNotExistCannotBeCovered() {
        folder.write("001_create_users.up.sql", "");
        MigrationException e = MigratorTestCase.fails(
                MigrationException.class,
                ErrorCode.MIGRATION_UNKNOWN,
                () -> reasons(SCHEMA.covering("001_create_user")));
        assertThat(e.hint()).contains("001_create_users");
    }

    @Test
    void ofManyReasonsTwentyAreTold() {
        folder.write("001_a.up.sql", "INSERT INTO t VALUES (1);\n".repeat(25));
        assertThat(reasons(SCHEMA)).hasSize(21).last().isEqualTo("and 5 more");
    }

    @Test
    void whatARepeatableMigrationDoesToDataIsDoneByTheNextRun() {
        folder.write("R__reference.sql", "INSERT INTO t VALUES (1)");
        assertThat(reasons(SCHEMA)).isEmpty();
    }

    @Test
    void theDirectiveCoversMeansNothingInAMigration() {
        folder.write("001_a.up.sql", "-- confiture: covers=002\nSELECT 1");
        LocalMigration file = Migrator.builder("jdbc:postgresql://nowhere/none")
                .locations(folder.location())
                .build()
                .setup()
                .files()
                .load()
                .get(0);
        MigratorTestCase.fails(
                MigrationException.class,
                ErrorCode.UNKNOWN_DIRECTIVE,
                () -> ScriptPlan.of(file.migration(), file.up(), 1));
    }
}
