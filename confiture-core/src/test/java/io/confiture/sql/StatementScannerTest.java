package io.confiture.sql;

import static io.confiture.sql.Scripts.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.confiture.error.ErrorCode;
import io.confiture.error.SqlScriptException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementScannerTest {

    @Test
    void aSemicolonEndsAStatement() {
        assertThat(texts("SELECT 1;SELECT 2;\n SELECT 3 ;")).containsExactly("SELECT 1", "SELECT 2", "SELECT 3 ");
    }

    @Test
    void theLastStatementNeedsNoSemicolonAndEndsWithItsLastToken() {
        assertThat(texts("SELECT 1;\nSELECT 2 -- the end\n")).containsExactly("SELECT 1", "SELECT 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", ";;\n;", "-- nothing", "/* ; */ ;", "\uFEFF", "\uFEFF-- x\n", "\\restrict k\n"})
    void nothingButGapsHoldsNoStatement(String script) {
        assertThat(texts(script)).isEmpty();
    }

    @Test
    void commentsAboveAreNotPartOfAStatementCommentsWithinAre() {
        assertThat(texts("-- a ; b\n/* c ; */ SELECT /* ; */ 1 -- ;\n + 1;"))
                .containsExactly("SELECT /* ; */ 1 -- ;\n + 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT /* a /* b ; */ ; */ 1",
                "SELECT /* /*/ ; */ */ 1",
                "SELECT 1 */*;*/ 2",
                "SELECT 2 /*;**/ + 1",
                "SELECT 1 - -1 --;\n",
                "SELECT 1 @-@--;\n 2",
                "SELECT 'a;''b;'",
                "SELECT 'a\\', 1",
                "SELECT E'a\\';b'",
                "SELECT e'a\\\\', 1",
                "SELECT E'a''\\';'",
                "SELECT E'a'\n'b\\';'",
                "SELECT E'a' -- x\n -- y\n'b\\';'",
                "SELECT U&'\\0041;'",
                "SELECT u&\"a;\"\";\"",
                "SELECT B'01', X'1F', N'a;'",
                "SELECT \"a;\"\"b\\\"",
                "SELECT $$a;b$$",
                "SELECT $a$ $$;$b$ $a $a$",
                "SELECT $a1$;$a$;$a1$",
                "SELECT $é$;$e$;$é$",
                "SELECT $$a$b$$",
                "SELECT (1;2)",
                "SELECT ')'",
                "SELECT a$$ FROM t",
                "SELECT $1, $2",
                "SELECT :name, :'name', a::text",
                "SELECT a[1:2] FROM t",
                "SELECT 1)",
                "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO a VALUES (1); INSERT INTO b VALUES (2))",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END",
                "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC"
                        + " SELECT CASE WHEN $1 > 1 THEN CASE a WHEN 2 THEN 1 END END; END",
                "CREATE PROCEDURE p() BEGIN ATOMIC END",
                "CREATE PROCEDURE p() BEGIN /* ; */ ATOMIC -- ;\n /* END; */ END",
                "create function f() returns int begin atomic select t.end from t; select 1 as end; ; end",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN atomic END FROM t; END",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT ';', $$;$$, (SELECT 1); END",
            })
    void isOneStatement(String statement) {
        assertThat(texts(statement + ";SELECT 'next'")).containsExactly(statement, "SELECT 'next'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // No escape string: the letter belongs to a name.
                "SELECT nameE'a\\';SELECT 2",
                // Continued on the same line, or behind a block comment: no continuation.
                "SELECT E'a' 'b\\';SELECT 2",
                "SELECT E'a'/**/'b\\';SELECT 2",
                // A number, then a dollar quote; a parameter, then one.
                "SELECT 1$$a$$;SELECT 2",
                "SELECT $1$$a$$;SELECT 2",
                // No tag starts with a digit, so this is parameters.
                "SELECT $1$ ;SELECT $1$",
                "SELECT a$b$ ;SELECT a$b$",
                "SELECT $a b$;SELECT 2",
                "SELECT é$$;SELECT é$$",
                // BEGIN ATOMIC means a body in functions and procedures only.
                "SELECT 1 AS begin atomic;END",
                "CREATE FUNCTION f() AS $$BEGIN ATOMIC$$ LANGUAGE sql;SELECT 2",
                "CREATE TABLE t (begin int, atomic int);END",
                "BEGIN;SELECT 1",
                "/*;*/SELECT 1;SELECT 2",
            })
    void areTwoStatements(String script) {
        assertThat(texts(script)).hasSize(2);
    }

    @Test
    void aCarriageReturnEndsALineComment() {
        assertThat(texts("SELECT 1 -- a\r;SELECT 2")).hasSize(2);
    }

    @Test
    void windowsLineEndsStayInTheText() {
        assertThat(texts("SELECT\r\n1;\r\nSELECT 2;\r\n")).containsExactly("SELECT\r\n1", "SELECT 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT 1; 'abc | 1 | 11 | literal",
                "SELECT 1; E'abc\\' | 1 | 11 | literal",
                "SELECT E'abc\\ | 1 | 8 | literal",
                "SELECT \"abc | 1 | 8 | quoted name",
                "SELECT é, U&\"abc | 1 | 11 | quoted name",
                "SELECT $tag$ $$ $tag | 1 | 8 | dollar-quoted literal",
                "SELECT 1; /* /* */ | 1 | 11 | comment",
                "SELECT 1 /* a | 1 | 10 | comment",
                "CREATE FUNCTION f() BEGIN ATOMIC SELECT 1; | 1 | 21 | BEGIN ATOMIC body",
            })
    void whatIsNeverClosedIsBlamedWhereItOpens(String script, int line, int column, String what) {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> texts(script + "\n;\n"))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SCRIPT_SYNTAX);
                    assertThat(e.line()).isEqualTo(line);
                    assertThat(e.column()).isEqualTo(column);
                    assertThat(e.file()).isEqualTo(Scripts.FILE);
                    assertThat(e.problem()).isEqualTo("a " + what + " that is never closed");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\\connect other | \\connect is a command of psql",
                "SELECT 1;~\\i other.sql | \\i is a command of psql",
                "SELECT 1 \\gexec | \\gexec is a command of psql",
                "\\set x 1 | \\set is a command of psql",
                "\\copy t FROM 'x' | \\copy is a command of psql",
                "\\echo a | \\echo is a command of psql",
                "\\restrictive | \\restrictive is a command of psql",
                "SELECT \\restrict | \\restrict is a command of psql",
                "SELECT 1; \\. | without a COPY",
                "SELECT 1\\;SELECT 2 | a backslash outside a literal",
            })
    void commandsOfPsqlAreNamed(String script, String problem) {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> texts(script.replace('~', '\n')))
                .satisfies(e -> {
                    assertThat(e.problem()).contains(problem);
                    assertThat(e.hint()).isNotBlank();
                });
    }

    @Test
    void whatPgDumpSaysToPsqlIsSkipped() {
        assertThat(texts("\\restrict x'y\nSELECT 1;\r\n\\unrestrict x'y\r\nSELECT 2;\n\\unrestrict"))
                .containsExactly("SELECT 1", "SELECT 2");
    }

    @Test
    void malformedUtf8IsBlamedWhereItStands() {
        byte[] script = "SELECT 'é',\n 'é?'".getBytes(StandardCharsets.UTF_8);
        script[script.length - 2] = (byte) 0xE9;
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> Scripts.statements(script, ScriptSection.WHOLE))
                .satisfies(e -> assertThat(List.of(e.line(), e.column())).containsExactly(2, 4))
                .withMessageContaining("not UTF-8");
    }

    @Test
    void aReplacementCharacterIsACharacter() {
        assertThat(texts("SELECT '\uFFFD'")).containsExactly("SELECT '\uFFFD'");
    }

    @Test
    void aNulByteIsBlamedWhereItStands() {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> texts("SELECT 1;\nSELECT 'é\0'"))
                .satisfies(e -> assertThat(List.of(e.line(), e.column())).containsExactly(2, 10))
                .withMessageContaining("NUL");
    }
}
