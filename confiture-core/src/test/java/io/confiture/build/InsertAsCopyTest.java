package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.config.Config;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.Session;
import io.confiture.sql.InsertRows;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import io.confiture.test.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is loaded through COPY leaves the tables as the INSERTs would, compared with running these as they are written. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InsertAsCopyTest {
    private static final int ROWS = 1_000;

    private static final String TYPES = "CREATE TYPE mood AS ENUM ('happy', 'sad');"
            + "CREATE DOMAIN positive AS int CHECK (value > 0); CREATE SEQUENCE numbers; ";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    private Path temp;

    @BeforeEach
    void schemas() {
        for (String schema : List.of("written", "copied")) {
            database.execute(
                    "DROP SCHEMA IF EXISTS " + schema + " CASCADE",
                    "CREATE SCHEMA " + schema,
                    "DROP SCHEMA IF EXISTS \"Odd " + schema + "\" CASCADE",
                    "CREATE SCHEMA \"Odd " + schema + "\"");
        }
    }

    private ConnectionSource in(String schema) {
        return ConnectionSource.of(database.url() + "&currentSchema=" + schema);
    }

    private static void run(Session session, String sql) throws SQLException, IOException {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        try (ScriptReader reader =
                ScriptReader.open("test.sql", new ByteArrayInputStream(bytes), ScriptSection.WHOLE)) {
            for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                session.execute(statement.text());
            }
        }
    }

    /** Loads the seeds in both ways; tells how many rows went through COPY. */
    private long copiedRows(String ddl, String seeds, String... tables) throws Exception {
        for (String schema : List.of("written", "copied")) {
            try (Session session = Session.open(in(schema))) {
                run(session, ddl.replace("SCHEMA", schema));
            }
        }
        try (Session session = Session.open(in("written"))) {
            run(session, seeds.replace("SCHEMA", "written"));
        }
        Files.writeString(temp.resolve("seed.sql"), seeds.replace("SCHEMA", "copied"));
        SeedReport report = SeedLoader.of(
                        Config.builder().seedDirs(temp.toString()).build())
                .load(in("copied"));
        assertThat(report.complete()).isTrue();
        for (String table : tables) {
            List<String> written = rows("written", table);
            assertThat(written).isNotEmpty();
            assertThat(rows("copied", table)).isEqualTo(written);
        }
        return report.files().get(0).copiedRows();
    }

    private List<String> rows(String schema, String table) throws SQLException {
        try (Session session = Session.open(in(schema))) {
            return session.query(
                    "SELECT t::text FROM " + table.replace("SCHEMA", schema) + " t ORDER BY 1", rs -> rs.getString(1));
        }
    }

    /** Rows with a running number for each {@code #}, all in one statement. */
    private static String insert(String head, String... rows) {
        List<String> made = new ArrayList<>();
        IntStream.rangeClosed(1, ROWS).forEach(n -> made.add(rows[n % rows.length].replace("#", Integer.toString(n))));
        return head + " VALUES\n" + String.join(",\n", made) + ";\n";
    }

    /** A type and a value of it, which a COPY can stand for. */
    private static final String COPIED = """
            text        | 'it''s'
            text        | ''
            text        | '\\N'
            text        | '\\.'
            text        | 'a\\tb'
            text        | 'tab\ttab'
            text        | E'\\t\\n\\r\\b\\f\\\\\\ \\' '' \\q'
            text        | E'\\u00e9\\U0001F600'
            text        | $$it's \\ $$
            text        | $a$ $$ 'x' $a$
            text        | 'é 😀 汉'
            text        | NULL
            text        | null
            text        | 'x'::text
            text        | 'x' :: text
            text        | NULL::text
            text        | 'a' /* note, with ( */
            varchar(3)  | 'abc   '
            char(3)     | 'a'
            int         | 7
            int         | -7
            int         | + 7
            int         | '7'
            int         | ' 7 '
            int         | 007
            bigint      | 9007199254740993
            bigint      | -9223372036854775808
            numeric     | 1.50
            numeric     | -1e3
            numeric     | .5
            numeric     | 5.
            numeric(5,2) | 1.235
            real        | 16777217
            real        | 1.1
            float8      | 1e-7
            float8      | 0.1
            boolean     | true
            boolean     | FALSE
            boolean     | 'yes'
            date        | '2024-02-29'
            date        | '2024-02-29'::date
            timestamptz | '2024-02-29 12:00:00.123456+02'
            timestamp(0) | '2024-02-29 12:00:00.5'
            timestamptz | '2024-02-29 12:00+02'::timestamp with time zone
            interval    | '1 day 2 hours'
            interval day | '10'
            uuid        | '7c9e6679-7425-40de-944b-e07fc1f90ae7'
            bytea       | '\\xdeadbeef'
            bytea       | 'a\\\\b\\001'
            json        | '{"a": "b\\n", "c": [1, 2]}'
            jsonb       | '{"a": 1}'::jsonb
            text[]      | '{a,"b c",NULL,"d\\\\e"}'
            int[]       | '{1,2}'::int[]
            bit(3)      | '101'
            inet        | '10.0.0.1'
            money       | '1.50'
            mood        | 'happy'
            mood        | 'sad'::mood
            positive    | '5'
            point       | '(1,2)'
            "char"      | 'x'
            """;

    @Test
    void valuesThatMeanTheSameAreCopied() throws Exception {
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (String line : COPIED.lines().toList()) {
            columns.add("c" + columns.size() + " " + line.split("\\|", 2)[0]);
            values.add(line.split("\\|", 2)[1]);
        }
        assertThat(copiedRows(
                        TYPES + "CREATE TABLE t (id int PRIMARY KEY, " + String.join(", ", columns) + ")",
                        insert("INSERT INTO t", "(#, " + String.join(", ", values) + ")"),
                        "t"))
                .isEqualTo(ROWS);
    }

    private static final String LEFT = """
            text        | DEFAULT
            text        | 'a' 'b'
            text        | upper('x')
            text        | (SELECT 'x')
            text        | ('x')
            text        | U&'\\00e9'
            text        | E'\\x41'
            text        | E'\\101'
            text        | 'a'::varchar(3)
            text        | 'abc'::char
            text        | 'x'::text COLLATE "C"
            text        | 'x'::varchar::text
            text        | CAST('x' AS text)
            text        | text 'x'
            text        | 007
            text        | 1e3
            text        | true
            text        | current_user
            text[]      | ARRAY['a', 'b)']
            int[]       | ARRAY[[1,2],[3,4]]
            int         | 1.5
            int         | 1 + 1
            int         | 0x1F
            int         | 1_000
            int         | '1.0'::numeric
            int         | nextval('numbers')
            timestamptz | '2024-02-29'::date
            timestamptz | now()
            float8      | -0.0
            float8      | -0
            numeric     | 1 - 2
            positive    | 5
            oid         | 5
            money       | 1
            interval day | '10'::interval
            bit(3)      | B'101'
            jsonb       | jsonb_build_object('a', 1)
            """;

    @Test
    void valuesThatMayMeanSomethingElseAreLeftAsTheyAreWritten() throws Exception {
        List<String[]> lines = LEFT.lines().map(line -> line.split("\\|", 2)).toList();
        String columns = IntStream.range(0, lines.size())
                .mapToObj(n -> "c" + n + " " + lines.get(n)[0])
                .collect(Collectors.joining(", "));
        try (Session session = Session.open(in("written"))) {
            run(session, TYPES + "CREATE TABLE t (id int, " + columns + ")");
            CopyTarget target = CopyTarget.read(session, new HashMap<>(), "t");
            assertThat(target.columnsOf(rowsOf("INSERT INTO t (id) VALUES (1)")))
                    .isNotNull();
            for (int n = 0; n < lines.size(); n++) {
                String insert = "INSERT INTO t (c" + n + ") VALUES (" + lines.get(n)[1] + ")";
                assertThat(target.columnsOf(rowsOf(insert))).as(insert).isNull();
            }
        }
    }

    private boolean isCopied(String ddl, String insert) throws Exception {
        try (Session session = Session.open(in("written"))) {
            run(session, ddl);
            return CopyTarget.read(session, new HashMap<>(), "t").columnsOf(rowsOf(insert)) != null;
        }
    }

    private static InsertRows rowsOf(String insert) {
        byte[] bytes = insert.getBytes(StandardCharsets.UTF_8);
        try (ScriptReader reader =
                ScriptReader.open("test.sql", new ByteArrayInputStream(bytes), ScriptSection.WHOLE)) {
            return Objects.requireNonNull(InsertRows.of(Objects.requireNonNull(reader.next())));
        }
    }

    @Test
    void insertTurnedIntoCopyLosesTabsEndsOrNames() throws Exception {
        StringBuilder seeds = new StringBuilder("-- comment; with 'quote\nINSERT INTO log (what) VALUES ('first');\n");
        for (int i = 1; i <= ROWS; i++) {
            seeds.append("INSERT INTO t (id, v) VALUES (").append(i).append(", 'a;b -- \t\\');\n");
        }
        seeds.append("UPDATE t SET v = 'c' WHERE id <= 10;\n/* INSERT INTO t VALUES (0); */\n");
        seeds.append(insert("INSERT INTO t", "(1#, 'x', 1)", "(1#, 'y', NULL)"));
        seeds.append("INSERT INTO log (what) SELECT v || count(*) FROM t GROUP BY v;\n");
        seeds.append(insert("INSERT INTO \"Odd SCHEMA\".\"T t\" (\"ID\", \"select\", plain)", "(#, '\t', 'ä')"));
        seeds.append(insert("INSERT INTO SCHEMA . T (ID, V)", "(2#, 'q')"));
        assertThat(copiedRows(
                        "CREATE TABLE log (id serial, what text); CREATE TABLE t (id int, v text, n int DEFAULT 3);"
                                + " CREATE TABLE \"Odd SCHEMA\".\"T t\" (\"ID\" int, plain text, \"select\" text)",
                        seeds.toString(),
                        "log",
                        "t",
                        "\"Odd SCHEMA\".\"T t\""))
                .isEqualTo(4L * ROWS);
    }

    @Test
    void fewerThanAThousandRowsAreNotWorthIt() throws Exception {
        String all = insert("INSERT INTO t", "(#)");
        String fewer = all.substring(0, all.lastIndexOf(",\n")) + ";";
        assertThat(copiedRows("CREATE TABLE t (id int)", fewer, "t")).isZero();
    }

    @Test
    void oneExpressionAmongManyInsertsLeavesOnlyItsOwnStatementAsItIs() throws Exception {
        StringBuilder seeds = new StringBuilder();
        for (int i = 1; i <= 2 * ROWS; i++) {
            seeds.append("INSERT INTO t VALUES (")
                    .append(i == ROWS ? "1 + 1" : i)
                    .append(");\n");
        }
        assertThat(copiedRows("CREATE TABLE t (id int, n serial)", seeds.toString(), "t"))
                .isEqualTo(2L * ROWS - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t (id) VALUES (1) ON CONFLICT DO NOTHING",
                "INSERT INTO t (id) VALUES (1) RETURNING id",
                "INSERT INTO t (id) OVERRIDING SYSTEM VALUE VALUES (1)",
                "INSERT INTO t AS u (id) VALUES (1)",
                "WITH x AS (SELECT 1) INSERT INTO t (id) VALUES (1)"
            })
    void whatSaysMoreThanRowsIsLeftAsItIsWritten(String statement) throws Exception {
        byte[] bytes = statement.getBytes(StandardCharsets.UTF_8);
        try (ScriptReader reader =
                ScriptReader.open("test.sql", new ByteArrayInputStream(bytes), ScriptSection.WHOLE)) {
            InsertRows rows = InsertRows.of(Objects.requireNonNull(reader.next()));
            assertThat(rows == null || !rows.plain()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    a rule              | CREATE TABLE t (id int); CREATE TABLE u (id int); CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO u VALUES (new.id)
                    a view              | CREATE TABLE u (id int); CREATE VIEW t AS SELECT * FROM u
                    a row trigger       | CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN new.id = new.id + (SELECT count(*) FROM t); RETURN new; END'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()
                    a statement trigger | CREATE TABLE t (id int); CREATE TABLE u (id int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO u VALUES (1); RETURN NULL; END'; CREATE TRIGGER g AFTER INSERT ON t FOR EACH STATEMENT EXECUTE FUNCTION f()
                    a partition's trigger | CREATE TABLE t (id int) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t DEFAULT; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE TRIGGER g AFTER INSERT ON t1 FOR EACH ROW EXECUTE FUNCTION f()
                    a reference to itself | CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES t)
                    a default by a function | CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM t); END'; ALTER TABLE t ADD n bigint DEFAULT f()
                    a domain's check by a function | CREATE TABLE t (id int); CREATE FUNCTION f(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM t) < 9; END'; CREATE DOMAIN d AS int CHECK (f(value)); ALTER TABLE t ADD n d
                    an array of such a domain | CREATE TABLE t (id int); CREATE FUNCTION f(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM t) < 9; END'; CREATE DOMAIN d AS int CHECK (f(value)); ALTER TABLE t ADD n d[]
                    a domain's default by a function | CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM t); END'; CREATE DOMAIN d AS bigint DEFAULT f(); ALTER TABLE t ADD n d
                    """)
    void aTableThatCopyTreatsOtherwiseIsLeftAlone(String what, String ddl) throws Exception {
        assertThat(isCopied(ddl, "INSERT INTO t (id) VALUES (1)")).as(what).isFalse();
    }

    @Test
    void tablesThatCopyTreatsTheSameAreCopied() throws Exception {
        String ddl = """
                -- generated columns are filled
                CREATE TABLE a0 (id int, twice int GENERATED ALWAYS AS (id * 2) STORED);
                -- identity columns are filled
                CREATE TABLE a1 (id int, n int GENERATED ALWAYS AS IDENTITY);
                -- rows find their partition
                CREATE TABLE a2 (id int) PARTITION BY RANGE (id);
                CREATE TABLE a2p1 PARTITION OF a2 FOR VALUES FROM (0) TO (500);
                CREATE TABLE a2p2 PARTITION OF a2 DEFAULT;
                -- a trigger on UPDATE is none
                CREATE TABLE a3 (id int);
                CREATE FUNCTION f3() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new;
                END';
                CREATE TRIGGER g BEFORE UPDATE ON a3 FOR EACH ROW EXECUTE FUNCTION f3();
                -- a dropped column is not there
                CREATE TABLE a4 (gone int, id int);
                ALTER TABLE a4 DROP gone;
                -- a default of the server's own
                CREATE TABLE a5 (id int, u bigint DEFAULT length('abc'), at date DEFAULT current_date);
                """;
        String seeds = IntStream.range(0, 6)
                .mapToObj(n -> insert("INSERT INTO a" + n, "(#)"))
                .collect(Collectors.joining());
        assertThat(copiedRows(ddl, seeds, "a0", "a1", "a2", "a3", "a4", "a5")).isEqualTo(6L * ROWS);
    }

    @Test
    void anIdentityThatMustNotBeGivenIsRefusedAsTheInsertIs() throws Exception {
        database.execute("CREATE TABLE copied.t (id int GENERATED ALWAYS AS IDENTITY)");
        Files.writeString(temp.resolve("seed.sql"), insert("INSERT INTO t (id)", "(#)"));
        SeedLoader loader =
                SeedLoader.of(Config.builder().seedDirs(temp.toString()).build());
        assertThatThrownBy(() -> loader.load(in("copied")))
                .isInstanceOf(SeedException.class)
                .hasMessageContaining("428C9");
    }
}
