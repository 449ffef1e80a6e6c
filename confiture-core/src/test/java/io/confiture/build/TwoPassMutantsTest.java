package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementTokens;
import io.confiture.test.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables put together by chance, with comments wherever a comment may stand, built in one pass and in two. */
@Tag("conformance")
class TwoPassMutantsTest {
    private static final int MUTANTS = 400;

    private static final String GROUND = """
            CREATE SCHEMA app;
            CREATE TABLE b (id int PRIMARY KEY, x int, y int, UNIQUE (x, y));
            CREATE TABLE app."Ref, (" (id int PRIMARY KEY, x int, y int, UNIQUE (x, y));
            CREATE TABLE p (id int PRIMARY KEY, x int) PARTITION BY RANGE (id);
            CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
            CREATE TABLE p2 PARTITION OF p DEFAULT;
            CREATE TYPE composite AS (c1 int, c2 int, c3 int);
            """;

    private static final List<String> NAMES = List.of(
            "a",
            "\"A b\"",
            "app.a",
            "\"references\"",
            "app.\"with\"\"quote\"",
            "tällä",
            "a_b",
            "public.constraint_",
            "an_extremely_long_name_of_a_table_that_is_cut_somewhere_in_its_middle",
            "U&\"\\0061\\0062\"");
    private static final List<String> TARGETS = List.of("b", "public.b", "app.\"Ref, (\"", "\"public\".\"b\"", "p");
    private static final List<String> ACTIONS = List.of(
            "",
            "ON DELETE CASCADE",
            "ON UPDATE RESTRICT",
            "ON DELETE SET NULL ON UPDATE NO ACTION",
            "ON DELETE SET DEFAULT");
    private static final List<String> ATTRIBUTES = List.of(
            "",
            "DEFERRABLE",
            "NOT DEFERRABLE",
            "DEFERRABLE INITIALLY DEFERRED",
            "INITIALLY IMMEDIATE",
            "INITIALLY DEFERRED");
    private static final List<String> OTHERS = List.of(
            "NOT NULL",
            "NULL",
            "UNIQUE",
            "DEFAULT 3",
            "DEFAULT (1 + 2) * 3",
            "CHECK (1 IN (1, 2))",
            "",
            "",
            "",
            "CONSTRAINT \"ch, ck\" CHECK (true)",
            "DEFAULT CAST('1' AS int)");
    private static final List<String> GAPS = List.of(
            " ", " ", " ", "\n", "\t", " -- , REFERENCES b (\n", " /* , ) */ ", "/* a /* ' */ b */", " -- it's \"\n ");

    private final Random random;

    TwoPassMutantsTest() {
        this.random = new Random(20261123);
    }

    private <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private String references(boolean several) {
        String target = any(TARGETS);
        String columns = several ? "(x, y)" : random.nextBoolean() ? "(id)" : "";
        while (several && target.equals("p")) {
            target = any(TARGETS);
        }
        return "REFERENCES " + target + " " + columns + " " + (random.nextInt(4) == 0 ? "MATCH FULL " : "")
                + any(ACTIONS) + " " + any(ATTRIBUTES);
    }

    private String column(int number, boolean typed) {
        StringBuilder column = new StringBuilder("c" + number + (typed ? " WITH OPTIONS" : " int"));
        boolean nullability = false;
        for (int i = random.nextInt(4); i > 0; i--) {
            String other = any(OTHERS);
            boolean again =
                    column.indexOf("DEFAULT ") >= 0 && other.startsWith("DEFAULT") || column.indexOf("ch, ck") >= 0;
            boolean contrary = nullability && other.contains("NULL");
            nullability |= other.contains("NULL");
            if (!again && !contrary) {
                column.append(' ').append(other);
            }
            if (random.nextInt(3) == 0) {
                column.append(random.nextBoolean() ? " CONSTRAINT k" + number + i : "")
                        .append(' ')
                        .append(references(false));
            }
        }
        return column.toString();
    }

    private String table(int number) {
        boolean typed = random.nextInt(8) == 0;
        String name = any(NAMES);
        List<String> elements = new ArrayList<>();
        int columns = 3;
        for (int i = 1; i <= columns; i++) {
            elements.add(column(i, typed));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            boolean several = random.nextBoolean();
            String named = random.nextInt(3) == 0 ? "CONSTRAINT \"t, " + number + i + "\" " : "";
            String key = named + "FOREIGN KEY " + (several ? "(c1, c2) " : "(c" + (1 + random.nextInt(3)) + ") ")
                    + references(several) + (random.nextInt(5) == 0 ? " NOT VALID" : "");
            elements.add(typed ? elements.size() : random.nextInt(elements.size() + 1), key);
        }
        boolean partitioned = !typed && random.nextInt(6) == 0;
        String guard = random.nextInt(5) == 0 ? "IF NOT EXISTS " : "";
        return (random.nextInt(6) == 0 ? "CREATE TABLE " : "CREATE  TABLE ") + guard + name
                + (typed ? " OF composite" : "") + " (" + String.join(", ", elements) + ")"
                + (partitioned ? " PARTITION BY LIST (c1)" : "");
    }

    /** The statement with something else between its tokens. */
    private String withGaps(String table) {
        SchemaFile file = SchemaSources.file("t.sql", table);
        try (ScriptReader reader = ScriptReader.open("t.sql", file.open(), ScriptSection.WHOLE)) {
            SqlStatement statement = Objects.requireNonNull(reader.next());
            StatementTokens tokens = StatementTokens.of(statement);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < tokens.count(); i++) {
                boolean glued = tokens.word(i).equals(".") || tokens.word(i - 1).equals(".");
                text.append(i == 0 || glued ? "" : any(GAPS)).append(tokens.raw(i));
            }
            return text + "\n;\n";
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void tablesPutTogetherByChanceAreTheSame() throws SQLException {
        int built = 0;
        int refused = 0;
        int moved = 0;
        try (TestDatabase database = TestDatabase.create();
                Connection connection = database.connect()) {
            for (int i = 0; i < MUTANTS; i++) {
                List<SchemaFile> sources = SchemaSources.files(GROUND, withGaps(table(i)));
                ForeignKeyPass pass = ForeignKeyPass.over(sources);
                List<String> direct;
                try {
                    direct = SchemaSources.catalog(connection, sources);
                } catch (SQLException e) {
                    // The same server refuses what was put together, in one pass: so it must in two.
                    refused++;
                    assertThat(refusal(connection, pass.files()))
                            .as("%s%n%s", e.getMessage(), SchemaSources.text(pass.files()))
                            .isTrue();
                    continue;
                }
                built++;
                moved += pass.files().size() - sources.size();
                assertThat(pass.inPlace())
                        .as(SchemaSources.text(sources))
                        .allMatch(finding -> finding.message().contains("its name there depends on other"));
                assertThat(SchemaSources.catalog(connection, pass.files()))
                        .as("%s%n%s", SchemaSources.text(sources), SchemaSources.text(pass.files()))
                        .isEqualTo(direct);
            }
        }
        System.out.println("two-pass mutants: " + built + " built alike, " + moved + " of them with foreign keys; "
                + refused + " refused in both ways");
        assertThat(built).isGreaterThan(MUTANTS * 2 / 3);
        assertThat(moved).isGreaterThan(MUTANTS / 2);
    }

    private static boolean refusal(Connection connection, List<SchemaFile> files) {
        try {
            SchemaSources.catalog(connection, files);
            return false;
        } catch (SQLException e) {
            return true;
        }
    }
}
