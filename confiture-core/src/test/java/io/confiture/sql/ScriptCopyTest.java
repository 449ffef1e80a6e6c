package io.confiture.sql;

import static io.confiture.sql.Scripts.open;
import static io.confiture.sql.Scripts.statements;
import static io.confiture.sql.Scripts.texts;
import static io.confiture.sql.Scripts.textsAndRows;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.confiture.error.ErrorCode;
import io.confiture.error.SqlScriptException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that stand in a script behind COPY … FROM stdin. */
class ScriptCopyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY t FROM stdin",
                "copy t from STDIN",
                "COPY a.\"T\" (a, b) FROM stdin WITH (FORMAT csv)",
                "COPY t FROM /* x */ stdin CSV",
                "COPY BINARY t FROM stdin",
                "COPY t FROM stdout",
            })
    void rowsFollow(String copy) {
        assertThat(textsAndRows(copy + ";\n1;\t'\n\\.\nSELECT 1;")).containsExactly(copy, "> 1;\t'\n", "SELECT 1");
    }

    @Test
    void rowsFollowALongListOfColumns() {
        String copy = "COPY t (" + "a, ".repeat(500) + "a) FROM stdin";
        assertThat(textsAndRows(copy + ";\n1\n\\.\n")).containsExactly(copy, "> 1\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY t FROM 'stdin'",
                "COPY t FROM \"stdin\"",
                "COPY t FROM PROGRAM 'x'",
                "COPY t TO stdout",
                "COPY t TO 'x' /* FROM stdin */",
                "COPY (SELECT a FROM stdin) TO 'x'",
                "SELECT 1 FROM stdin",
                "SELECT 'COPY t FROM stdin;'",
                "CREATE FUNCTION f() AS $$COPY t FROM stdin;$$ LANGUAGE sql",
            })
    void noRowsFollow(String statement) {
        assertThat(textsAndRows(statement + ";\nSELECT 1;")).containsExactly(statement, "SELECT 1");
    }

    @Test
    void writesToTheClient() {
        assertThat(statements("COPY (SELECT * FROM t) TO STDOUT WITH CSV;COPY t TO 'x'"))
                .extracting(SqlStatement::copiesOut)
                .containsExactly(true, false);
    }

    @Test
    void aBackslashBeginsRowsToo() {
        assertThat(textsAndRows("COPY t FROM stdin;\n\\N\t1\n\\.x\n\\\\.\n \\.\n\\.\nSELECT 1"))
                .containsExactly("COPY t FROM stdin", "> \\N\t1\n\\.x\n\\\\.\n \\.\n", "SELECT 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\.\n", "\\.\r\n", "\\.", "\\.\r"})
    void aLineEndsTheRows(String end) {
        assertThat(textsAndRows("COPY t FROM stdin;\r\n1\r\n" + end)).containsExactly("COPY t FROM stdin", "> 1\r\n");
    }

    @Test
    void thereMayBeNoRows() {
        assertThat(textsAndRows("COPY t FROM stdin;\n\\.\nSELECT 1")).contains("> ", "SELECT 1");
    }

    @Test
    void whatFollowsOnTheLineIsReadAfterTheRows() {
        assertThat(textsAndRows("COPY a FROM stdin; SELECT 1; COPY b FROM stdin; -- x\n1\n\\.\n2\n\\.\nSELECT 2"))
                .containsExactly("COPY a FROM stdin", "> 1\n", "SELECT 1", "COPY b FROM stdin", "> 2\n", "SELECT 2");
    }

    @Test
    void aStatementBehindItOnTheLineMustEndThere() {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> texts("COPY a FROM stdin; SELECT\n1\n\\.\n1;"))
                .withMessageContaining("script.sql:1:20: a statement that begins behind a COPY");
    }

    @Test
    void rowsThatNeverEndAreBlamedOnTheirStatement() throws IOException {
        try (ScriptReader reader = open("SELECT 1;\n COPY t FROM stdin;\n1\n2\n", ScriptSection.WHOLE)) {
            reader.next();
            reader.next();
            InputStream rows = reader.copyData();
            assertThat(rows.readNBytes(4)).asString(UTF_8).isEqualTo("1\n2\n");
            assertThatExceptionOfType(SqlScriptException.class)
                    .isThrownBy(rows::read)
                    .withMessageContaining("script.sql:2:2: a COPY … FROM STDIN whose rows never end");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"COPY t FROM stdin", "COPY t FROM stdin\n1\n\\.\n", "COPY t FROM stdin;"})
    void withoutSemicolonOrRowsIsAnError(String script) {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> texts(script))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.SCRIPT_SYNTAX));
    }

    @Test
    void rowsAreBytes() throws IOException {
        byte[] rows = {(byte) 0xFF, 0, (byte) 0xE9, '\n'};
        byte[] script = new byte[19 + rows.length + 3];
        System.arraycopy("COPY t FROM stdin;\n".getBytes(UTF_8), 0, script, 0, 19);
        System.arraycopy(rows, 0, script, 19, rows.length);
        System.arraycopy("\\.\n".getBytes(UTF_8), 0, script, 19 + rows.length, 3);
        try (ScriptReader reader = open(script, ScriptSection.WHOLE)) {
            reader.next();
            assertThat(reader.copyData().readAllBytes()).isEqualTo(rows);
            assertThat(reader.copyData().read()).isEqualTo(-1);
        }
    }

    @Test
    void theFirstRowHasALineAndStatementsBelowStillKnowTheirs() {
        try (ScriptReader reader =
                open("-- x\nCOPY t\nFROM stdin; SELECT 1;\n1\n2\n\\.\nSELECT 2", ScriptSection.WHOLE)) {
            reader.next();
            assertThat(reader.copyDataLine()).isEqualTo(4);
            assertThat(Objects.requireNonNull(reader.next()).start()).isEqualTo(new SourcePosition(3, 13, 24));
            assertThat(Objects.requireNonNull(reader.next()).start()).isEqualTo(new SourcePosition(7, 1, 41));
        }
    }

    @Test
    void otherStatementsHaveNoRows() {
        try (ScriptReader reader = open("SELECT 1", ScriptSection.WHOLE)) {
            assertThatIllegalStateException().isThrownBy(reader::copyData);
        }
    }
}
