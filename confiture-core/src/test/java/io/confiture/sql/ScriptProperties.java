package io.confiture.sql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.SqlScriptException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for any bytes given as a script: only the declared exception escapes; statements, rows and what lies between
 * them are the script, byte for byte; places are where they say; it does not matter how the bytes arrive.
 */
final class ScriptProperties {
    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

    /** @param error null if the script could be read to its end */
    record Outcome(List<String> statements, @Nullable String error) {}

    private final byte[] script;
    private final String bytes;
    private final List<String> statements = new ArrayList<>();
    /** Rows read whose place in the script is still to come. */
    private final List<String> rows = new ArrayList<>();

    private int passed;

    private ScriptProperties(byte[] script) {
        this.script = script;
        this.bytes = new String(script, ISO_8859_1);
    }

    /** Reads the script in every way and throws an {@link AssertionError} where a property does not hold. */
    static Outcome check(byte[] script) {
        for (ScriptSection section : List.of(ScriptSection.UP, ScriptSection.DOWN)) {
            Outcome sections = new ScriptProperties(script).read(new ByteArrayInputStream(script), section);
            assertThat(new ScriptProperties(script).read(new Trickle(script), section))
                    .isEqualTo(sections);
        }
        Outcome outcome = new ScriptProperties(script).read(new ByteArrayInputStream(script), ScriptSection.WHOLE);
        assertThat(new ScriptProperties(script).read(new Trickle(script), ScriptSection.WHOLE))
                .isEqualTo(outcome);
        return outcome;
    }

    private Outcome read(InputStream in, ScriptSection section) {
        boolean whole = section == ScriptSection.WHOLE;
        SqlStatement last = null;
        try (ScriptReader reader = ScriptReader.open("any.sql", in, section)) {
            statements.add(reader.directives().toString());
            for (SqlStatement next = reader.next(); next != null; next = reader.next()) {
                last = next;
                checkText(next);
                if (whole) {
                    checkGap((int) next.start().offset());
                    checkAlone(next);
                }
                passed = (int) next.endOffset();
                statements.add(next.start() + " " + next + " " + next.effect() + " " + next.changesSession() + " "
                        + PlainQuery.objection(next));
                if (next.copiesIn() && (whole || passed % 2 == 0)) {
                    rows.add(new String(reader.copyData().readAllBytes(), ISO_8859_1));
                    statements.add(rows.get(rows.size() - 1));
                }
            }
            if (whole) {
                checkGap(script.length);
                assertThat(rows).as("rows that are nowhere").isEmpty();
            }
            return new Outcome(statements, null);
        } catch (SqlScriptException e) {
            checkPlace(e, last);
            return new Outcome(statements, e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkText(SqlStatement statement) {
        int start = (int) statement.start().offset();
        byte[] text = statement.text().getBytes(UTF_8);
        int end = (int) statement.endOffset();
        assertThat(text).isNotEmpty();
        assertThat(new String(script, start, text.length, UTF_8)).isEqualTo(statement.text());
        assertThat(start).isGreaterThanOrEqualTo(passed);
        assertThat(end - start - text.length).isBetween(0, 1);
        if (end > start + text.length) {
            assertThat(script[end - 1]).isEqualTo((byte) ';');
        }
        assertThat(statement.start()).isEqualTo(place(start));
        SourcePosition behind = place(start + text.length);
        assertThat(statement.locate(Integer.MAX_VALUE)).isEqualTo(behind);
        PlainQuery.objection(statement)
                .ifPresent(objection ->
                        assertThat(objection.at().offset()).isBetween((long) start, (long) start + text.length));
    }

    /** What lies between the statement before and an offset is nothing, or rows that were read. */
    private void checkGap(int end) {
        String gap = bytes.substring(passed, end);
        if (passed == 0 && gap.startsWith(BYTE_ORDER_MARK)) {
            gap = gap.substring(BYTE_ORDER_MARK.length());
        }
        int line = gap.indexOf('\n') + 1;
        if (!rows.isEmpty() && (line > 0 || end == script.length)) {
            line = line > 0 ? line : gap.length();
            assertThat(Gap.isNothing(gap.substring(0, line)))
                    .as("nothing: %s", gap)
                    .isTrue();
            gap = gap.substring(line);
            for (String block : rows) {
                assertThat(gap).startsWith(block + "\\.");
                gap = gap.substring(block.length() + 2);
                assertThat(gap).matches("(?s)\r?(\n.*)?");
                gap = gap.substring(gap.indexOf('\n') < 0 ? gap.length() : gap.indexOf('\n') + 1);
            }
            rows.clear();
        }
        assertThat(Gap.isNothing(gap)).as("nothing: %s", gap).isTrue();
    }

    /** Each statement is one statement by itself, and means the same. */
    private static void checkAlone(SqlStatement statement) {
        if (!statement.copiesIn()) {
            byte[] text = statement.text().getBytes(UTF_8);
            boolean terminated = statement.endOffset() > statement.start().offset() + text.length;
            List<SqlStatement> again = Scripts.statements("\n" + statement.text() + (terminated ? ";" : ""));
            assertThat(again).hasSize(1);
            assertThat(again.get(0).text()).isEqualTo(statement.text());
            assertThat(again.get(0).effect()).isEqualTo(statement.effect());
        }
    }

    private void checkPlace(SqlScriptException e, @Nullable SqlStatement last) {
        String[] lines = bytes.split("\n", -1);
        assertThat(e.line()).isBetween(1, lines.length);
        assertThat(e.column()).isBetween(1, lines[e.line() - 1].length() + 1);
        if (String.valueOf(e.getMessage()).contains("rows never end") && last != null) {
            assertThat(e.line()).isEqualTo(last.start().line());
            assertThat(e.column()).isEqualTo(last.start().column());
            assertThat(last.copiesIn()).isTrue();
        }
    }

    /** Counted anew, from the first byte. */
    private SourcePosition place(int offset) {
        int line = 1;
        int column = 1;
        for (int i = bytes.startsWith(BYTE_ORDER_MARK) ? 3 : 0; i < offset; i++) {
            if (script[i] == '\n') {
                line++;
                column = 1;
            } else if ((script[i] & 0xC0) != 0x80) {
                column++;
            }
        }
        return new SourcePosition(line, column, offset);
    }

    /** Gives one byte at a time, each once. */
    private static final class Trickle extends InputStream {
        private final byte[] bytes;
        private int at;

        Trickle(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return at < bytes.length ? bytes[at++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int b = read();
            if (b < 0) {
                return -1;
            }
            target[offset] = (byte) b;
            return 1;
        }
    }
}
