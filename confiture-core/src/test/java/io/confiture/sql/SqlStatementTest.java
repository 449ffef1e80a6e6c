package io.confiture.sql;

import static io.confiture.sql.Scripts.one;
import static io.confiture.sql.Scripts.statements;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlStatementTest {

    @Test
    void startsCountCharactersAndBytes() {
        List<SqlStatement> statements = statements("SELECT 'é€😀'; SELECT 2;\r\n\t-- ü\r\n\tSELECT 3");
        assertThat(statements)
                .extracting(SqlStatement::start)
                .containsExactly(
                        new SourcePosition(1, 1, 0), new SourcePosition(1, 15, 20), new SourcePosition(3, 2, 40));
    }

    @Test
    void aByteOrderMarkCountsInTheOffsetOnly() {
        assertThat(one("\uFEFFSELECT 1").start()).isEqualTo(new SourcePosition(1, 1, 3));
    }

    @Test
    void theEndIsBehindTheSemicolonOrTheText() {
        assertThat(statements("SELECT 1 ; SELECT 2 -- x"))
                .extracting(SqlStatement::endOffset)
                .containsExactly(10L, 19L);
    }

    @Test
    void statementsAndGapsMakeUpTheScript() {
        String script = "\uFEFF-- é\nSELECT 'é'; /* ü */;;\nCOPY t FROM stdin; SELECT 2; -- y\n1\n\\.\nSELECT 3\n\n";
        byte[] bytes = script.getBytes(UTF_8);
        StringBuilder joined = new StringBuilder();
        int at = 0;
        for (SqlStatement statement : statements(script)) {
            int start = Math.toIntExact(statement.start().offset());
            int end = Math.toIntExact(statement.endOffset());
            joined.append(new String(bytes, at, start - at, UTF_8)).append(statement.text());
            joined.append(bytes[end - 1] == ';' ? ";" : "");
            at = end;
        }
        joined.append(new String(bytes, at, bytes.length - at, UTF_8));
        assertThat(joined.toString()).isEqualTo(script);
    }

    @Test
    void locatesWhatTheServerReports() {
        SqlStatement statement = one("-- é\n  SELECT 'é😀',\n\tfehler;");
        assertThat(statement.locate(1)).isEqualTo(statement.start()).isEqualTo(new SourcePosition(2, 3, 8));
        assertThat(statement.locate(8)).isEqualTo(new SourcePosition(2, 10, 15));
        assertThat(statement.locate(14)).isEqualTo(new SourcePosition(3, 1, 25));
        assertThat(statement.locate(15)).isEqualTo(new SourcePosition(3, 2, 26));
    }

    @Test
    void locatesNothingOutsideTheStatement() {
        SqlStatement statement = one("SELECT\n1");
        assertThat(statement.locate(0)).isEqualTo(statement.start());
        assertThat(statement.locate(99)).isEqualTo(new SourcePosition(2, 2, 8));
    }

    @Test
    void locatesInTextWithWindowsLineEnds() {
        assertThat(one("SELECT\r\n  x").locate(11)).isEqualTo(new SourcePosition(2, 3, 10));
    }

    @Test
    void theExcerptIsCutBetweenCharacters() {
        String shortText = "SELECT '" + "😀".repeat(491) + "'";
        assertThat(one(shortText).excerpt()).isEqualTo(shortText);
        assertThat(one("SELECT '" + "😀".repeat(500) + "'").excerpt()).isEqualTo("SELECT '" + "😀".repeat(492) + " …");
    }

    @Test
    void tellsItsPlaceAndText() {
        assertThat(one("\nSELECT 1")).hasToString("script.sql:2:1: SELECT 1");
    }
}
