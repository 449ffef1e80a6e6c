package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is there is dropped only as far as it was asked for. */
class DropExistingTest {
    private static final String EVERYTHING = """
            CREATE TABLE app.t (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, s serial, name text);
            CREATE INDEX "Odd Name" ON app.t (name);
            CREATE TABLE app."Odd Table" (LIKE app.t);
            CREATE TABLE app.p (id int) PARTITION BY RANGE (id);
            CREATE TABLE app.p1 PARTITION OF app.p FOR VALUES FROM (1) TO (2);
            CREATE VIEW app.v AS SELECT name FROM app.t;
            CREATE MATERIALIZED VIEW app.m AS SELECT name FROM app.v;
            CREATE SEQUENCE app.seq;
            CREATE TYPE app.mood AS ENUM ('ok');
            CREATE TYPE app.pair AS (a int, b int);
            CREATE TYPE app.span AS RANGE (subtype = int4);
            CREATE DOMAIN app.email AS text CHECK (VALUE LIKE '%@%');
            CREATE FUNCTION app.f(int, text DEFAULT 'x') RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
            CREATE FUNCTION app.plus(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
            CREATE FUNCTION app.less(app.pair, app.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
            CREATE PROCEDURE app.pr() LANGUAGE sql AS 'SELECT 1';
            CREATE AGGREGATE app.agg(int) (SFUNC = app.plus, STYPE = int);
            CREATE OPERATOR app.<+> (LEFTARG = int, RIGHTARG = int, FUNCTION = app.plus);
            CREATE OPERATOR FAMILY app.fam USING btree;
            CREATE COLLATION app.c FROM "C";
            CREATE TEXT SEARCH CONFIGURATION app.tsc (COPY = simple);
            CREATE STATISTICS app.st ON id, name FROM app.t;
            CREATE CAST (app.mood AS int) WITH INOUT;
            CREATE FUNCTION app.tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER tr BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.tr();
            ALTER TABLE app.t ENABLE ROW LEVEL SECURITY;
            CREATE POLICY pol ON app.t USING (app.f(id) = 1);
            ALTER TABLE app."Odd Table" ADD FOREIGN KEY (id) REFERENCES app.t;""";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path project;

    private SourceTree tree;

    @BeforeEach
    void tree() {
        tree = new SourceTree(project);
        database.execute("CREATE SCHEMA app", "CREATE SCHEMA other");
    }

    private static ExecuteOptions dropping(String... schemas) {
        return ExecuteOptions.defaults().withDropExisting(schemas);
    }

    @Test
    void everyKindOfObjectIsDroppedAndTheSchemaStays() {
        String role = "reader_" + database.name();
        database.execute(
                "CREATE ROLE " + role,
                "GRANT USAGE ON SCHEMA app TO " + role,
                "CREATE EXTENSION pg_trgm SCHEMA app",
                "CREATE TABLE other.kept AS SELECT 1 AS one",
                "CREATE TABLE public.kept ()");
        tree.write("db/schema/1.sql", EVERYTHING);
        try {
            BuildResult first = tree.builder().execute(database.dataSource());
            List<String> objects = objects();
            BuildResult second = tree.builder().execute(database.dataSource(), dropping("app"));
            assertThat(first.tablesCreated()).isEqualTo(4);
            assertThat(second.created()).isEmpty();
            assertThat(second.notices()).as("what is dropped is no news").isEmpty();
            assertThat(objects()).isEqualTo(objects);
            tree.write("db/schema/1.sql", "CREATE TABLE app.sole ();");
            tree.builder().execute(database.dataSource(), dropping("app", "not_there"));
            assertThat(objects()).containsExactly("table app.sole", "table other.kept", "table public.kept");
            assertThat(database.value("SELECT has_schema_privilege('" + role + "', 'app', 'USAGE')"))
                    .isEqualTo("t");
            assertThat(database.value("SELECT one FROM other.kept")).isEqualTo("1");
            assertThat(database.value("SELECT app.similarity('a', 'a')")).isEqualTo("1");
        } finally {
            database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
        }
    }

    private List<String> objects() {
        return database
                .values(
                        "SELECT o.type || ' ' || o.identity FROM pg_depend d,"
                                + " pg_identify_object(d.classid, d.objid, 0) o WHERE d.refclassid = 'pg_namespace'::regclass"
                                + " AND d.refobjid IN ('app'::regnamespace, 'other'::regnamespace, 'public'::regnamespace)"
                                + " AND d.deptype = 'n' AND o.type <> 'extension' AND NOT EXISTS (SELECT FROM pg_depend e"
                                + " WHERE e.classid = d.classid AND e.objid = d.objid AND e.objsubid = 0 AND e.deptype IN ('e', 'i')) ORDER BY 1")
                .stream()
                .map(String::valueOf)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE TABLE other.o (t int REFERENCES app.t) | constraint o_t_fkey on table other.o",
                "CREATE VIEW other.v AS SELECT id FROM app.t | view other.v",
                "CREATE TABLE other.o (x int, y app.mood) | column y of table other.o",
                "CREATE TABLE other.o (x int DEFAULT app.f(1)) | default value for column x of table other.o",
                "CREATE TABLE other.o () INHERITS (app.t) | table other.o",
                "CREATE TRIGGER x BEFORE INSERT ON other.kept EXECUTE FUNCTION app.tr() | trigger x on table other.kept",
                "CREATE PUBLICATION pub FOR TABLE app.t | publication",
                "CREATE POLICY x ON other.kept USING (app.f(1) = 1) | policy x on table other.kept",
            })
    void whatLivesElsewhereIsNamedAndNothingIsDropped(String outside, String named) {
        tree.write("db/schema/1.sql", """
                CREATE TABLE app.t (id int PRIMARY KEY);
                CREATE TYPE app.mood AS ENUM ('ok');
                CREATE FUNCTION app.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
                CREATE FUNCTION app.tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';""");
        tree.builder().execute(database.dataSource());
        database.execute("CREATE TABLE other.kept ()", outside);
        assertThatThrownBy(() -> tree.builder().execute(database.dataSource(), dropping("app")))
                .isInstanceOfSatisfying(
                        SchemaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_STILL_USED))
                .hasMessageContaining(named)
                .hasMessageContaining("Nothing was dropped");
        assertThat(database.value("SELECT to_regclass('app.t') || ' ' || to_regtype('app.mood')"))
                .isEqualTo("app.t app.mood");
    }

    @Test
    void aBuildThatFailsBringsBackWhatWasDropped() {
        database.execute("CREATE TABLE app.t AS SELECT 42 AS answer");
        tree.write("db/schema/1.sql", "CREATE TABLE app.t (); SELECT nonsense;");
        assertThatThrownBy(() -> tree.builder().execute(database.dataSource(), dropping("app")))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("Nothing was changed");
        assertThat(database.value("SELECT answer FROM app.t")).isEqualTo("42");
    }

    @Test
    void aMisspeltSchemaIsNamedBesideThoseThatAreThere() {
        database.execute("CREATE TABLE app.t ()");
        tree.write("db/schema/1.sql", "CREATE SCHEMA IF NOT EXISTS later; CREATE TABLE app.t ();");
        assertThatThrownBy(() -> tree.builder().execute(database.dataSource(), dropping("ap")))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("Nothing was changed")
                .hasMessageContaining("nothing to drop in ap, since there is no such schema, only app, other, public");
        // It may be one that the sources make.
        assertThat(tree.builder()
                        .execute(database.dataSource(), dropping("app", "later"))
                        .warnings())
                .singleElement()
                .asString()
                .contains("nothing to drop in later");
        assertThat(tree.builder()
                        .execute(database.dataSource(), dropping("app", "later"))
                        .warnings())
                .isEmpty();
    }

    @Test
    void nothingIsDroppedUnlessAskedFor() {
        database.execute("CREATE TABLE app.t AS SELECT 42 AS answer");
        tree.write("db/schema/1.sql", "CREATE TABLE app.t ();");
        assertThatThrownBy(() -> tree.builder().execute(database.dataSource()))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("dropExisting");
        assertThat(database.value("SELECT answer FROM app.t")).isEqualTo("42");
    }

    @Test
    void aProtectedDatabaseIsEmptiedOnlyWhenConfirmedByName() {
        database.execute("CREATE TABLE app.t AS SELECT 42 AS answer");
        tree.write("db/schema/1.sql", "CREATE TABLE app.t ();");
        for (SchemaBuilder builder : List.of(
                tree.builder(config -> config.environment("production")),
                tree.builder(config -> config.protectedDatabase(true)))) {
            assertThatThrownBy(() -> builder.execute(database.dataSource(), dropping("app")))
                    .isInstanceOfSatisfying(
                            ConfigurationException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTECTED_DATABASE))
                    .hasMessageContaining(database.name());
            assertThatThrownBy(() -> builder.execute(
                            database.dataSource(), dropping("app").withConfirmedDatabase("another")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("confirmed was the database another");
        }
        assertThat(database.value("SELECT answer FROM app.t")).isEqualTo("42");
        tree.builder(config -> config.environment("production"))
                .execute(database.dataSource(), dropping("app").withConfirmedDatabase(database.name()));
        assertThat(database.values("SELECT * FROM app.t")).isEmpty();
    }

    @Test
    void theServersOwnSchemasAreRefused() {
        tree.write("db/schema/1.sql", "CREATE TABLE app.t ();");
        for (String schema : List.of("pg_catalog", "information_schema")) {
            assertThatThrownBy(() -> tree.builder().execute(database.dataSource(), dropping("app", schema)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(schema);
        }
    }
}
