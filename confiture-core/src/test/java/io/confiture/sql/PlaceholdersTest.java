package io.confiture.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SqlScriptException;
import io.confiture.sql.StatementEffect.CreateIndexConcurrently;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholdersTest {
    private static final Placeholders VALUES =
            Placeholders.of(Map.of("t", "orders", "schema", "shop", "é.t-1", "eté", "literal", "'it''s'", "n", "-5"));

    private static List<SqlStatement> read(String script, Placeholders placeholders) {
        List<SqlStatement> statements = new ArrayList<>();
        try (ScriptReader reader = ScriptReader.open(
                Scripts.FILE, new ByteArrayInputStream(script.getBytes(UTF_8)), ScriptSection.WHOLE, placeholders)) {
            for (SqlStatement next = reader.next(); next != null; next = reader.next()) {
                statements.add(next);
            }
        }
        return statements;
    }

    private static SqlStatement one(String script, Map<String, String> values) {
        List<SqlStatement> statements = read(script, Placeholders.of(values));
        assertThat(statements).hasSize(1);
        return statements.get(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "DROP TABLE ${t} | DROP TABLE orders",
                "${t} | orders",
                "DROP TABLE ${schema}.${t}, a_${t}_b, x.${é.t-1} | DROP TABLE shop.orders, a_orders_b, x.eté",
                "SELECT ${n}, 1${t}, ${t}${schema} | SELECT -5, 1orders, ordersshop",
                "SELECT a$${t} FROM x$1${t} | SELECT a$orders FROM x$1orders",
                "SELECT ${literal} AS \"${t} ${schema}\" | SELECT 'it''s' AS \"orders shop\"",
                "SELECT (${t}; ${t}) | SELECT (orders; orders)",
            })
    void areReplacedInNamesAndBetween(String written, String sent) {
        SqlStatement statement = read(written, VALUES).get(0);
        assertThat(statement.text()).isEqualTo(sent);
        assertThat(statement.source()).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT '${t}'",
                "SELECT E'\\'${t}'",
                "SELECT U&'${t}', U&\"${t}\", u&\"${t}\"",
                "SELECT $$${t}$$, $a$ ${t} $a$",
                "SELECT $a${t}$a$",
                "SELECT /* ${t} /* */ ${t} */ 1 -- ${t}\n+ 1",
                "SELECT ${T}, ${unknown}, ${}, ${t, $ {t}, $(t), ${ t }, \"${t\", ${t--\n}",
            })
    void areLeftAloneElsewhere(String script) {
        assertThat(read(script, VALUES).get(0).text()).isEqualTo(script);
    }

    @Test
    void areNotReplacedInTheRowsOfACopyButInWhatStandsBehindItOnItsLine() throws IOException {
        String script = "COPY ${t} FROM stdin; DROP TABLE ${t};\n${t}\n\\.\n";
        try (ScriptReader reader =
                ScriptReader.open("x", new ByteArrayInputStream(script.getBytes(UTF_8)), ScriptSection.WHOLE, VALUES)) {
            SqlStatement copy = reader.next();
            assertThat(copy).isNotNull();
            assertThat(copy.text()).isEqualTo("COPY orders FROM stdin");
            assertThat(copy.copiesIn()).isTrue();
            assertThat(new String(reader.copyData().readAllBytes(), UTF_8)).isEqualTo("${t}\n");
            SqlStatement drop = reader.next();
            assertThat(drop).isNotNull();
            assertThat(drop.text()).isEqualTo("DROP TABLE orders");
        }
    }

    @Test
    void inAQuotedNameAnyValueIsPartOfTheName() {
        assertThat(one("DROP TABLE \"a\"\"${x}\"", Map.of("x", "; -- \" '$$ /*"))
                        .text())
                .isEqualTo("DROP TABLE \"a\"\"; -- \"\" '$$ /*\"");
    }

    @Test
    void aStatementIsClassifiedByWhatIsSent() {
        String script = "CREATE INDEX ${how} i ON ${t} (a)";
        assertThat(one(script, Map.of("how", "CONCURRENTLY", "t", "o")).effect())
                .isEqualTo(new CreateIndexConcurrently(new ObjectName(null, "i"), new ObjectName(null, "o"), false));
        assertThat(one(script, Map.of("how", "IF NOT EXISTS", "t", "o"))
                        .effect()
                        .transactional())
                .isTrue();
        assertThat(one("${verb} x = 1", Map.of("verb", "SET")).changesSession()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a; DROP TABLE x | a semicolon",
                "a -- b | a comment mark",
                "a /* b | a comment mark",
                "a */ b | a comment mark",
                "a' b | a quote that is never closed",
                "'a'' | a quote that is never closed",
                "a\" b | a quote that is never closed",
                "'a\\' | a backslash",
                "$$a$$ | a dollar sign",
                "f(x | a parenthesis that is never closed",
                "1) OR (1=1 | a parenthesis that closes nothing",
            })
    void aValueThatIsNotWholeTokensIsRefusedWithoutTellingIt(String value, String problem) {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> one("SELECT\n  1, ${secret}", Map.of("secret", value)))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.PLACEHOLDER);
                    assertThat(e.problem()).contains("${secret}", problem);
                    assertThat(e.getMessage()).doesNotContain(value);
                    assertThat(List.of(e.line(), e.column())).containsExactly(2, 6);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT 1 -${v} | -1",
                "SELECT 1 ${v}- 1 | -",
                "SELECT 2 /${v} 2 | *",
                "SELECT E${v} | 'a'",
                "SELECT U&${v} | 'a'",
                "SELECT 'a'${v} | 'b'",
                "SELECT ${v}'b' | 'a'",
                "SELECT ${v}'b\\' | E",
                "SELECT \"a\"${v} | \"b\"",
                "SELECT ${v}$$ a $$ | x",
                "SELECT ${v}${v} | '-'",
                "SELECT ${v}${v} | -",
            })
    void aValueDoesNotBecomeOneWithWhatStandsBesideIt(String script, String value) {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> one(script, Map.of("v", value)))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.PLACEHOLDER);
                    assertThat(e.problem()).contains("would become one");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "COPY x FROM ${v} | stdin",
                "${v} x FROM stdin; | COPY",
                "CREATE FUNCTION f() RETURNS int BEGIN ${v} SELECT 1; SELECT 2; END | ATOMIC",
            })
    void aValueDoesNotMoveTheEndOfAStatement(String script, String value) {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> read(script, Placeholders.of(Map.of("v", value))))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.PLACEHOLDER);
                    assertThat(e.problem()).contains("${v}", "would not end where it does");
                });
    }

    @Nested
    class Declared {
        @Test
        void withoutAValueIsAnErrorThatNamesTheNearest() {
            assertThatExceptionOfType(SqlScriptException.class)
                    .isThrownBy(() -> read("-- x\n-- confiture: placeholders=t,shema\nSELECT 1", VALUES))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.PLACEHOLDER);
                        assertThat(List.of(e.file(), e.line(), e.column())).containsExactly(Scripts.FILE, 2, 15);
                        assertThat(e.problem()).contains("shema");
                        assertThat(e.hint()).contains("Did you mean schema?", "confiture.migrate.placeholders.shema");
                    });
        }

        @Test
        void withAnUnderscoreIsSetInBrackets() {
            assertThatExceptionOfType(SqlScriptException.class)
                    .isThrownBy(() -> read("-- confiture: placeholders=app_role\nSELECT 1", VALUES))
                    .satisfies(e -> assertThat(e.hint()).contains("confiture.migrate.placeholders.[app_role]"));
        }

        @Test
        void withoutAnyValueIsAnErrorToo() {
            assertThatExceptionOfType(SqlScriptException.class)
                    .isThrownBy(() -> read("-- confiture: placeholders=t\nSELECT 1", Placeholders.NONE));
        }

        @Test
        void isNoMatterToWhoReadsTheHeaderAlone() {
            byte[] script = "-- confiture: placeholders=t\nSELECT 1".getBytes(UTF_8);
            assertThat(ScriptDirectives.read("x", new ByteArrayInputStream(script), ScriptSection.WHOLE)
                            .placeholders())
                    .containsExactly("t");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a}", "a--b", ".a", "a.", "a'b", "a$"})
    void namesThatNoScriptCouldHoldAreRefused(String name) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Placeholders.of(Map.of(name, "secret")))
                .withMessageContaining("\"" + name + "\"")
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "secret\n", "sec\0ret", "sec\u0085ret"})
    void emptyValuesAndLineEndsAreRefused(String value) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Placeholders.of(Map.of("name", value)))
                .withMessageContaining("name")
                .withMessageNotContaining("sec");
    }

    @Test
    void aMissingValueIsRefused() {
        Map<String, String> values = new HashMap<>();
        values.put("name", null);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Placeholders.of(values))
                .withMessageContaining("name");
    }

    @Nested
    class Positions {
        private final SqlStatement statement =
                one("  SELECT é${long}\n, \"${short}\" , x", Map.of("long", "a_value_that_is_long", "short", "s"));

        private String at(String sent) {
            int position = statement.text().codePointCount(0, statement.text().indexOf(sent)) + 1;
            SourcePosition place = statement.locate(position);
            assertThat(statement.source().substring(statement.sourcePosition(position) - 1))
                    .startsWith(sent.length() == 1 ? sent : "${long}");
            return place.line() + ":" + place.column();
        }

        @Test
        void ofAnErrorAreThoseOfTheFile() {
            assertThat(at("é")).isEqualTo("1:10");
            assertThat(at("a_value")).isEqualTo("1:11");
            assertThat(at("long")).isEqualTo("1:11");
            assertThat(at(",")).isEqualTo("2:1");
            assertThat(at("x")).isEqualTo("2:16");
            assertThat(statement.locate(Integer.MAX_VALUE).offset()).isEqualTo(statement.endOffset());
        }
    }

    @Test
    void whatTheServerSaysIsToldWithoutTheValues() {
        Placeholders values = Placeholders.of(Map.of("pw", "'S3cret word'", "t", "Prod", "n", "10", "a", "x.y"));
        assertThat(values.withoutValues(
                        "relation \"prod\" 10: near 's3cret word', \"word\" at products, wordy, x.y, x"))
                .isEqualTo("relation \"${t}\" 10: near ${pw}, \"${pw}\" at products, wordy, ${a}, x");
        assertThat(values).hasToString("[a, n, pw, t]");
        assertThat(one("SELECT ${t}", Map.of("t", "Prod")).toString())
                .contains("${t}")
                .doesNotContain("Prod");
    }

    /** Pieces with placeholders that have no value, so that nothing may differ but what was configured. */
    @Test
    void valuesThatNoScriptUsesChangeNothing() {
        String[] pieces = {
            "${a}",
            "\"${b} \"",
            "'${c}'",
            "$$",
            "$x$",
            "--${a}\n",
            "/*${a}*/",
            "SELECT ",
            ";",
            "é",
            "(",
            ")",
            "E'\\'",
            "U&\"${a}\"",
            "COPY t FROM stdin;\n${a}\n\\.\n",
            "${",
            "}",
            "$1",
            "x$",
            "BEGIN ATOMIC ",
            "END",
            "\n",
        };
        Placeholders unused = Placeholders.of(Map.of("z", "value", "A", "value"));
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            StringBuilder script = new StringBuilder();
            for (int count = random.nextInt(12); count > 0; count--) {
                script.append(pieces[random.nextInt(pieces.length)]);
            }
            assertThat(outcome(script.toString(), unused))
                    .as("seed %d: %s", seed, script)
                    .isEqualTo(outcome(script.toString(), Placeholders.NONE));
        }
    }

    /** Whatever the values are, statements begin and end where they do without, or the script is refused. */
    @Test
    void noValueChangesWhereStatementsLie() {
        String[] written = {
            "${a}", "${b}", "\"${a}\"", " ", "x", "E", "'", "\"", "-", "/", "*", "$", "$$", "(", ")", ";", "\n"
        };
        String[] made = {"a", "'", "\"", "-", "/", "*", "E", "U&", "(", ")", " ", "1", ",", ";", "$", "\\", "--"};
        int replaced = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            String script = "SELECT " + pick(written, 8, random) + "; SELECT 2";
            Map<String, String> values = Map.of("a", "v" + pick(made, 3, random), "b", pick(made, 3, random) + "v");
            List<SqlStatement> with;
            List<SqlStatement> without;
            try {
                with = read(script, Placeholders.of(values));
                without = read(script, Placeholders.NONE);
            } catch (SqlScriptException | ConfigurationException e) {
                continue;
            }
            replaced += (int) with.stream()
                    .filter(statement -> !statement.text().equals(statement.source()))
                    .count();
            assertThat(with.stream().map(SqlStatement::source).toList())
                    .as("seed %d: %s with %s", seed, script, values)
                    .isEqualTo(without.stream().map(SqlStatement::source).toList());
            List<String> sent = with.stream().map(SqlStatement::text).toList();
            assertThat(Scripts.texts(String.join("\n;", sent)))
                    .as("seed %d: %s with %s", seed, script, values)
                    .usingElementComparator(Comparator.comparing(String::strip))
                    .isEqualTo(sent);
        }
        assertThat(replaced).isGreaterThan(1000);
    }

    private static String pick(String[] pieces, int most, Random random) {
        StringBuilder text = new StringBuilder();
        for (int count = random.nextInt(most + 1); count > 0; count--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static List<String> outcome(String script, Placeholders placeholders) {
        try {
            return read(script, placeholders).stream()
                    .map(statement -> statement.text() + "|" + statement.effect() + "|" + statement.start())
                    .toList();
        } catch (SqlScriptException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }
}
