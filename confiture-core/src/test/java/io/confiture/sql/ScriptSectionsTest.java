package io.confiture.sql;

import static io.confiture.sql.Scripts.open;
import static io.confiture.sql.Scripts.texts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.confiture.error.ErrorCode;
import io.confiture.error.SqlScriptException;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts with parts to go up and to go down. */
class ScriptSectionsTest {
    private static final String SCRIPT =
            "-- A comment\n-- migrate:up\nCREATE TABLE a ();\nSELECT '\n-- migrate:down\n';\n"
                    + "\n  --  migrate:down  \r\nCOPY t FROM stdin;\n-- migrate:up\n\\.\nDROP TABLE a;\n";

    @Test
    void areReadOneByOne() {
        assertThat(texts(SCRIPT, ScriptSection.UP))
                .containsExactly("CREATE TABLE a ()", "SELECT '\n-- migrate:down\n'");
        assertThat(texts(SCRIPT, ScriptSection.DOWN)).containsExactly("COPY t FROM stdin", "DROP TABLE a");
        assertThat(texts(SCRIPT, ScriptSection.WHOLE)).hasSize(4);
    }

    @Test
    void haveRanges() {
        ScriptSections sections = scan(SCRIPT);
        assertThat(sections.marked()).isTrue();
        assertThat(range(SCRIPT, sections.upStart(), sections.upEnd()))
                .startsWith("CREATE TABLE")
                .endsWith("';\n\n  ");
        assertThat(range(SCRIPT, sections.downStart(), sections.downEnd()))
                .startsWith("COPY")
                .endsWith("a;\n");
    }

    @Test
    void withoutMarkersAllIsUp() {
        String script = "\uFEFFSELECT 1;";
        assertThat(texts(script, ScriptSection.UP)).containsExactly("SELECT 1");
        assertThat(texts(script, ScriptSection.DOWN)).isEmpty();
        assertThat(scan(script)).isEqualTo(new ScriptSections(false, 0, 12, -1, -1));
    }

    @Test
    void theDownSectionMayBeMissingOrEmpty() {
        assertThat(scan("-- migrate:up\nSELECT 1;")).isEqualTo(new ScriptSections(true, 14, 23, -1, -1));
        assertThat(scan("-- migrate:up\n-- migrate:down")).isEqualTo(new ScriptSections(true, 14, 14, 29, 29));
    }

    @Test
    void aMarkerInABodyDoesNotCount() {
        String script = "-- migrate:up\nCREATE FUNCTION f() RETURNS int BEGIN ATOMIC\n-- migrate:down\nSELECT 1; END;"
                + " /*\n-- migrate:down\n*/ DO $$\n-- migrate:down\n$$";
        assertThat(texts(script, ScriptSection.UP)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-- migrate:up transaction:false | 1 | 1 | text behind the marker",
                "-- migrate:upp | 1 | 1 | unknown marker",
                "-- migrate: | 1 | 1 | unknown marker",
                "-- migrate:up~-- migrate:up | 2 | 1 | a second -- migrate:up",
                "-- migrate:up~-- migrate:down~-- migrate:down | 3 | 1 | a second -- migrate:down",
                "-- migrate:up~-- migrate:down~-- migrate:up | 3 | 1 | behind -- migrate:down",
                "-- migrate:down | 1 | 1 | without -- migrate:up",
                "SELECT 1;~-- migrate:up | 1 | 1 | a statement above",
                "-- migrate:up~SELECT 1; -- migrate:down | 2 | 11 | behind something else",
                "-- migrate:up~SELECT 1 -- migrate:down | 2 | 10 | behind something else",
            })
    void mistakesAreNamed(String script, int line, int column, String problem) {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> scan(script.replace('~', '\n')))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SCRIPT_SYNTAX);
                    assertThat(e.problem()).contains(problem);
                    assertThat(List.of(e.line(), e.column())).containsExactly(line, column);
                });
    }

    @Test
    void optionsOfOtherToolsAreTranslated() {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> scan("-- migrate:up transaction:false"))
                .satisfies(e -> assertThat(e.hint()).contains("-- confiture: transactional=false"));
    }

    @Test
    void aMarkerEndsAStatementWithoutSemicolon() {
        String script = "-- migrate:up\nSELECT 1 -- x\n-- migrate:down\nSELECT (2\n";
        assertThat(texts(script, ScriptSection.UP)).containsExactly("SELECT 1");
        assertThat(texts(script, ScriptSection.DOWN)).containsExactly("SELECT (2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-- migrate:up | 1:1",
                "SELECT 1;~ /* x */ --  migrate: down  ~SELECT 2 | 2:10",
                "SELECT 1~-- migrate:down | 2:1",
                "-- migrate:up transaction:false | 1:1",
                "-- migrate:up~-- migrate:down | 1:1",
                "COPY t FROM stdin;~-- migrate:up~\\.~-- migrate:down | 4:1",
                "-- migrate: users table |",
                "-- migrate: down the road |",
                "-- migrate:upper |",
                "-- migrate:dwon |",
                "-- see migrate:down |",
                "SELECT 1; -- migrate:down |",
                "SELECT '~-- migrate:down~', $$~-- migrate:down~$$; /*~-- migrate:down~*/ |",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC~-- migrate:down~SELECT 1; END |",
            })
    void areNotedInAScriptThatHasNone(String script, String place) {
        try (ScriptReader reader = open(script.replace('~', '\n'), ScriptSection.WHOLE)) {
            while (reader.next() != null) {
                // Only the marker matters.
            }
            SourcePosition marker = reader.ignoredMarker();
            assertThat(marker == null ? null : marker.line() + ":" + marker.column())
                    .isEqualTo(place);
        }
    }

    private ScriptSections scan(String script) {
        return ScriptSections.scan(Scripts.FILE, new ByteArrayInputStream(script.getBytes(UTF_8)));
    }

    private String range(String script, long from, long to) {
        return new String(script.getBytes(UTF_8), (int) from, (int) (to - from), UTF_8);
    }
}
